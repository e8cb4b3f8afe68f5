/** The values that were put into a container and taken out of it, with the bounds that real time gives them. */
import { NEVER } from "../history/columns.ts";
import { type Acts, at } from "./acts.ts";

/** The dequeue of a value that is still there lies after everything, and its end behind that. */
export const STAYS = NEVER - 1;
/** The end of a dequeue that was never answered: before that of what is still there. */
const UNANSWERED = NEVER - 2;

export interface Items {
  readonly acts: Acts;
  readonly count: number;
  /** Operations, as indices into the acts; `remove` is -1 for what is still there. */
  readonly insert: Int32Array;
  readonly remove: Int32Array;
  /** The insertion begins, and has taken effect by `entered`. */
  readonly begun: Int32Array;
  readonly entered: Int32Array;
  /** The removal takes effect no earlier than `leaving`, and has by `left`. */
  readonly leaving: Int32Array;
  readonly left: Int32Array;
}

/**
 * One item for each value that was surely there: an insertion of unknown outcome that nobody saw may as well be left
 * out. Values are numbers; `inserts` and `removes` name their operations or are -1.
 */
export function itemsOf(
  acts: Acts,
  inserts: Int32Array,
  removes: Int32Array,
  withRemaining: boolean,
): Items {
  const size = inserts.length;
  const column = (): Int32Array => new Int32Array(size);
  const [insert, remove] = [column(), column()];
  const [begun, entered, leaving, left] = [column(), column(), column(), column()];
  let count = 0;
  for (let value = 0; value < size; value++) {
    const put = at(inserts, value);
    const take = at(removes, value);
    if (put < 0) continue;
    if (take < 0 && (!withRemaining || acts.end[put] === NEVER)) continue;
    insert[count] = put;
    remove[count] = take;
    begun[count] = at(acts.begin, put);
    left[count] = take < 0 ? NEVER : Math.min(at(acts.end, take), UNANSWERED);
    entered[count] = Math.min(at(acts.end, put), at(left, count));
    leaving[count] = take < 0 ? STAYS : Math.max(at(acts.begin, take), at(acts.begin, put));
    count++;
  }
  const cut = (all: Int32Array): Int32Array => all.subarray(0, count);
  return {
    acts,
    count,
    insert: cut(insert),
    remove: cut(remove),
    begun: cut(begun),
    entered: cut(entered),
    leaving: cut(leaving),
    left: cut(left),
  };
}

export function rowsOf({ acts, insert, remove }: Items, item: number): number[] {
  const ops = [at(insert, item), at(remove, item)];
  return ops.flatMap((op) => (op < 0 ? [] : [at(acts.row, op)]));
}

/** Some of the items. */
export function someOf(items: Items, chosen: readonly number[]): Items {
  const pick = (all: Int32Array): Int32Array => Int32Array.from(chosen, (item) => at(all, item));
  return {
    acts: items.acts,
    count: chosen.length,
    insert: pick(items.insert),
    remove: pick(items.remove),
    begun: pick(items.begun),
    entered: pick(items.entered),
    leaving: pick(items.leaving),
    left: pick(items.left),
  };
}
