/**
 * History files for the bench of the checker, as the recorder writes them: clients of one object (or a few), each
 * operation taking effect at one instant between its invocation and its completion, so that the history is valid by
 * construction; on request with one planted violation. The same shape gives the same bytes.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { HISTORY_SCHEMA } from "../proto/history.ts";
import { encodeLine } from "../proto/history-codec.ts";
import { type Family, type Pending, subjectOf } from "./checker-subjects.ts";

export interface HistoryShape {
  readonly seed: number;
  readonly family: Family;
  readonly operations: number;
  /** How many clients there are; each always has an operation open. */
  readonly concurrency: number;
  /** How many operations get no answer: of a hundred, or in all. */
  readonly lost: { readonly percent: number } | { readonly replies: number };
  readonly keys: number;
  /** Whether there is one planted violation, three quarters through. */
  readonly violated: boolean;
}

const BATCH = 1 << 20;
const NODES = 3;
/** Where the nodes' stamps begin, in nanoseconds: millions of millions, and the rest. */
const EPOCH = { high: 1_795_251, low: 768_948_396_000 };
const MILLION_MILLIONS = 1e12;

/** @returns how many bytes it has. */
export function writeHistory(path: string, shape: HistoryShape): number {
  const file = openSync(path, "wx");
  let text = encodeLine({
    testbed: "history",
    schema: HISTORY_SCHEMA,
    scenario: "bench",
    seed: shape.seed,
    versions: {},
  });
  let bytes = 0;
  try {
    for (const line of lines(shape)) {
      text += line;
      if (text.length < BATCH) continue;
      bytes += writeSync(file, text);
      text = "";
    }
    return bytes + writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function* lines(shape: HistoryShape): Generator<string> {
  const { operations, concurrency } = shape;
  const random = xoroshiro128plus(shape.seed);
  // Evenly enough, and several times as fast as exactly so.
  const draw = (most: number): number => Math.floor(((random.next() >>> 0) / 2 ** 32) * (most + 1));
  const subject = subjectOf(shape.family, { ...shape, draw });
  const isLost = lossOf(shape, draw);
  const open: (Pending | undefined)[] = new Array(concurrency).fill(undefined);
  const processes = open.map((_, slot) => slot);
  let [index, time, begun, ended, fresh] = [0, 0, 0, 0, concurrency];
  let planted: Pending | undefined;
  // Until the wrong answer is out, clients do nothing that might explain it.
  let owed = shape.violated;
  while (ended < operations) {
    const slot = draw(concurrency - 1);
    const pending = open[slot];
    time += 1 + draw(200_000);
    if (pending === undefined) {
      if (begun === operations) continue;
      begun += 1;
      const due = owed && begun > operations * 0.75;
      const key = draw(shape.keys - 1);
      const asked = subject.request(key, begun, due);
      const process = processes[slot] ?? 0;
      const invoked = { ...asked, key, process, request: begun, invoked: index, applied: false };
      open[slot] = invoked;
      yield invocation(invoked, index++, time);
    } else if (!pending.applied) {
      pending.applied = true;
      const due = owed && planted === undefined && begun > operations * 0.75;
      if (due && subject.plant(pending)) {
        planted = pending;
        pending.kept = true;
      } else pending.answer = subject.apply(pending);
    } else {
      open[slot] = undefined;
      ended += 1;
      if (pending === planted) owed = false;
      const lost = !pending.kept && isLost(ended);
      if (lost) processes[slot] = fresh++;
      else subject.acknowledged(pending, index);
      yield completion(pending, lost, index++, time);
    }
  }
  if (owed) throw new Error(`no place for a violation in ${operations} operations`);
}

/** Whether the answer of the operation that is the so-manieth to end is lost, if it may be. */
function lossOf(
  { lost, operations }: HistoryShape,
  draw: (most: number) => number,
): (ended: number) => boolean {
  if ("percent" in lost) return () => draw(99) < lost.percent;
  let left = lost.replies;
  return (ended) => {
    const due = ended > (operations * (lost.replies - left)) / lost.replies;
    if (left === 0 || !due) return false;
    left -= 1;
    return true;
  };
}

function invocation(op: Pending, index: number, time: number): string {
  const { f, input, process, key, request } = op;
  const node = (process % NODES) + 1;
  return `{"type":"invoke","value":${input},"process":${process},"f":"${f}","key":"k${key}","node":"n${node}","request":"r${request}","index":${index},"time":${time}}\n`;
}

function completion(op: Pending, lost: boolean, index: number, time: number): string {
  const { f, process, key, request, input, answer } = op;
  const node = (process % NODES) + 1;
  const head = `{"process":${process},"f":"${f}","key":"k${key}","node":"n${node}","request":"r${request}"`;
  const tail = `"index":${index},"time":${time}}\n`;
  if (lost) return `${head},"type":"info","value":${input},"error":"no answer in time",${tail}`;
  const seen = `"seen":{"stamp":"${stampAt(time)}","by":"n1","clock":"wall","served":"n${node}"}`;
  const type = answer === undefined ? "fail" : "ok";
  return `${head},"type":"${type}","value":${answer ?? input},${seen},${tail}`;
}

function stampAt(time: number): string {
  const rest = EPOCH.low + time;
  const high = EPOCH.high + Math.floor(rest / MILLION_MILLIONS);
  return `${high}${String(rest % MILLION_MILLIONS).padStart(12, "0")}`;
}
