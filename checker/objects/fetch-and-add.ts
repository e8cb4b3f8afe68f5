/**
 * Linearizability of a fetch-and-add by one, as hands out numbers or ids: exact, in the time of two sorts.
 *
 * The numbers returned are the order. Real time must agree with it, no number may come twice, and each number that
 * nobody got must have gone to an operation of unknown outcome that began before all that got a greater one had ended:
 * the smallest missing number is the most urgent, and the earliest such operation serves it best.
 *
 * A certificate is an argument by counting: so few had begun, or got smaller numbers, before one that got this number.
 * What began later, or got a greater number, may be left out.
 */
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid, valid } from "./acts.ts";
import { rankOrderOf } from "./rank-order.ts";

const FETCH_AND_ADD = "fetch-and-add";

/** `fetch-and-add` (input 1 or nothing, output the former value). */
export function decideFetchAndAdd(part: Part, initial = 0): Decision {
  const acts = actsOf(part, ["fetch-and-add"], []);
  if (typeof acts === "string") return inapplicable(FETCH_AND_ADD, acts);
  const { count, input, output, end, row } = acts;
  const { values } = part.columns;
  const answer = new Int32Array(count);
  const [answered, lost] = [new Int32Array(count), new Int32Array(count)];
  let [known, unknown] = [0, 0];
  // Holds only if nothing else than 1 is added, which is to be seen first.
  let strange: Decision | undefined;
  for (let op = 0; op < count; op++) {
    const by = values.valueOf(at(input, op));
    if (by !== null && by !== 1)
      return inapplicable(FETCH_AND_ADD, "something else than 1 is added");
    if (end[op] === NEVER) {
      lost[unknown++] = op;
      continue;
    }
    const number = values.valueOf(at(output, op));
    if (typeof number !== "number" || !Number.isInteger(number) || number < initial)
      strange ??= invalid(FETCH_AND_ADD, "thin air", [at(row, op)]);
    else if (number > NEVER) return inapplicable(FETCH_AND_ADD, "a number is too large");
    else {
      answer[op] = number;
      answered[known++] = op;
    }
  }
  if (strange !== undefined) return strange;
  const order = rankOrderOf(answered.subarray(0, known), answer);
  return (
    contradiction(acts, order, answer) ??
    fillGaps(acts, order, answer, lost.subarray(0, unknown), initial)
  );
}

function contradiction(
  { begin, end, row }: Acts,
  order: Int32Array,
  answer: Int32Array,
): Decision | undefined {
  let latest = -1;
  for (let i = 0; i < order.length; i++) {
    const op = at(order, i);
    const before = at(order, i - 1);
    if (i > 0 && answer[op] === answer[before])
      return invalid(FETCH_AND_ADD, "duplicate number", [at(row, op), at(row, before)]);
    if (latest >= 0 && at(end, op) < at(begin, latest))
      return invalid(FETCH_AND_ADD, "out of order", [at(row, op), at(row, latest)]);
    if (latest < 0 || at(begin, op) > at(begin, latest)) latest = op;
  }
  return undefined;
}

/** Gives each missing number to an operation of unknown outcome. */
function fillGaps(
  acts: Acts,
  order: Int32Array,
  answer: Int32Array,
  lost: Int32Array,
  initial: number,
): Decision {
  const { begin, end, row, count } = acts;
  // Of this and all greater numbers, the operation that ended first.
  const urgent = new Int32Array(order.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const later = at(urgent, i + 1);
    const own = at(order, i);
    urgent[i] = i + 1 < order.length && at(end, later) < at(end, own) ? later : own;
  }
  const list = new Int32Array(count);
  let [length, used, number] = [0, 0, initial];
  for (let i = 0; i < order.length; i++, number++) {
    for (; number < at(answer, at(order, i)); number++) {
      const first = at(urgent, i);
      if (used >= lost.length || at(begin, at(lost, used)) > at(end, first))
        return invalid(FETCH_AND_ADD, "skipped number", before(acts, first, answer));
      list[length++] = at(row, at(lost, used++));
    }
    list[length++] = at(row, at(order, i));
  }
  return valid(FETCH_AND_ADD, list.subarray(0, length));
}

/** One operation and all that can have preceded it: fewer than its number tells. */
function before({ begin, end, row, count }: Acts, op: number, answer: Int32Array): number[] {
  const rows = [at(row, op)];
  for (let other = 0; other < count; other++) {
    const smaller = end[other] === NEVER || at(answer, other) < at(answer, op);
    if (smaller && at(begin, other) < at(end, op)) rows.push(at(row, other));
  }
  return rows;
}
