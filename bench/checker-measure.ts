/**
 * One measurement of the bench of the checker, in a process of its own: `node checker-measure.js <way> <file>` prints
 * one line of JSON. Ways: `columns` from the file to verdicts, `parse` only JSON.parse of its lines, `objects` the
 * engine that reads objects, `search` the search that the bench has for comparison.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { partsByKey } from "../checker/history/columns.ts";
import { HistoryReader, type Recorded } from "../checker/history/ingest.ts";
import { byKey } from "../checker/keys.ts";
import { judgeKey } from "../checker/linearizability/judge.ts";
import { register, registerModel } from "../checker/models/register.ts";
import { zones } from "../checker/register/zones.ts";
import { decodeHistory } from "../proto/history-codec.ts";
import { operationsOf } from "../proto/operation.ts";
import { searchLinearization } from "./checker-search.ts";

export const WAYS = ["columns", "parse", "objects", "search"] as const;
export type Way = (typeof WAYS)[number];

export interface Measurement {
  readonly ms: number;
  /** Until the columns are there; the rest is judging. */
  readonly readMs?: number;
  /** The most memory that was resident, above what it was before, in MiB. */
  readonly peakMiB: number;
  readonly verdict: string;
}

const CHUNK = 1 << 18;

function measure(way: Way, path: string): Measurement {
  const before = process.memoryUsage().rss;
  const beganAt = performance.now();
  const { verdict, readAt } = { columns, parse, objects, search }[way](path);
  const endedAt = performance.now();
  const peakMiB = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20;
  const read = readAt === undefined ? {} : { readMs: readAt - beganAt };
  return { ms: endedAt - beganAt, ...read, peakMiB, verdict };
}

interface Result {
  readonly verdict: string;
  readonly readAt?: number;
}

function columns(path: string): Result {
  const recorded = readColumns(path);
  const readAt = performance.now();
  const verdicts = partsByKey(recorded.columns).map((part) => zones(part, null).verdict);
  return { verdict: merged(verdicts), readAt };
}

function readColumns(path: string): Recorded {
  const file = openSync(path, "r");
  try {
    const reader = new HistoryReader(fstatSync(file).size);
    const chunk = new Uint8Array(CHUNK);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      reader.feed(chunk.subarray(0, read));
    return reader.end();
  } finally {
    closeSync(file);
  }
}

/** The floor: nothing but `JSON.parse` of each line, whose result is thrown away. */
function parse(path: string): Result {
  const file = openSync(path, "r");
  let lines = 0;
  try {
    const chunk = Buffer.alloc(CHUNK);
    let kept = 0;
    for (;;) {
      const end = kept + readSync(file, chunk, kept, CHUNK - kept, null);
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

function objects(path: string): Result {
  const model = registerModel(register());
  const operations = operationsOf(decodeHistory(readFileSync(path, "utf8")));
  const parts = [...byKey(operations).values()];
  return { verdict: merged(parts.map((part) => judgeKey(part, model, 1_000_000).verdict)) };
}

function search(path: string): Result {
  const recorded = readColumns(path);
  return { verdict: merged(partsByKey(recorded.columns).map((part) => searchLinearization(part))) };
}

function merged(verdicts: readonly string[]): string {
  return ["invalid", "unknown", "inapplicable"].find((one) => verdicts.includes(one)) ?? "valid";
}

const [way, path] = process.argv.slice(2);
const known = WAYS.find((one) => one === way);
if (known === undefined || path === undefined) throw new Error("usage: checker-measure WAY FILE");
console.log(JSON.stringify(measure(known, path)));
