/**
 * A legal order of a queue that has none of the bad patterns. Values are lined up such that nobody is overtaken against
 * real time (the union of two interval orders without a contradiction between two has none at all); then each enqueue
 * and each dequeue takes effect as early as its own beginning and its predecessor allow.
 */
import { NEVER } from "../history/columns.ts";
import { at } from "./acts.ts";
import type { Items } from "./container-items.ts";
import { indices, rankOrder, rankOrderOf } from "./rank-order.ts";

/** @param cuts gaps in which the queue is empty, ascending, with the operations that found it so. */
export function orderQueue(items: Items, cuts: Int32Array, empties: Int32Array): Int32Array {
  const { acts, leaving, begun, insert, remove } = items;
  const line = rankOrderOf(lineUp(items), cutsBefore(leaving, cuts));
  const out = new Int32Array(2 * line.length + empties.length);
  let [length, time, start] = [0, -1, 0];
  const emit = (op: number): void => {
    if (op >= 0) out[length++] = at(acts.row, op);
  };
  for (let cut = 0; cut <= cuts.length; cut++) {
    let stop = start;
    const limit = cut < cuts.length ? at(cuts, cut) : NEVER;
    while (stop < line.length && at(leaving, at(line, stop)) <= limit) stop++;
    // Enqueues and dequeues each in line; at the same instant the enqueue comes first.
    let [enqueued, enqueueTime, dequeueTime] = [start, time, time];
    for (let i = start; i < stop; i++) {
      const item = at(line, i);
      dequeueTime = Math.max(dequeueTime, at(leaving, item));
      for (; enqueued < stop; enqueued++) {
        const next = at(line, enqueued);
        const due = Math.max(enqueueTime, at(begun, next));
        if (enqueued > i && due > dequeueTime) break;
        enqueueTime = due;
        emit(at(insert, next));
      }
      dequeueTime = Math.max(dequeueTime, enqueueTime);
      emit(at(remove, item));
    }
    start = stop;
    if (cut < cuts.length) emit(at(empties, cut));
    time = limit;
  }
  return out.subarray(0, length);
}

/** How many cuts lie before each of these instants: the value belongs behind them. */
function cutsBefore(leaving: Int32Array, cuts: Int32Array): Int32Array {
  const before = new Int32Array(leaving.length);
  let cut = 0;
  for (const item of rankOrder(leaving)) {
    while (cut < cuts.length && at(cuts, cut) < at(leaving, item)) cut++;
    before[item] = cut;
  }
  return before;
}

/** Takes, again and again, an item that none of the remaining must precede. */
function lineUp({ count, begun, entered, leaving, left }: Items): Int32Array {
  const ready = new Uint8Array(count);
  const line = new Int32Array(count);
  let [length, done] = [0, 0];
  const orders = [begun, leaving].map(rankOrder);
  const bounds = [entered, left].map(rankOrder);
  const taken = new Uint8Array(count);
  const reach = [0, 0];
  const bound = [0, 0];
  while (length < count) {
    for (const side of [0, 1]) {
      const [keys, limits] = side === 0 ? [begun, entered] : [leaving, left];
      const [order, limit] = [orders[side] ?? indices(0), bounds[side] ?? indices(0)];
      let [next, first] = [reach[side] ?? 0, bound[side] ?? 0];
      while (first < count && at(taken, at(limit, first)) === 1) first++;
      const horizon = at(limits, at(limit, first));
      for (; next < count && at(keys, at(order, next)) < horizon; next++) {
        const item = at(order, next);
        ready[item] = at(ready, item) + 1;
        if (at(ready, item) === 2) line[length++] = item;
      }
      reach[side] = next;
      bound[side] = first;
    }
    if (done === length) throw new RangeError("a queue without a bad pair has a cycle");
    for (; done < length; done++) taken[at(line, done)] = 1;
  }
  return line;
}
