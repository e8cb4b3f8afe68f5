/**
 * Removals of unknown outcome, given to values that seem to be still there but cannot be: somebody found nothing later,
 * or a value that had to wait for this one left. By then such a removal must have begun; the earliest goes to the value
 * whose time is up first. This is a guess: an order that is found with it is an order, but another guess might do
 * where this one does not.
 */
import { NEVER } from "../history/columns.ts";
import { at } from "./acts.ts";
import type { Container } from "./container.ts";
import { itemsOf } from "./container-items.ts";
import { rankOrder } from "./rank-order.ts";

/**
 * @param waits a value waits for all whose key is greater than its own, if it cannot leave before they came: by item,
 * that key as the one who waits, and as the one who is waited for.
 * @returns by value, the operation that took it out or is guessed to have; `undefined` where there are too few.
 */
export function guessLost(
  { acts, inserts, removes, empties, lost }: Container,
  waits: { readonly waiting: Int32Array; readonly awaited: Int32Array },
): Int32Array | undefined {
  const items = itemsOf(acts, inserts, removes, true);
  const deadline = new Int32Array(items.count).fill(NEVER);
  const first = new EarliestFrom(2 * acts.count + 1);
  const byKey = rankOrder(waits.waiting);
  let next = 0;
  for (const item of rankOrder(waits.awaited)) {
    if (at(items.remove, item) >= 0) continue;
    for (
      ;
      next < byKey.length && at(waits.waiting, at(byKey, next)) < at(waits.awaited, item);
      next++
    ) {
      const other = at(byKey, next);
      if (at(items.remove, other) >= 0) first.put(at(items.leaving, other), at(items.left, other));
    }
    deadline[item] = first.from(at(items.entered, item));
  }
  const emptied = new EarliestFrom(2 * acts.count + 1);
  for (const op of empties) emptied.put(at(acts.begin, op), at(acts.end, op));
  const all = removes.slice();
  const values = new Map([...inserts].map((op, value) => [op, value] as const));
  for (const [item, remove] of items.remove.entries())
    if (remove < 0)
      deadline[item] = Math.min(at(deadline, item), emptied.from(at(items.entered, item)));
    else deadline[item] = NEVER;
  for (const [i, item] of rankOrder(deadline).entries()) {
    if (at(deadline, item) === NEVER) break;
    const take = lost[i];
    if (take === undefined || at(acts.begin, take) >= at(deadline, item)) return undefined;
    all[values.get(at(items.insert, item)) ?? 0] = take;
  }
  return all;
}

/** The smallest number that was put at a gap or any later one: a Fenwick tree, from the end. */
class EarliestFrom {
  readonly #size: number;
  readonly #least: Int32Array;

  constructor(size: number) {
    this.#size = size;
    this.#least = new Int32Array(size + 1).fill(NEVER);
  }

  put(gap: number, number: number): void {
    for (let i = this.#size - gap; i <= this.#size; i += i & -i)
      this.#least[i] = Math.min(at(this.#least, i), number);
  }

  from(gap: number): number {
    let least = NEVER;
    for (let i = this.#size - gap; i > 0; i -= i & -i) least = Math.min(least, at(this.#least, i));
    return least;
  }
}
