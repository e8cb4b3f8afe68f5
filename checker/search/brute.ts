/**
 * The dumb twin: tries every order that respects real time, asking the model each time,
 * remembering where it has been. It shares no code with the engines, so it can judge their
 * refutations and, in tests, their verdicts. Exponential: for a dozen operations.
 */
import type { Action, Model } from "./model.ts";

export interface BruteOperation {
  readonly action: Action;
  readonly invoked: number;
  readonly completed: number;
  /** It need not be placed. Its interval counts all the same. */
  readonly optional: boolean;
}

/** More than this many operations are not tried. */
export const BRUTE_LIMIT = 20;

/** Have these operations a legal order that begins in this state? */
export function bruteLinearizable<State>(
  operations: readonly BruteOperation[],
  model: Model<State>,
  initial: State,
): boolean {
  if (operations.length > BRUTE_LIMIT)
    throw new RangeError("too many operations to try all orders");
  const due = operations.reduce((mask, op, i) => (op.optional ? mask : mask | (1 << i)), 0);
  const seen = new Set<string>();
  const open: [number, State][] = [[0, initial]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [placed, state] = top;
    if ((placed & due) === due) return true;
    const key = `${placed} ${typeof model.stateKey(state)} ${model.stateKey(state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const [i, op] of operations.entries()) {
      const before = (placed & (1 << i)) !== 0;
      const late = operations.some(
        (other, j) => (placed & (1 << j)) === 0 && !other.optional && other.completed < op.invoked,
      );
      // An optional operation with an end cannot be placed after what was invoked later.
      const gone = operations.some(
        (other, j) => (placed & (1 << j)) !== 0 && op.completed < other.invoked,
      );
      if (before || late || gone) continue;
      const after = model.step(state, op.action);
      if (after !== undefined) open.push([placed | (1 << i), after]);
    }
  }
  return false;
}

/**
 * Have these operations a legal order after anything at all: from one of these states, where what
 * was invoked before the rank `begin` may have happened before?
 */
export function bruteContinues<State>(
  operations: readonly BruteOperation[],
  model: Model<State>,
  states: readonly State[],
  begin: number,
): boolean {
  const relaxed = operations.map((op) => ({ ...op, optional: op.optional || op.invoked < begin }));
  return states.some((state) => bruteLinearizable(relaxed, model, state));
}
