/**
 * Linearizability of a log: append answers the offset, a read of an offset answers what stands there. No value may be
 * appended twice. Exact, in the time of two sorts.
 *
 * The offsets are the order of the appends; what a read found shows the offset of an append whose answer was lost. The
 * append at an offset lies behind the beginnings of itself and of those who found nothing there, and before the ends of
 * itself and of those who found it; going up, the former must never pass the latter. An offset that nobody knows
 * belongs to an append of unknown outcome: the smallest is the most urgent, and the earliest such append serves it best.
 *
 * A certificate may leave out reads, and appends that began later or got greater offsets; offsets only go up.
 */
import type { Json } from "../../proto/json.ts";
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, failedRow, inapplicable, invalid, valid } from "./acts.ts";
import { rankOrderOf } from "./rank-order.ts";

const LOG = "log";
const APPEND = 0;

/** Per offset, operations as indices into the acts, -1 for none. */
interface Offsets {
  readonly acts: Acts;
  /** Per operation: its offset, or -1. */
  readonly place: Int32Array;
  readonly holder: Int32Array;
  /** Who shows what stands there, and ended first. */
  readonly soonest: Int32Array;
  /** Who found nothing there, and began last. */
  readonly missed: Int32Array;
}

/** `append` (input v, output the offset, from 0) and `read` (input an offset, output v, or `null` when beyond the end). */
export function decideLog(part: Part): Decision {
  const acts = actsOf(part, ["append"], ["read"]);
  if (typeof acts === "string") return inapplicable(LOG, acts);
  const { count, kind, input, output, end } = acts;
  const { values } = part.columns;
  const writers = new Map<number, number>();
  const place = new Int32Array(count).fill(-1);
  for (let op = 0; op < count; op++) {
    const appends = at(kind, op) === APPEND;
    if (appends && values.valueOf(at(input, op)) === null)
      return inapplicable(LOG, "null is appended, which also means nothing");
    if (appends && writers.has(at(input, op)))
      return inapplicable(LOG, "a value is appended twice");
    if (appends) writers.set(at(input, op), op);
    if (appends && end[op] === NEVER) continue;
    const offset: Json = values.valueOf(at(appends ? output : input, op));
    if (typeof offset !== "number" || !Number.isInteger(offset) || offset < 0 || offset > NEVER)
      return inapplicable(LOG, "an offset is not a whole number");
    place[op] = offset;
  }
  const none = (): Int32Array => new Int32Array(writers.size).fill(-1);
  const offsets = { acts, place, holder: none(), soonest: none(), missed: none() };
  return placeAppends(offsets) ?? placeReads(offsets, writers) ?? climb(offsets);
}

function placeAppends({ acts, place, holder, soonest }: Offsets): Decision | undefined {
  const { count, kind, end, row } = acts;
  for (let op = 0; op < count; op++) {
    const offset = at(place, op);
    if (at(kind, op) !== APPEND || end[op] === NEVER) continue;
    if (offset >= holder.length) return skipped(acts, place, op);
    if (at(holder, offset) >= 0)
      return invalid(LOG, "duplicate offset", [at(row, op), at(row, at(holder, offset))]);
    holder[offset] = op;
    soonest[offset] = op;
  }
  return undefined;
}

function placeReads(offsets: Offsets, writers: ReadonlyMap<number, number>): Decision | undefined {
  const { acts, place, holder, soonest, missed } = offsets;
  const { part, count, kind, begin, end, row, output } = acts;
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === APPEND) continue;
    const offset = at(place, op);
    const say = (what: string, ops: readonly number[]): Decision =>
      invalid(
        LOG,
        what,
        [op, ...ops].filter((one) => one >= 0).map((one) => at(row, one)),
      );
    if (part.columns.values.valueOf(at(output, op)) === null) {
      const other = offset < missed.length ? at(missed, offset) : op;
      if (other < 0 || at(begin, op) > at(begin, other)) missed[offset] = op;
      continue;
    }
    const write = writers.get(at(output, op));
    if (write === undefined) {
      const failed = failedRow(part, "append", at(output, op));
      if (failed === undefined) return say("thin air", []);
      return invalid(LOG, "aborted read", [at(row, op), failed]);
    }
    if (at(end, op) < at(begin, write)) return say("future read", [write]);
    if (at(place, write) >= 0 && at(place, write) !== offset)
      return say("moved value", [write, at(soonest, at(place, write))]);
    if (offset >= holder.length) return skipped(acts, place, op);
    const there = at(holder, offset);
    if (there >= 0 && there !== write)
      return say("split offset", [write, there, at(soonest, offset)]);
    place[write] = offset;
    holder[offset] = write;
    const early = at(soonest, offset);
    if (early < 0 || at(end, op) < at(end, early)) soonest[offset] = op;
  }
  return undefined;
}

