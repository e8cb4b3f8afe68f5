/**
 * One element of a set that comes and goes more than once. Additions and removals take turns. Of two additions of
 * which one began and ended first, that one may as well happen first: they do the same. So, unless one lies within the
 * other, the order of all changes is known, and what only looks needs a place between them. Otherwise, and where the
 * outcome of a change is unknown, the element is searched: it is small, and does not influence others.
 *
 * A certificate may leave out the changes after some point, and what only looks.
 */
import type { Decision } from "../history/decision.ts";
import { decide } from "../search/decide.ts";
import { set } from "../search/models/set.ts";
import { type Acts, at, inapplicable, invalid } from "./acts.ts";
import { placeAmong, type Stretch } from "./observations.ts";
import { SET_ELEMENT } from "./set-element.ts";

export interface Changes {
  /** Operations, as indices into the acts, by beginning. */
  readonly adds: readonly number[];
  readonly removes: readonly number[];
  readonly looks: readonly number[];
  /** Operations of unknown outcome. */
  readonly lost: readonly number[];
}

/** For one element, which only ever is there or not. */
const BUDGET = { steps: 100_000, remembered: 200_000, frontierSteps: 100_000, breadth: 10_000 };

/** @returns the operations in a legal order. @param found 1 where the answer is that the element was there. */
export function orderChanges(
  acts: Acts,
  changes: Changes,
  found: Uint8Array,
): Int32Array | Decision {
  const { adds, removes, looks, lost } = changes;
  if (lost.length > 0 || isNested(acts, adds) || isNested(acts, removes))
    return search(acts, [...adds, ...removes, ...looks, ...lost]);
  const refute = (what: string, ops: readonly number[]): Decision =>
    invalid(
      SET_ELEMENT,
      what,
      ops.map((op) => at(acts.row, op)),
    );
  if (adds.length > removes.length + 1)
    return refute("duplicate add", [...adds.slice(0, removes.length + 2), ...removes]);
  if (removes.length > adds.length)
    return refute("duplicate remove", [...adds, ...removes.slice(0, adds.length + 1)]);
  const line = Array.from({ length: adds.length + removes.length }, (_, i) => {
    return (i % 2 === 0 ? adds : removes)[i >> 1] ?? 0;
  });
  let latest = -1;
  for (const [i, op] of line.entries()) {
    if (at(acts.end, op) < latest) return refute("out of order", line.slice(0, i + 1));
    latest = Math.max(latest, at(acts.begin, op));
  }
  // Present behind an odd number of changes.
  const placement = placeAmong(intervals(acts, line), intervals(acts, looks), (look, place) =>
    place % 2 === at(found, looks[look] ?? 0) ? place : place + 1,
  );
  if ("order" in placement) return placement.order;
  const stuck = placement.stuck.map((look) => looks[look] ?? 0);
  const what = at(found, stuck[0] ?? 0) === 1 ? "stale read" : "missed element";
  return refute(what, [...stuck, ...line.slice(0, placement.before + 1)]);
}

function search(acts: Acts, ops: readonly number[]): Int32Array | Decision {
  const known = new Map(ops.map((op) => [at(acts.row, op), op]));
  const rows = Int32Array.from(known.keys()).sort();
  const decision = decide({ columns: acts.part.columns, rows }, set(), BUDGET);
  if (decision.verdict === "valid") return decision.order.map((row) => known.get(row) ?? 0);
  if (decision.verdict === "invalid") return { ...decision, route: SET_ELEMENT };
  return inapplicable(SET_ELEMENT, `the changes of one element are too many: ${decision.reason}`);
}

function isNested({ end }: Acts, ops: readonly number[]): boolean {
  return ops.some((op, i) => i > 0 && at(end, op) < at(end, ops[i - 1] ?? 0));
}

function intervals({ begin, end }: Acts, ops: readonly number[]): Stretch {
  const pick = (all: Int32Array): Int32Array => Int32Array.from(ops, (op) => at(all, op));
  return { row: Int32Array.from(ops), begin: pick(begin), end: pick(end) };
}
