/**
 * A process's memory as the kernel counts it, in MiB. RSS counts pages shared with other processes (Node's own code)
 * in full; PSS counts of each its share, so that a cluster's nodes add up.
 */
import { readFile } from "node:fs/promises";

export interface Memory {
  /** `undefined` where the kernel does not tell. */
  readonly pss: number | undefined;
  readonly rss: number | undefined;
}

export async function memoryOf(pid: number): Promise<Memory> {
  return {
    pss: await mebibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m),
    rss: await mebibytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m),
  };
}

async function mebibytes(path: string, line: RegExp): Promise<number | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const found = line.exec(text)?.[1];
  return found === undefined ? undefined : Number(found) / 1024;
}
