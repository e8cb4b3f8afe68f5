/** Measures one case of the bench of the checker: writes its file, runs each way in a process of its own, deletes it. */
import { execFile } from "node:child_process";
import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Case } from "./checker-cases.ts";
import { writeHistory } from "./checker-history.ts";
import type { Measurement, Way } from "./checker-measure.ts";
import type { Measured } from "./checker-report.ts";
import { inTurn, progress } from "./frame.ts";
import { closing } from "./lifetime.ts";

export interface Effort {
  /** How often each way is measured. */
  turns(one: Case): number;
  /** More than that, a measurement is ended. */
  readonly giveUpMs: number;
}

/** The search for comparison is not asked to do more than this, and only once. */
const MOST_SEARCHED = 1e4;
const BYTES_OF_AN_OPERATION = 420;

export async function measureCase(directory: string, of: Case, effort: Effort): Promise<Measured> {
  const needed = of.operations * BYTES_OF_AN_OPERATION;
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < 2 * needed)
    return { of, bytes: 0, by: {}, failure: `needs ${(needed / 2 ** 30).toFixed(1)} GiB of disk` };
  const path = join(directory, "history.jsonl");
  progress(`writing ${of.name}`);
  try {
    const bytes = writeHistory(path, { ...of, seed: seedOf(of.name) });
    return await measureAll(path, bytes, of, effort);
  } finally {
    await rm(path, { force: true });
  }
}

async function measureAll(
  path: string,
  bytes: number,
  of: Case,
  { turns, giveUpMs }: Effort,
): Promise<Measured> {
  const by: { [W in Way]?: Measurement[] } = {};
  const add = async (way: Way): Promise<void> => {
    progress(`${way}: ${of.name}`);
    const result = await measure(way, of, path, giveUpMs);
    check(way, of, result);
    by[way] = [...(by[way] ?? []), result];
  };
  const ours = of.hard ? "budget" : "checker";
  try {
    for (let turn = 0; turn < turns(of); turn++)
      await inTurn(turn, [() => add(ours), () => add("parse")]);
    if (of.family === "register" && of.operations <= MOST_SEARCHED) await add("search");
    return { of, bytes, by };
  } catch (error) {
    // A procedure that takes too long or dies is a result; a wrong verdict is not.
    if (!(error instanceof Unfinished)) throw error;
    return { of, bytes, by: {}, failure: error.message };
  }
}

/** A measurement that did not come to its end. */
class Unfinished extends Error {}

function check(way: Way, { name, violated }: Case, { verdict, fault }: Measurement): void {
  if (fault !== undefined) throw new Error(`${name}: a proof does not hold: ${fault}`);
  if (way === "parse") return;
  const truth = violated ? "invalid" : "valid";
  if (verdict !== truth && verdict !== "unknown")
    throw new Error(`${way} says ${verdict} of ${name}`);
}

const program = fileURLToPath(new URL("checker-measure.js", import.meta.url));

/** In a process of its own, which ends with the bench. */
async function measure(
  way: Way,
  { family }: Case,
  path: string,
  giveUpMs: number,
): Promise<Measurement> {
  const stop = new AbortController();
  const options = { signal: stop.signal, timeout: giveUpMs, killSignal: "SIGKILL" } as const;
  const running = promisify(execFile)(process.execPath, [program, way, family, path], options);
  let stdout: string;
  try {
    ({ stdout } = await closing(
      async () => stop.abort(),
      () => running,
    ));
  } catch (error) {
    const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: string };
    const why = /^.*(?:Error|FATAL).*$/m.exec(stderr ?? "")?.[0] ?? "it died";
    throw new Unfinished(killed === true ? `${way} took over ${giveUpMs / 1000} s` : why, {
      cause: error,
    });
  }
  return JSON.parse(stdout) as Measurement;
}

/** The same name has the same file. */
function seedOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = Math.imul(hash, 31) + (character.codePointAt(0) ?? 0);
  return hash & 0x7fff_ffff;
}
