/**
 * History files for the bench of the checker, as the recorder writes them: clients of one register (or a few), each
 * operation taking effect at one instant between its invocation and its completion, so that the history is valid by
 * construction; on request with one read that answers what was overwritten. The same seed gives the same bytes.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { HISTORY_SCHEMA } from "../proto/history.ts";
import { encodeLine } from "../proto/history-codec.ts";

export interface HistoryShape {
  readonly seed: number;
  readonly operations: number;
  /** How many clients there are; each always has an operation open. */
  readonly concurrency: number;
  /** Of 100 operations how many get no answer. */
  readonly lost: number;
  readonly keys: number;
  /** Whether one read, three quarters through, answers an old value. */
  readonly stale: boolean;
}

const BATCH = 1 << 20;
const NODES = 3;
/** The first of the lines on nodes' stamps. */
const EPOCH = 1_795_251_768_948_396_000n;

interface Pending {
  readonly f: "read" | "write";
  readonly key: number;
  readonly process: number;
  readonly request: number;
  value: number;
  applied: boolean;
  /** Answers an overwritten value; such an answer is not lost. */
  stale: boolean;
}

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
  const random = xoroshiro128plus(shape.seed);
  const draw = (most: number): number => uniformInt(random, 0, most);
  const state = new Array<number>(shape.keys).fill(0);
  /** The first acknowledged value of each key. */
  const first = new Array<number>(shape.keys).fill(0);
  const open: (Pending | undefined)[] = new Array(shape.concurrency).fill(undefined);
  const processes = open.map((_, slot) => slot);
  let [index, time, begun, ended, fresh] = [0, 0, 0, 0, shape.concurrency];
  let owed = shape.stale;
  while (ended < shape.operations) {
    const slot = draw(shape.concurrency - 1);
    const pending = open[slot];
    time += 1 + draw(200_000);
    if (pending === undefined) {
      if (begun === shape.operations) continue;
      begun += 1;
      const f = draw(1) === 0 ? "write" : "read";
      const process = processes[slot] ?? 0;
      const invoked = {
        f,
        key: draw(shape.keys - 1),
        process,
        request: begun,
        value: begun,
        applied: false,
        stale: false,
      } as const;
      open[slot] = { ...invoked };
      yield invocation(invoked, index++, time);
    } else if (!pending.applied) {
      pending.applied = true;
      if (pending.f === "write") {
        state[pending.key] = pending.value;
      } else {
        pending.value = state[pending.key] ?? 0;
        const oldest = first[pending.key] ?? 0;
        if (owed && begun > shape.operations * 0.75 && oldest !== pending.value) {
          pending.value = oldest;
          pending.stale = true;
          owed = false;
        }
      }
    } else {
      open[slot] = undefined;
      ended += 1;
      const lost = draw(99) < shape.lost && !pending.stale;
      if (lost) processes[slot] = fresh++;
      // One that was never acknowledged could still take effect just before it is read again.
      else if (pending.f === "write") first[pending.key] ||= pending.value;
      yield completion(pending, lost, index++, time);
    }
  }
}

function invocation(
  { f, value, process, key, request }: Pending,
  index: number,
  time: number,
): string {
  const written = f === "write" ? value : null;
  const node = (process % NODES) + 1;
  return `{"type":"invoke","value":${written},"process":${process},"f":"${f}","key":"k${key}","node":"n${node}","request":"r${request}","index":${index},"time":${time}}\n`;
}

function completion(op: Pending, lost: boolean, index: number, time: number): string {
  const { f, process, key, request } = op;
  const node = (process % NODES) + 1;
  const head = `{"process":${process},"f":"${f}","key":"k${key}","node":"n${node}","request":"r${request}"`;
  const tail = `"index":${index},"time":${time}}\n`;
  const value = op.value === 0 || (lost && f === "read") ? null : op.value;
  if (lost) return `${head},"type":"info","value":${value},"error":"no answer in time",${tail}`;
  const stamp = EPOCH + BigInt(time);
  return `${head},"type":"ok","value":${value},"seen":{"stamp":"${stamp}","by":"n1","clock":"wall","served":"n${node}"},${tail}`;
}
