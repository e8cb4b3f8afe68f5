/**
 * Linearizability of a priority queue of numbers, where none is inserted twice: exact, in the time of a sort.
 *
 * A number was surely there from `entered` to `leaving`. It can be polled at an instant at which no smaller one was
 * surely there, and as early as that it keeps nobody waiting who would not have to wait anyway: what it outstays its
 * own time, smaller ones were there. So each number is asked by itself, after all smaller ones (the coverage test of
 * Lee and Mathur, arXiv 2410.04581). It is inserted as late as can be.
 *
 * A certificate may leave out numbers with all their operations, and empty answers.
 */
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { actsOf, at, inapplicable, invalid, ranked } from "./acts.ts";
import { type Container, containerOf } from "./container.ts";
import { type Items, itemsOf, rowsOf, someOf } from "./container-items.ts";
import { guessLost } from "./container-lost.ts";
import { FreeGaps } from "./free-gaps.ts";
import { rankOrderOf } from "./rank-order.ts";
import { coverOf } from "./stretches.ts";

const PRIORITY_QUEUE = "priority-queue";

/** `insert` (input a number) and `poll` (output the smallest, or `null` when it was empty). */
export function decidePriorityQueue(part: Part): Decision {
  const acts = actsOf(part, ["insert", "poll"], []);
  if (typeof acts === "string") return inapplicable(PRIORITY_QUEUE, acts);
  const container = containerOf(ranked(acts), PRIORITY_QUEUE, "poll");
  if (typeof container === "string") return inapplicable(PRIORITY_QUEUE, container);
  if ("verdict" in container) return container;
  const { inserts, removes, lost } = container;
  const seeming = itemsOf(container.acts, inserts, removes, true);
  const decision = decideNumbers(container, seeming);
  if (lost.length === 0 || decision.verdict !== "invalid") return decision;
  // A poll that nobody heard of may have taken what seems to be still there; of the rest we are sure.
  const taken = decideNumbers(container, itemsOf(container.acts, inserts, removes, false));
  if (taken.verdict === "invalid" || !container.remaining) return taken;
  const guess = guessLost(container, waitsOf(seeming));
  if (guess !== undefined) {
    const guessed = decideNumbers(container, itemsOf(container.acts, inserts, guess, true));
    if (guessed.verdict === "valid") return guessed;
  }
  return inapplicable(PRIORITY_QUEUE, "a poll of unknown outcome may have taken what is missing");
}

/** A number waits for the smaller ones. */
function waitsOf(items: Items): { readonly waiting: Int32Array; readonly awaited: Int32Array } {
  const place = new Int32Array(items.count);
  for (const [i, item] of (ascending(items) ?? []).entries()) place[item] = items.count - i;
  return { waiting: place, awaited: place };
}

function decideNumbers({ acts, empties }: Container, items: Items): Decision {
  const order = ascending(items);
  if (order === undefined)
    return inapplicable(PRIORITY_QUEUE, "something else than a number is inserted");
  const { entered, leaving, left, remove, count } = items;
  const free = new FreeGaps(2 * acts.count);
  const polled = new Int32Array(count).fill(-1);
  for (const [i, item] of order.entries()) {
    if (at(remove, item) >= 0) {
      polled[item] = free.from(at(leaving, item));
      if (at(polled, item) >= at(left, item)) {
        const smaller = someOf(items, [...order.subarray(0, i)]);
        const cover = coverOf(smaller, at(leaving, item), at(left, item));
        const rows = [...rowsOf(items, item), ...cover.flatMap((one) => rowsOf(smaller, one))];
        return invalid(PRIORITY_QUEUE, "out of order", rows);
      }
    }
    free.cover(at(entered, item), at(leaving, item));
  }
  const cuts = new Int32Array(empties.length);
  for (const [i, op] of empties.entries()) {
    cuts[i] = free.from(at(acts.begin, op));
    if (at(cuts, i) < at(acts.end, op)) continue;
    const cover = coverOf(items, at(acts.begin, op), at(acts.end, op));
    return invalid(PRIORITY_QUEUE, "empty while not", [
      at(acts.row, op),
      ...cover.flatMap((item) => rowsOf(items, item)),
    ]);
  }
  const list = listOf(items, order, polled, empties, cuts);
  return { verdict: "valid", route: PRIORITY_QUEUE, order: list };
}

/** The items, the smallest first; `undefined` when one is no number. */
function ascending({ acts, count, insert }: Items): Int32Array | undefined {
  const { values } = acts.part.columns;
  const numbers = new Float64Array(count);
  for (let item = 0; item < count; item++) {
    const number = values.valueOf(at(acts.input, at(insert, item)));
    if (typeof number !== "number") return undefined;
    numbers[item] = number;
  }
  const sorted = numbers.slice().sort();
  const order = new Int32Array(count);
  for (let item = 0; item < count; item++) {
    const number = numbers[item] ?? 0;
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    order[low] = item;
  }
  return order;
}

/** What happens in one gap: polls of what came before, the smallest first; empty answers; what comes and goes; what comes. */
function listOf(
  { acts, count, entered, insert, remove }: Items,
  order: Int32Array,
  polled: Int32Array,
  empties: readonly number[],
  cuts: Int32Array,
): Int32Array {
  const size = 2 * count + empties.length;
  const [ops, gaps, phases] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  let length = 0;
  const place = (op: number, gap: number, phase: number): void => {
    ops[length] = op;
    gaps[length] = gap;
    phases[length++] = phase;
  };
  for (const item of order) {
    const poll = at(polled, item);
    const put = at(entered, item) - 1;
    const fleeting = poll >= 0 && poll <= put;
    if (!fleeting) place(at(insert, item), put, 3);
    if (poll < 0) continue;
    if (fleeting) place(at(insert, item), poll, 2);
    place(at(remove, item), poll, fleeting ? 2 : 0);
  }
  for (const [i, op] of empties.entries()) place(op, at(cuts, i), 1);
  const all = Int32Array.from({ length }, (_, i) => i);
  return rankOrderOf(rankOrderOf(all, phases), gaps).map((i) => at(acts.row, at(ops, i)));
}
