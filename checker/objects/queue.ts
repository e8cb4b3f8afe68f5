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
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision, Invalid } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid } from "./acts.ts";
import { LocalValues } from "./local-values.ts";
import { type Items, itemsOf } from "./queue-items.ts";
import { orderQueue } from "./queue-order.ts";
import { indices, rankOrder, rankOrderOf } from "./rank-order.ts";
import { refuteEmpty, type Stretches, stretchesOf } from "./stretches.ts";

const QUEUE = "queue";
const ENQUEUE = 0;

/** `enqueue` (input v) and `dequeue` (output v, or `null` when it was empty). */
export function decideQueue(part: Part): Decision {
  const acts = actsOf(part, ["enqueue", "dequeue"], []);
  if (typeof acts === "string") return inapplicable(QUEUE, acts);
  const values = new LocalValues(part.columns.values, acts.count);
  const nothing = values.of(null);
  const read = readActs(acts, values, nothing);
  if (typeof read === "string") return inapplicable(QUEUE, read);
  if ("verdict" in read) return read;
  const { inserts, removes, lost, empties } = read;
  const decision = decideItems(itemsOf(acts, inserts, removes, true), empties);
  if (lost === 0 || decision.verdict === "valid") return decision;
  // A dequeue that nobody heard of may have removed what seems to be still there; of the rest we are sure.
  const removed = decideItems(itemsOf(acts, inserts, removes, false), empties);
  if (removed.verdict === "invalid" || !read.remaining) return removed;
  return inapplicable(QUEUE, "a dequeue of unknown outcome may have removed what is missing");
}

interface Read {
  /** The operation that put the value in and the one that took it out, or -1. */
  readonly inserts: Int32Array;
  readonly removes: Int32Array;
  /** How many dequeues have an unknown outcome. */
  readonly lost: number;
  /** Some value was acknowledged and never dequeued. */
  readonly remaining: boolean;
  readonly empties: readonly number[];
}

function readActs(acts: Acts, values: LocalValues, nothing: number): Read | Invalid | string {
  const { count, kind, input, output, end, row } = acts;
  const value = new Int32Array(count);
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === ENQUEUE) value[op] = values.ofId(at(input, op));
    else value[op] = at(end, op) === NEVER ? -1 : values.ofId(at(output, op));
  }
  const inserts = new Int32Array(values.size).fill(-1);
  const removes = new Int32Array(values.size).fill(-1);
  for (let op = 0; op < count; op++) {
    if (at(kind, op) !== ENQUEUE) continue;
    if (at(value, op) === nothing) return "null is enqueued, which also means empty";
    if (at(inserts, at(value, op)) >= 0) return "a value is enqueued twice";
    inserts[at(value, op)] = op;
  }
  const empties: number[] = [];
  let lost = 0;
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === ENQUEUE) continue;
    const v = at(value, op);
    if (v < 0) lost++;
    else if (v === nothing) empties.push(op);
    else {
      const insert = at(inserts, v);
      if (insert < 0) return invalid(QUEUE, "thin air", [at(row, op)]);
      const rows = [at(row, op), at(row, insert)];
      if (at(acts.end, op) < at(acts.begin, insert)) return invalid(QUEUE, "future dequeue", rows);
      if (at(removes, v) >= 0)
        return invalid(QUEUE, "duplicate dequeue", [...rows, at(row, at(removes, v))]);
      removes[v] = op;
    }
  }
  const remaining = inserts.some((op, v) => op >= 0 && end[op] !== NEVER && at(removes, v) < 0);
  return { inserts, removes, lost, remaining, empties };
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
        ...refuteEmpty(items, at(items.acts.begin, op), at(items.acts.end, op)).flatMap((item) =>
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

function rowsOf({ acts, insert, remove }: Items, item: number): number[] {
  const ops = [at(insert, item), at(remove, item)];
  return ops.flatMap((op) => (op < 0 ? [] : [at(acts.row, op)]));
}
