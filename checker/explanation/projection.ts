/**
 * What is left of operations when others are left out of the history, where the objects allow it: an update whose
 * old value was deleted is a plain write; an answer of a whole set loses the elements that were deleted.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, type Part, UNKNOWN } from "../history/columns.ts";
import { Interner } from "../history/intern.ts";
import type { Action, Model } from "../search/model.ts";
import { canonical } from "../value.ts";
import type { Placeable } from "./order-search.ts";
import { pairOf } from "./words.ts";

/** An operation as it is left, with the elements that its answer lost. */
export interface Left extends Placeable {
  readonly gone?: readonly Json[];
}

/** @returns the operations as they are left, or `undefined` when nothing changes. */
export function projected(
  ops: readonly Placeable[],
  part: Part,
  model: Model<unknown>,
): Left[] | undefined {
  const needed = new Interner();
  for (const { action } of ops) for (const value of needs(action, model)) needed.id(value);
  const inside = new Set(
    ops.flatMap((op) => writtenBy(op.action.f, op.action.input).map(canonical)),
  );
  const outside = writtenIn(part, needed);
  const isGone = (value: Json): boolean =>
    !inside.has(canonical(value)) && outside.has(needed.find(value) ?? -1);
  const left = ops.map((op) => without(op, model, isGone));
  return left.every((op, i) => op === ops[i]) ? undefined : left;
}

/** The values that must be there for an operation, of those that could be left out. */
function needs({ f, input, output }: Action, { kinds }: Model<unknown>): readonly Json[] {
  const pair = f === "cas" ? pairOf(input) : undefined;
  if (pair !== undefined) return output !== false && kinds.includes("write") ? [pair[0]] : [];
  if (f === "swap") return output !== undefined && kinds.includes("write") ? [output] : [];
  return f === "read" && Array.isArray(output) && kinds.includes("add") ? (output as Json[]) : [];
}

function without(op: Placeable, model: Model<unknown>, isGone: (value: Json) => boolean): Left {
  const { f, input, output } = op.action;
  const gone = needs(op.action, model).filter(isGone);
  if (gone.length === 0) return op;
  const [written] = writtenBy(f, input);
  if (f !== "read") return { ...op, action: { f: "write", input: written ?? null, output: null } };
  const kept = (output as Json[]).filter((element) => !gone.includes(element));
  return { ...op, action: { ...op.action, output: kept }, gone };
}

/** The values that an operation puts there. */
function writtenBy(f: string, input: Json): readonly Json[] {
  const pair = f === "cas" ? pairOf(input) : undefined;
  return pair === undefined ? [input] : [pair[1]];
}

/** Which of these values (by id) were written in the part, by operations that may have happened. */
export function writtenIn({ columns, rows }: Part, needed: Interner): ReadonlySet<number> {
  const found = new Set<number>();
  if (needed.size === 0) return found;
  const { kinds, values } = columns;
  const idOf = new Map(needed.all.map((value, id) => [values.find(value) ?? UNKNOWN, id]));
  const cas = kinds.indexOf("cas");
  for (const row of rows) {
    const input = columns.input[row] as number;
    if (columns.status[row] === FAIL || input === UNKNOWN) continue;
    const pair = columns.f[row] === cas ? pairOf(values.valueOf(input)) : undefined;
    const id = pair === undefined ? idOf.get(input) : needed.find(pair[1]);
    if (id !== undefined) found.add(id);
  }
  return found;
}
