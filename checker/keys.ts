/** Operations by key: what the checkers judge is a property of each key alone. */
import type { Operation } from "../proto/operation.ts";

/** Keys in the order of their first invocation; each key's operations in the order of theirs. */
export function byKey(operations: readonly Operation[]): Map<string, Operation[]> {
  const keys = new Map<string, Operation[]>();
  for (const op of operations) {
    const sameKey = keys.get(op.key);
    if (sameKey === undefined) keys.set(op.key, [op]);
    else sameKey.push(op);
  }
  return keys;
}
