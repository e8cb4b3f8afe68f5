/**
 * The dumb twin: tries every order that respects real time, operation by operation, remembering
 * where it has been. It shares no code with the engines, so it can judge their certificates (and,
 * in tests, their verdicts). Exponential in the number of concurrent operations: for certificates,
 * not for histories.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import type { Model } from "../models/model.ts";
import { canonical } from "../value.ts";

/** @returns `undefined` when more than `limit` configurations would have to be tried. */
export function bruteLinearizable(
  operations: readonly Operation[],
  model: Model,
  limit = 200_000,
): boolean | undefined {
  const ops = operations.filter(
    (op) => op.status === "ok" || (op.status === "info" && !model.pure(op)),
  );
  const due = ops.reduce(
    (mask, op, i) => (op.status === "ok" ? mask | (1n << BigInt(i)) : mask),
    0n,
  );
  const seen = new Set<string>();
  const open: [bigint, Json][] = [[0n, model.initial]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [placed, state] = top;
    if ((placed & due) === due) return true;
    const key = `${placed} ${canonical(state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > limit) return undefined;
    for (const [i, op] of ops.entries()) {
      const bit = 1n << BigInt(i);
      if ((placed & bit) !== 0n) continue;
      const late = ops.some(
        (other, j) => (placed & (1n << BigInt(j))) === 0n && precedes(other, op),
      );
      const after = late ? undefined : model.step(state, op);
      if (after !== undefined) open.push([placed | bit, after]);
    }
  }
  return false;
}

/** Real time: the one was answered before the other was invoked. */
function precedes(one: Operation, other: Operation): boolean {
  return one.status === "ok" && one.completed !== undefined && one.completed < other.id;
}
