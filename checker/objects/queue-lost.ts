/**
 * Dequeues that nobody heard of. Each may have taken one of the values that seem to be still there, and nobody can tell
 * which. Of two such values the one whose enqueue ended first may as well be taken first, and by the dequeue that began
 * first: if the other one was enqueued and taken before it, its enqueue, which began earlier and ended later, may as
 * well have happened just behind it. And to take a value that nobody saw any more makes no order illegal. So the first
 * of the values goes to the first of the dequeues, the second to the second, as far as they reach.
 */
import { at } from "./acts.ts";
import type { Container } from "./container.ts";
import { type Items, itemsOf } from "./container-items.ts";
import { rankOrder } from "./rank-order.ts";

export interface Assigned {
  readonly items: Items;
  /** By operation that put in what seems to be still there: how many of them come before it, and itself. */
  readonly turn: ReadonlyMap<number, number>;
  /** Operations that put them in, in this order. */
  readonly puts: readonly number[];
}

export function assignLost({ acts, inserts, removes, lost }: Container): Assigned {
  const seeming = itemsOf(acts, inserts, removes, true);
  const values = new Map([...inserts].map((op, value) => [op, value] as const));
  const puts = [...rankOrder(seeming.entered)]
    .filter((item) => at(seeming.remove, item) < 0)
    .map((item) => at(seeming.insert, item));
  const all = removes.slice();
  for (const [i, put] of puts.entries()) {
    const take = lost[i];
    if (take !== undefined) all[values.get(put) ?? 0] = take;
  }
  const turn = new Map(puts.map((put, i) => [put, i + 1] as const));
  return { items: itemsOf(acts, inserts, all, true), turn, puts };
}

/** What shows that none of these dequeues took one of these values any earlier. */
export function rivals(
  { acts, lost }: Container,
  { turn, puts }: Assigned,
  rows: readonly number[],
): number[] {
  const known = new Set(rows);
  let reach = 0;
  for (const [put, place] of turn) if (known.has(at(acts.row, put))) reach = Math.max(reach, place);
  return [...puts.slice(0, reach), ...lost.slice(0, reach)].map((op) => at(acts.row, op));
}
