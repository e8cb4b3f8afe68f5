/**
 * Linearizability of a set whose operations answer for one element each: exact, in the time of one sort, for elements
 * that are put in at most once and taken out at most once, and for others as fast as a search of them alone (`set-changes.ts`).
 *
 * An element of the first sort is absent, then present, then absent. All that found it lies between the two changes, which bounds the
 * addition from behind and the removal from the front; added as late and removed as early as that allows, the element
 * hides from the fewest. What did not find it must have an instant outside. Each operation is given an instant, so that
 * the elements need only be merged by time. (The read-mapping argument of Gibbons and Korach, 1997, for two values.)
 *
 * A certificate may leave out other elements and what only looks; elements do not influence each other.
 */
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid, valid } from "./acts.ts";
import { LocalValues } from "./local-values.ts";
import { rankOrder, rankOrderOf } from "./rank-order.ts";
import { type Changes, orderChanges } from "./set-changes.ts";

export const SET_ELEMENT = "set-element";
const ADD = 0;
const REMOVE = 1;
const NOTHING: Changes = { adds: [], removes: [], looks: [], lost: [] };

/** Per element; operations are indices into the acts, -1 for none. */
interface Elements {
  readonly acts: Acts;
  readonly element: Int32Array;
  /** 1 where the answer is that the element was there. */
  readonly found: Uint8Array;
  readonly adds: Int32Array;
  readonly removes: Int32Array;
  /** Whose end the addition, and whose beginning the removal, must keep to. */
  readonly soonest: Int32Array;
  readonly latest: Int32Array;
  /** What happened to the elements that are put in or taken out more than once. */
  readonly often: ReadonlyMap<number, Changes>;
}

/** `add`, `remove` (output: whether the set changed) and `contains` (output: whether it is there) of an input v. */
export function decideSetElement(part: Part): Decision {
  const acts = actsOf(part, ["add", "remove"], ["contains"]);
  if (typeof acts === "string") return inapplicable(SET_ELEMENT, acts);
  const read = readElements(acts);
  if (typeof read === "string") return inapplicable(SET_ELEMENT, read);
  const strange = boundElements(read);
  return strange ?? placeAll(read);
}

function readElements(acts: Acts): Elements | string {
  const { part, count, kind, input, output, end } = acts;
  const local = new LocalValues(part.columns.values, count);
  const element = new Int32Array(count);
  for (let op = 0; op < count; op++) element[op] = local.ofId(at(input, op));
  const none = (): Int32Array => new Int32Array(local.size).fill(-1);
  const [adds, removes] = [none(), none()];
  const found = new Uint8Array(count);
  const often = new Map<number, Changes>();
  for (let op = 0; op < count; op++) {
    const lost = end[op] === NEVER;
    const answer = lost || part.columns.values.valueOf(at(output, op));
    if (typeof answer !== "boolean") return "an answer is neither true nor false";
    const adding = at(kind, op) === ADD;
    found[op] = adding === answer ? 0 : 1;
    if (!answer || (!adding && at(kind, op) !== REMOVE)) continue;
    const changes = adding ? adds : removes;
    if (at(changes, at(element, op)) >= 0) often.set(at(element, op), NOTHING);
    changes[at(element, op)] = op;
  }
  if (often.size > 0) gatherChanges(acts, element, found, often);
  return { acts, element, found, adds, removes, soonest: none(), latest: none(), often };
}

function gatherChanges(
  { count, kind, end }: Acts,
  element: Int32Array,
  found: Uint8Array,
  often: Map<number, Changes>,
): void {
  const empty = () => ({ adds: [], removes: [], looks: [], lost: [] });
  const lists = new Map<number, { readonly [list in keyof Changes]: number[] }>(
    [...often.keys()].map((e) => [e, empty()]),
  );
  for (let op = 0; op < count; op++) {
    const list = lists.get(at(element, op));
    if (list === undefined) continue;
    if (end[op] === NEVER) list.lost.push(op);
    else if (at(kind, op) === ADD && at(found, op) === 0) list.adds.push(op);
    else if (at(kind, op) === REMOVE && at(found, op) === 1) list.removes.push(op);
    else list.looks.push(op);
  }
  for (const [e, list] of lists) often.set(e, list);
}

