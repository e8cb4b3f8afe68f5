/** What the run ran on: for the report, and for whoever wonders why it went differently elsewhere. */
import { arch, cpus, freemem, loadavg, platform, release, totalmem } from "node:os";
import type { Json } from "../proto/json.ts";

/** Where a run comes from. */
export interface Origin {
  /** The command that runs the same scenario and seed again. */
  readonly repeat: string;
  /** The scenario file, as an absolute path: models of the user's own are in it. */
  readonly scenarioFile: string;
  readonly scenarioExport: string;
  /** SHA-256 of that file, in hex. */
  readonly scenarioHash: string;
}

export function environmentOf(origin: Origin): Record<string, Json> {
  const processors = cpus();
  return {
    ...origin,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    processors: `${processors.length} x ${processors[0]?.model ?? "unknown"}`,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    freeMemoryMiB: Math.round(freemem() / 2 ** 20),
    load: loadavg().map((value) => Math.round(value * 100) / 100),
    ci: (process.env["CI"] ?? "") !== "",
  };
}
