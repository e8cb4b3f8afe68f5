/**
 * The definition of a linearizable register, read aloud: for tests of a handful of operations only.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";

/**
 * Is there a legal order of all acknowledged and some of the unknown operations that respects real
 * time?
 */
export function explainable(operations: readonly Operation[], initial: Json = null): boolean {
  const happened = operations.filter((op) => op.status !== "fail");
  return continues(happened, JSON.stringify(initial));
}

function continues(left: readonly Operation[], state: string): boolean {
  if (left.every((op) => op.status === "info")) return true;
  return left.some((op) => {
    if (left.some((other) => other.completed !== undefined && other.completed < op.id))
      return false;
    const rest = left.filter((other) => other !== op);
    if (op.f === "write") return continues(rest, JSON.stringify(op.input));
    return (op.status === "info" || JSON.stringify(op.output) === state) && continues(rest, state);
  });
}
