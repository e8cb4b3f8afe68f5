/**
 * One measurement of the bench of the checker, in a process of its own: `node checker-measure.js <way> <family> <file>`
 * prints one line of JSON. Ways: `checker` from the file to verdicts with their proofs, `budget` the same with few steps
 * for the search, `parse` only JSON.parse of the lines, `search` the search that the bench has for comparison.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type Columns, partsByKey } from "../checker/history/columns.ts";
import { HistoryReader } from "../checker/history/ingest.ts";
import { route } from "../checker/linearizability/router.ts";
import { objectOf, type SequentialObject } from "../checker/models/catalogue.ts";
import { casRegister, type ModelSpec, queue, register, set } from "../checker/models/model-spec.ts";
import type { Budget } from "../checker/search/index.ts";
import { searchLinearization } from "./checker-search.ts";
import { FAMILIES, type Family } from "./checker-subjects.ts";

export const WAYS = ["checker", "budget", "parse", "search"] as const;
export type Way = (typeof WAYS)[number];

export interface Measurement {
  readonly ms: number;
  /** Until the columns are there; the rest is judging. */
  readonly readMs?: number;
  /** The most memory that was resident, above what it was before, in MiB. */
  readonly peakMiB: number;
  readonly verdict: string;
  readonly route?: string;
  /** What is wrong with a proof. */
  readonly fault?: string;
}

const SPECS: Readonly<Record<Family, ModelSpec>> = {
  register: register(),
  queue: queue(),
  set: set(),
  "grow-set": set(),
  "cas-register": casRegister(),
};

const CHUNK = 1 << 19;
const FEW_STEPS = {
  ...{ steps: 50_000, remembered: 200_000, stall: 5_000 },
  ...{ frontierSteps: 50_000, breadth: 5_000 },
};

async function measure(way: Way, family: Family, path: string): Promise<Measurement> {
  // Loaded before the clock runs.
  const work = await workOf(way, family);
  const before = process.memoryUsage().rss;
  const beganAt = performance.now();
  const { readAt, ...result } = work(path);
  const endedAt = performance.now();
  const peakMiB = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20;
  const read = readAt === undefined ? {} : { readMs: readAt - beganAt };
  return { ms: endedAt - beganAt, ...read, peakMiB, ...result };
}

type Result = Omit<Measurement, "ms" | "readMs" | "peakMiB"> & { readonly readAt?: number };

async function workOf(way: Way, family: Family): Promise<(path: string) => Result> {
  if (way === "parse") return parse;
  if (way === "search") return search;
  const object = objectOf(SPECS[family]);
  return (path) => judge(path, object, way === "budget" ? FEW_STEPS : {});
}

/** As a user has it: the router chooses, and no verdict counts that has not been verified. */
function judge(path: string, object: SequentialObject, budget: Partial<Budget>): Result {
  const columns = readColumns(path);
  const readAt = performance.now();
  const decisions = partsByKey(columns).map((part) => route(part, object, budget).decision);
  const verdict = merged(decisions.map((decision) => decision.verdict));
  const decisive = decisions.find((decision) => decision.verdict === verdict) ?? decisions[0];
  const reason = decisive?.verdict === "unknown" ? decisive.reason : "";
  return {
    verdict,
    route: decisive?.route ?? "none",
    readAt,
    ...(reason.includes("BUG") ? { fault: reason } : {}),
  };
}

function readColumns(path: string): Columns {
  const file = openSync(path, "r");
  try {
    const reader = new HistoryReader(fstatSync(file).size);
    const chunk = new Uint8Array(CHUNK);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      reader.feed(chunk.subarray(0, read));
    return reader.end().columns;
  } finally {
    closeSync(file);
  }
}

/** The floor: nothing but `JSON.parse` of each line, whose result is thrown away. */
function parse(path: string): Result {
  const file = openSync(path, "r");
  let lines = 0;
  try {
    let chunk = Buffer.alloc(CHUNK);
    let kept = 0;
    for (;;) {
      // A line longer than the buffer needs a larger one.
      if (kept === chunk.length) chunk = Buffer.concat([chunk], chunk.length * 2);
      const end = kept + readSync(file, chunk, kept, chunk.length - kept, null);
      if (end === kept) return { verdict: `${lines} lines` };
      let at = 0;
      for (let to = chunk.indexOf(10); to >= 0 && to < end; to = chunk.indexOf(10, at)) {
        if (typeof JSON.parse(chunk.toString("latin1", at, to)) === "object") lines += 1;
        at = to + 1;
      }
      chunk.copyWithin(0, at, end);
      kept = end - at;
    }
  } finally {
    closeSync(file);
  }
}

function search(path: string): Result {
  const verdicts = partsByKey(readColumns(path)).map((part) => searchLinearization(part));
  return { verdict: merged(verdicts) };
}

function merged(verdicts: readonly string[]): string {
  return ["invalid", "unknown", "inapplicable"].find((one) => verdicts.includes(one)) ?? "valid";
}

const [way, family, path] = process.argv.slice(2);
const knownWay = WAYS.find((one) => one === way);
const knownFamily = FAMILIES.find((one) => one === family);
if (knownWay === undefined || knownFamily === undefined || path === undefined)
  throw new Error("usage: checker-measure WAY FAMILY FILE");
console.log(JSON.stringify(await measure(knownWay, knownFamily, path)));
