/**
 * When a container was surely not empty: the union of the stretches in which some value was surely there. Instants are
 * the gaps between events; the gap `t` lies just after the event of rank `t`, and a value is surely there in the gaps
 * from `entered` up to, but without, `leaving`.
 */
import { at } from "./acts.ts";
import type { Items } from "./container-items.ts";
import { rankOrder } from "./rank-order.ts";

export interface Stretches {
  /** The first gap from this one on in which nothing need be there. */
  freeFrom(gap: number): number;
}

export function stretchesOf({ count, entered, leaving }: Items): Stretches {
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let length = 0;
  for (const item of rankOrder(entered)) {
    const [from, to] = [at(entered, item), at(leaving, item)];
    if (from >= to) continue;
    const last = length - 1;
    if (last >= 0 && from <= at(ends, last)) ends[last] = Math.max(at(ends, last), to);
    else {
      starts[length] = from;
      ends[length++] = to;
    }
  }
  return {
    freeFrom(gap) {
      // The last stretch that starts no later than the gap.
      let [low, high] = [0, length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (at(starts, middle) <= gap) low = middle + 1;
        else high = middle;
      }
      return low > 0 && at(ends, low - 1) > gap ? at(ends, low - 1) : gap;
    },
  };
}

/** As few items as were, one or the other, surely there in all gaps from `begin` up to, but without, `end`. */
export function coverOf(items: Items, begin: number, end: number): number[] {
  const { entered, leaving } = items;
  const cover: number[] = [];
  const order = rankOrder(entered);
  let [gap, next] = [begin, 0];
  while (gap < end) {
    let farthest = -1;
    for (; next < order.length && at(entered, at(order, next)) <= gap; next++) {
      const item = at(order, next);
      if (farthest < 0 || at(leaving, item) > at(leaving, farthest)) farthest = item;
    }
    if (farthest < 0 || at(leaving, farthest) <= gap) break;
    cover.push(farthest);
    gap = at(leaving, farthest);
  }
  return cover;
}
