/**
 * Sets aside, again and again, each value of a stack whose push and whose pop each have a gap in which none of the
 * values left was surely there. Such a gap is final: it stays one, and what waits for it is found once.
 */
import { at } from "./acts.ts";
import type { Items } from "./container-items.ts";
import { Depths } from "./depths.ts";
import { Stabbing } from "./stabbing.ts";

export interface Peeling {
  /** What was set aside, in that order. What can come and go within one gap is not among them. */
  readonly order: Int32Array;
  /** By item: a gap for its push and one for its pop, or -1. */
  readonly pushed: Int32Array;
  readonly popped: Int32Array;
  /** What could not be set aside. */
  readonly left: Int32Array;
}

/** @param gaps gaps are 0 ... gaps - 1. */
export function peel(items: Items, gaps: number): Peeling {
  const { count, begun, entered, leaving, left } = items;
  const all = Int32Array.from({ length: count }, (_, item) => item);
  const kept = all.filter((item) => at(entered, item) < at(leaving, item));
  const depths = new Depths(gaps);
  const [from, to] = [new Int32Array(2 * kept.length), new Int32Array(2 * kept.length)];
  for (const [i, item] of kept.entries()) {
    depths.add(at(entered, item), at(leaving, item));
    from[2 * i] = at(begun, item);
    to[2 * i] = at(entered, item);
    from[2 * i + 1] = at(leaving, item);
    to[2 * i + 1] = at(left, item);
  }
  const waiting = new Stabbing(from, to);
  const [pushed, popped] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)];
  const order = new Int32Array(kept.length);
  let [found, done] = [0, 0];
  const open = (gap: number): void => {
    for (let side = waiting.take(gap); side >= 0; side = waiting.take(gap)) {
      const item = at(kept, side >> 1);
      (side % 2 === 0 ? pushed : popped)[item] = gap;
      if (at(pushed, item) >= 0 && at(popped, item) >= 0) order[found++] = item;
    }
  };
  for (const gap of depths.build()) open(gap);
  for (; done < found; done++) {
    const item = at(order, done);
    depths.remove(at(entered, item), at(leaving, item));
    for (let gap = depths.takeZero(); gap >= 0; gap = depths.takeZero()) open(gap);
  }
  const isLeft = (item: number): boolean => at(pushed, item) < 0 || at(popped, item) < 0;
  return { order: order.subarray(0, found), pushed, popped, left: kept.filter(isLeft) };
}
