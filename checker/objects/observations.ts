/**
 * Finds places for operations that change nothing (a compare-and-set that failed, an attempt to acquire that was
 * refused, a look that found nothing) among those that do, whose order is given. By their ends, each takes the first
 * place that real time leaves and at which its answer is right: no other choice leaves more to those after it. So it
 * fails only if the given order has no room for all of them.
 */
import type { Part } from "../history/columns.ts";
import { at } from "./acts.ts";
import { rankOrder } from "./rank-order.ts";

/** Operations with their rows and intervals. */
export interface Stretch {
  readonly row: Int32Array;
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

export type Placement =
  | { readonly order: Int32Array }
  | {
      /** An observation that finds no place, then one that pushed it, then one that pushed that, ... */
      readonly stuck: readonly number[];
      /** How many operations of the line can be before the first of them. */
      readonly before: number;
    };

/**
 * @param line what changes something, in its order.
 * @param nextRight the first place from this one on at which the answer of an observation is right; place p is the one
 * behind the first p operations of the line. Beyond the line when there is none.
 */
export function placeAmong(
  line: Stretch,
  seen: Stretch,
  nextRight: (observation: number, place: number) => number,
): Placement {
  const [first, last] = [firstPlaces(line, seen.begin), lastPlaces(line, seen.end)];
  const order = rankOrder(seen.end);
  const count = order.length;
  const ends = order.map((one) => at(seen.end, one));
  const place = new Int32Array(count);
  // Of those that ended first, who has been pushed farthest.
  const farthest = new Int32Array(count);
  const pushedBy = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const one = at(order, i);
    const earlier = lowerBound(ends, at(seen.begin, one)) - 1;
    const pusher = earlier < 0 ? -1 : at(order, at(farthest, earlier));
    const pushed = pusher >= 0 && at(place, pusher) > at(first, one);
    if (pushed) pushedBy[one] = pusher;
    place[one] = nextRight(one, pushed ? at(place, pusher) : at(first, one));
    if (at(place, one) > at(last, one)) {
      const stuck: number[] = [];
      for (let next = one; next >= 0; next = at(pushedBy, next)) stuck.push(next);
      return { stuck, before: at(last, one) };
    }
    const rival = i === 0 ? -1 : at(farthest, i - 1);
    farthest[i] = rival >= 0 && at(place, at(order, rival)) >= at(place, one) ? rival : i;
  }
  return { order: merge(line, seen, order, place) };
}

/** Behind all that had ended before they began. */
function firstPlaces({ end }: Stretch, begins: Int32Array): Int32Array {
  const first = new Int32Array(begins.length);
  const byEnd = rankOrder(end);
  let [next, reached] = [0, 0];
  for (const one of rankOrder(begins)) {
    for (; next < byEnd.length && at(end, at(byEnd, next)) < at(begins, one); next++)
      reached = Math.max(reached, at(byEnd, next) + 1);
    first[one] = reached;
  }
  return first;
}

/** Before all that began after they had ended. */
function lastPlaces({ begin }: Stretch, ends: Int32Array): Int32Array {
  const last = new Int32Array(ends.length);
  const byBegin = rankOrder(begin);
  const byEnd = rankOrder(ends);
  let [next, limit] = [byBegin.length - 1, begin.length];
  for (let i = byEnd.length - 1; i >= 0; i--) {
    const one = at(byEnd, i);
    for (; next >= 0 && at(begin, at(byBegin, next)) > at(ends, one); next--)
      limit = Math.min(limit, at(byBegin, next));
    last[one] = limit;
  }
  return last;
}

/** How many of the ascending numbers are smaller. */
function lowerBound(ascending: Int32Array, number: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ascending, middle) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function merge(line: Stretch, seen: Stretch, byEnd: Int32Array, place: Int32Array): Int32Array {
  const sorted = rankOrder(byEnd.map((one) => at(place, one)));
  const order = new Int32Array(line.row.length + byEnd.length);
  let [length, next] = [0, 0];
  for (let p = 0; p <= line.row.length; p++) {
    for (; next < sorted.length; next++) {
      const one = at(byEnd, at(sorted, next));
      if (at(place, one) > p) break;
      order[length++] = at(seen.row, one);
    }
    if (p < line.row.length) order[length++] = at(line.row, p);
  }
  return order;
}

/** These operations of the acts, in this order. */
export function stretchOf(acts: Stretch, ops: Int32Array): Stretch {
  const pick = (all: Int32Array): Int32Array => ops.map((op) => at(all, op));
  return { row: pick(acts.row), begin: pick(acts.begin), end: pick(acts.end) };
}

/** These rows of the columns, which have all returned. */
export function intervalsOf({ columns }: Part, rows: Int32Array): Stretch {
  const pick = (all: Int32Array): Int32Array => rows.map((row) => at(all, row));
  return { row: rows, begin: pick(columns.invoked), end: pick(columns.completed) };
}
