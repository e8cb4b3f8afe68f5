/**
 * What else was going on. A search refutes a history by a stretch of it, or several, and leaves out what the rest has no
 * need of; by themselves, the operations that remain might also contradict each other for lack of what happened in
 * between, and that would be no explanation. So whatever could have changed the object meanwhile is looked at too.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, INFO, NEVER, type Part } from "../history/columns.ts";
import type { Action, Model } from "../search/model.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";
import { MOST, type Placeable } from "./order-search.ts";

export interface Surroundings {
  /** Something may have changed the object before. */
  readonly before: boolean;
  /**
   * Operations outside of the certificate, between its first and its last response, that may have changed the object,
   * other than by values of which the certificate does not speak. `undefined`: too many.
   */
  readonly meanwhile: readonly Placeable[] | undefined;
  /** Ranks of those two responses. */
  readonly from: number;
  readonly to: number;
}

const MOST_LOOKED = 1_000;

/** @param inside ranks of the invocations of the certificate. */
export function surroundingsOf(
  ops: readonly Placeable[],
  inside: ReadonlySet<number>,
  { columns, rows }: Part,
  model: Model<unknown>,
): Surroundings {
  const { invoked, completed, status } = columns;
  const due = ops.filter(({ optional }) => !optional);
  const from = Math.min(...due.map((op) => op.completed));
  const told = due.filter(({ action }) => !model.blind(action));
  const to = Math.max(-1, ...told.map((op) => op.completed));
  const spoken = spokenOf(ops.map(({ action }) => action));
  const meanwhile: Placeable[] = [];
  let before = false;
  let looked = 0;
  for (const row of rows) {
    const begun = invoked[row] as number;
    if (begun > to) break;
    const optional = status[row] === INFO;
    const end = optional ? NEVER : (completed[row] as number);
    if (status[row] === FAIL || inside.has(begun) || (end < from && before)) continue;
    // Of very many, nobody wants to know: something had changed it, and too much was going on.
    if (++looked > MOST_LOOKED) before = true;
    if (looked > MOST_LOOKED && end < from) continue;
    if (looked > 10 * MOST_LOOKED) return { before, meanwhile: undefined, from, to };
    const action = actionOfRow(columns, row, model);
    if (action === undefined || model.pure(action) || isApart(model, action, spoken)) continue;
    if (end < from) before = true;
    else meanwhile.push({ action, invoked: begun, completed: end, optional });
    if (meanwhile.length + ops.length > MOST) return { before, meanwhile: undefined, from, to };
  }
  return { before, meanwhile, from, to };
}

/** The values of which these operations speak. */
function spokenOf(actions: readonly Action[]): ReadonlySet<string> {
  const all = actions.flatMap(({ input, output }) => [input, output ?? null]);
  const parts = all.flatMap((value) => (Array.isArray(value) ? (value as Json[]) : []));
  return new Set([...all, ...parts].map(canonical));
}

/** It touches one value only, and none of these: then it might as well be left out. */
function isApart(model: Model<unknown>, action: Action, spoken: ReadonlySet<string>): boolean {
  const touch = model.touches?.(action);
  if (touch === undefined) return false;
  return [touch.reads, touch.writes].every(
    (value) => value === undefined || !spoken.has(canonical(value)),
  );
}
