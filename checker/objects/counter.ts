/**
 * Linearizability of a counter that is incremented by one and read exactly: exact, in the time of a sort and a heap.
 *
 * Reads of the same number form a group, and groups follow each other by number. Between two groups lies a slot, which
 * must receive exactly as many increments as the numbers differ. Real time gives each increment a first and a last
 * slot; filling the slots in order, earliest deadline first, succeeds whenever anything does (Jackson's rule for unit
 * jobs). The increment that ended first has the earliest deadline, and its order is the one of real time.
 *
 * Reads change nothing, so a certificate may leave them out. It may leave out increments too, for it counts: so many
 * lay between two reads, or so few had begun before one.
 */
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid, valid } from "./acts.ts";
import { refuteSlots } from "./counter-refute.ts";
import { RankHeap } from "./rank-heap.ts";
import { rankOrder, rankOrderOf } from "./rank-order.ts";

export const COUNTER = "counter";
const READ = 2;

export interface Counter {
  readonly acts: Acts;
  /** Operations by beginning. */
  readonly increments: Int32Array;
  readonly reads: Int32Array;
  /** Per operation: what a read answered. */
  readonly answer: Int32Array;
  readonly initial: number;
}

/** `add` or `increment` (input 1 or nothing) and `read` (output n). `sums`: a number that `add` answers is the sum. */
export function decideCounter(
  part: Part,
  initial = 0,
  { sums = true }: { readonly sums?: boolean } = {},
): Decision {
  const acts = actsOf(part, ["add", "increment"], ["read"]);
  if (typeof acts === "string") return inapplicable(COUNTER, acts);
  const { count, kind, input, output, end, row } = acts;
  const { values } = part.columns;
  const answer = new Int32Array(count);
  const [increments, reads] = [new Int32Array(count), new Int32Array(count)];
  let [added, asked] = [0, 0];
  // Holds only if nothing else than 1 is added, which is to be seen first.
  let strange: Decision | undefined;
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === READ) {
      const number = values.valueOf(at(output, op));
      if (typeof number !== "number" || !Number.isInteger(number) || number < initial)
        strange ??= invalid(COUNTER, "thin air", [at(row, op)]);
      else if (number > NEVER) return inapplicable(COUNTER, "a number is too large");
      else {
        answer[op] = number;
        reads[asked++] = op;
      }
    } else {
      const by = values.valueOf(at(input, op));
      if (by !== null && by !== 1) return inapplicable(COUNTER, "something else than 1 is added");
      if (sums && end[op] !== NEVER && typeof values.valueOf(at(output, op)) === "number")
        return inapplicable(COUNTER, "an increment answers a number");
      increments[added++] = op;
    }
  }
  if (strange !== undefined) return strange;
  const counter = {
    acts,
    answer,
    initial,
    increments: increments.subarray(0, added),
    reads: reads.subarray(0, asked),
  };
  return fillSlots(counter, rankOrderOf(counter.reads, answer));
}

/** @param reads in the order of their answers, those of one group by beginning. */
function fillSlots(counter: Counter, reads: Int32Array): Decision {
  const { acts, answer, increments, initial } = counter;
  const { begin, end, row } = acts;
  // The first end of this and all later reads: what begins behind it belongs behind this group.
  const horizon = new Int32Array(reads.length + 1).fill(NEVER);
  for (let i = reads.length - 1; i >= 0; i--)
    horizon[i] = Math.min(at(horizon, i + 1), at(end, at(reads, i)));
  const pool = new RankHeap(end, increments.length);
  const order = new Int32Array(acts.count);
  let [length, next, reached, latest] = [0, 0, initial, -1];
  for (let i = 0; i < reads.length; ) {
    const number = at(answer, at(reads, i));
    for (; next < increments.length; next++) {
      if (at(begin, at(increments, next)) >= at(horizon, i)) break;
      // Its last slot lies before its first one.
      if (latest >= 0 && at(end, at(increments, next)) < at(begin, latest))
        return refuteSlots(counter, latest);
      pool.push(at(increments, next));
    }
    if (pool.size < number - reached) return refuteSlots(counter, at(reads, i));
    for (; reached < number; reached++) order[length++] = at(row, pool.pop());
    for (; i < reads.length && at(answer, at(reads, i)) === number; i++) {
      const read = at(reads, i);
      if (latest >= 0 && at(end, read) < at(begin, latest) && at(answer, latest) < number)
        return invalid(COUNTER, "went back", [at(row, read), at(row, latest)]);
      order[length++] = at(row, read);
      latest = latest < 0 || at(begin, read) > at(begin, latest) ? read : latest;
    }
    if (pool.size > 0 && at(end, pool.first) < at(begin, latest))
      return refuteSlots(counter, latest);
  }
  for (; next < increments.length; next++) {
    if (latest >= 0 && at(end, at(increments, next)) < at(begin, latest))
      return refuteSlots(counter, latest);
    pool.push(at(increments, next));
  }
  for (; pool.size > 0 && end[pool.first] !== NEVER; ) order[length++] = at(row, pool.pop());
  return valid(COUNTER, order.subarray(0, length));
}

/** Reads by their ends, for refutations. */
export function byEnd({ acts, reads }: Counter): Int32Array {
  const ends = Int32Array.from(reads, (op) => at(acts.end, op));
  return Int32Array.from(rankOrder(ends), (i) => at(reads, i));
}
