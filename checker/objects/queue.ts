/**
 * Linearizability of a FIFO queue, where no value is enqueued twice: exact, in the time of a few sorts.
 *
 * By the bad patterns of Henzinger, Sezgin and Vafeiadis (CONCUR 2013) and Bouajjani et al. (ICALP 2015): a value
 * dequeued from nowhere or twice; two values whose enqueues must happen in one order and their dequeues in the other; an
 * empty answer while there was something in the queue all along. The enqueue of a value took effect before `entered`
 * (its end, or that of the dequeue) and the dequeue not before `leaving` (its beginning, or that of the enqueue); the
 * value was surely there in between.
 *
 * A certificate may leave out values with all their operations, and empty answers: what remains of a legal order is
 * legal.
 */
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid } from "./acts.ts";
import { containerOf } from "./container.ts";
import { type Items, itemsOf, rowsOf } from "./container-items.ts";
import { assignLost, rivals } from "./queue-lost.ts";
import { orderQueue } from "./queue-order.ts";
import { indices, rankOrder, rankOrderOf } from "./rank-order.ts";
import { coverOf, type Stretches, stretchesOf } from "./stretches.ts";

const QUEUE = "queue";

/** `enqueue` (input v) and `dequeue` (output v, or `null` when it was empty). */
export function decideQueue(part: Part): Decision {
  const acts = actsOf(part, ["enqueue", "dequeue"], []);
  if (typeof acts === "string") return inapplicable(QUEUE, acts);
  const container = containerOf(acts, QUEUE, "dequeue");
  if (typeof container === "string") return inapplicable(QUEUE, container);
  if ("verdict" in container) return container;
  const { inserts, removes, lost, empties } = container;
  const decision = decideItems(itemsOf(acts, inserts, removes, true), empties);
  if (lost.length === 0 || decision.verdict === "valid") return decision;
  // A dequeue that nobody heard of may have removed what seems to be still there; of the rest we are sure.
  const removed = decideItems(itemsOf(acts, inserts, removes, false), empties);
  if (removed.verdict === "invalid" || !container.remaining) return removed;
  const assigned = assignLost(container);
  const again = decideItems(assigned.items, empties);
  if (again.verdict !== "invalid") return again;
  const { certificate } = again;
  return invalid(QUEUE, again.class, [...certificate, ...rivals(container, assigned, certificate)]);
}

function decideItems(items: Items, empties: readonly number[]): Decision {
  const swapped = wrongWayRound(items);
  if (swapped !== undefined)
    return invalid(
      QUEUE,
      "out of order",
      swapped.flatMap((item) => rowsOf(items, item)),
    );
  const stretches = stretchesOf(items);
  const cuts = new Int32Array(empties.length);
  for (const [i, op] of empties.entries()) {
    const cut = cutOf(items.acts, stretches, op);
    if (cut === undefined)
      return invalid(QUEUE, "empty while not", [
        at(items.acts.row, op),
        ...coverOf(items, at(items.acts.begin, op), at(items.acts.end, op)).flatMap((item) =>
          rowsOf(items, item),
        ),
      ]);
    cuts[i] = cut;
  }
  const sorted = rankOrderOf(indices(cuts.length), cuts);
  const order = orderQueue(
    items,
    Int32Array.from(sorted, (i) => at(cuts, i)),
    Int32Array.from(sorted, (i) => empties[i] ?? 0),
  );
  return { verdict: "valid", route: QUEUE, order };
}

/** The first instant of an empty answer at which nothing need be there. */
function cutOf({ begin, end }: Acts, stretches: Stretches, op: number): number | undefined {
  const cut = stretches.freeFrom(at(begin, op));
  return cut < at(end, op) ? cut : undefined;
}

/** Two items that must be enqueued in one order and dequeued in the other. */
function wrongWayRound(items: Items): [number, number] | undefined {
  const { count, begun, entered, leaving, left } = items;
  const byEntered = rankOrder(entered);
  let [next, latest] = [0, -1];
  for (const item of rankOrder(begun)) {
    for (; next < count; next++) {
      const other = at(byEntered, next);
      if (at(entered, other) >= at(begun, item)) break;
      if (latest < 0 || at(leaving, other) > at(leaving, latest)) latest = other;
    }
    if (latest >= 0 && at(left, item) < at(leaving, latest)) return [latest, item];
  }
  return undefined;
}