/** Goes up the offsets against real time, and fills those that nobody knows. */
function climb(offsets: Offsets): Decision {
  const { acts, place, holder, soonest, missed } = offsets;
  const { count, kind, begin, end, row } = acts;
  const top = holder.findLastIndex((op) => op >= 0);
  const urgent = new Int32Array(top + 2).fill(-1);
  for (let o = top; o >= 0; o--) {
    const [own, later] = [at(soonest, o), at(urgent, o + 1)];
    urgent[o] = own >= 0 && (later < 0 || at(end, own) < at(end, later)) ? own : later;
  }
  const reached = new Int32Array(top + 1);
  let [latest, filler, instant] = [-1, 0, -1];
  for (let o = 0; o <= top; o++) {
    const first = at(urgent, o);
    const known = at(holder, o) >= 0;
    if (!known) {
      while (filler < count && (at(kind, filler) !== APPEND || at(place, filler) >= 0)) filler++;
      if (filler >= count || at(begin, filler) > at(end, first)) return skipped(acts, place, first);
      holder[o] = filler++;
    }
    for (const op of known ? [at(missed, o), at(holder, o)] : [at(missed, o)])
      if (op >= 0 && (latest < 0 || at(begin, op) > at(begin, latest))) latest = op;
    if (latest >= 0 && at(end, first) < at(begin, latest)) {
      const shown = [first, latest].flatMap((op) => {
        const offset = at(place, op);
        return at(kind, op) !== APPEND && op === latest
          ? [op]
          : [op, at(holder, offset), at(soonest, offset)];
      });
      const lost = at(kind, latest) !== APPEND;
      return invalid(
        LOG,
        lost ? "lost append" : "out of order",
        shown.map((op) => at(row, op)),
      );
    }
    instant = Math.max(instant, at(begin, at(holder, o)), latest < 0 ? -1 : at(begin, latest));
    reached[o] = instant;
  }
  return valid(LOG, listOf(offsets, reached));
}

/** Those who found nothing at their beginnings, then appends, then those who found something. */
function listOf({ acts, place, holder }: Offsets, reached: Int32Array): Int32Array {
  const { part, count, kind, begin, output, row } = acts;
  const instant = new Int32Array(count);
  const [early, late]: [number[], number[]] = [[], []];
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === APPEND) continue;
    const nothing = part.columns.values.valueOf(at(output, op)) === null;
    instant[op] = nothing ? at(begin, op) : Math.max(at(begin, op), at(reached, at(place, op)));
    (nothing ? early : late).push(op);
  }
  for (let o = 0; o < reached.length; o++) instant[at(holder, o)] = at(reached, o);
  const all = new Int32Array(early.length + reached.length + late.length);
  all.set(early);
  all.set(holder.subarray(0, reached.length), early.length);
  all.set(late, early.length + reached.length);
  return rankOrderOf(all, instant).map((op) => at(row, op));
}

/** An operation that shows an offset, and all appends that can stand below: too few. */
function skipped({ kind, begin, end, row, count }: Acts, place: Int32Array, op: number): Decision {
  const rows = [at(row, op)];
  for (let other = 0; other < count; other++) {
    if (at(kind, other) !== APPEND || at(begin, other) > at(end, op)) continue;
    if (at(place, other) <= at(place, op)) rows.push(at(row, other));
  }
  return invalid(LOG, "skipped offset", rows);
}