/** Gathers what found each element, and refutes what cannot have. */
function boundElements({ acts, element, found, adds, removes, soonest, latest, often }: Elements) {
  const { count, begin, end, row } = acts;
  for (let op = 0; op < count; op++) {
    const e = at(element, op);
    if (often.has(e)) continue;
    const add = at(adds, e);
    const remove = at(removes, e);
    // A removal of unknown outcome that had nothing to remove did nothing.
    const witness = op === add ? end[op] !== NEVER : at(found, op) === 1 && end[op] !== NEVER;
    if (!witness) continue;
    if (add < 0) return invalid(SET_ELEMENT, "thin air", [at(row, op)]);
    if (at(end, op) < at(begin, add))
      return invalid(SET_ELEMENT, "future read", [at(row, op), at(row, add)]);
    if (remove >= 0 && at(end, remove) < at(begin, op))
      return invalid(
        SET_ELEMENT,
        "stale read",
        [op, add, remove].map((one) => at(row, one)),
      );
    const [early, late] = [at(soonest, e), at(latest, e)];
    if (early < 0 || at(end, op) < at(end, early)) soonest[e] = op;
    if (late < 0 || at(begin, op) > at(begin, late)) latest[e] = op;
  }
  return undefined;
}

/** Gives each operation the gap behind an event, and a phase for those of the same gap. */
function placeAll(elements: Elements): Decision {
  const { acts, element, found, adds, removes } = elements;
  const { count, begin, end, row } = acts;
  const instant = new Int32Array(count).fill(NEVER);
  const phase = new Int32Array(count);
  for (const changes of elements.often.values()) {
    const line = orderChanges(acts, changes, found);
    if ("verdict" in line) return line;
    let latest = -1;
    for (const [i, op] of line.entries()) {
      latest = Math.max(latest, at(begin, op));
      instant[op] = latest;
      phase[op] = i;
    }
  }
  for (let op = 0; op < count; op++) {
    const e = at(element, op);
    if (elements.often.has(e)) continue;
    const { added, removed } = changesOf(elements, e);
    if (op === at(adds, e)) {
      instant[op] = added;
      phase[op] = 1;
    } else if (op === at(removes, e)) {
      instant[op] = removed;
      phase[op] = 3;
    } else if (at(found, op) === 1) {
      instant[op] = Math.max(at(begin, op), added);
      phase[op] = 2;
    } else if (at(begin, op) <= added) instant[op] = at(begin, op);
    else {
      instant[op] = Math.max(at(begin, op), removed);
      phase[op] = 4;
      if (at(instant, op) >= at(end, op)) return refuteMiss(elements, op);
    }
  }
  const order = rankOrderOf(rankOrder(phase), instant).filter((op) => instant[op] !== NEVER);
  return valid(
    SET_ELEMENT,
    order.map((op) => at(row, op)),
  );
}

/** The gaps in which an element comes and goes; `NEVER` if it does not. */
function changesOf(elements: Elements, e: number): { added: number; removed: number } {
  const { acts, adds, removes, soonest, latest } = elements;
  // Nobody saw an addition of unknown outcome: it may as well not have happened.
  if (at(soonest, e) < 0) return { added: NEVER, removed: NEVER };
  const added = at(acts.end, at(soonest, e)) - 1;
  if (at(removes, e) < 0) return { added, removed: NEVER };
  const begins = [at(adds, e), at(removes, e), at(latest, e)].map((op) => at(acts.begin, op));
  const removed = Math.max(...begins);
  return { added: Math.min(added, removed), removed };
}

function refuteMiss({ acts, element, adds, removes, soonest, latest }: Elements, op: number) {
  const e = at(element, op);
  const rows = [op, at(adds, e), at(removes, e), at(soonest, e), at(latest, e)];
  return invalid(
    SET_ELEMENT,
    "missed element",
    rows.filter((one) => one >= 0).map((one) => at(acts.row, one)),
  );
}
