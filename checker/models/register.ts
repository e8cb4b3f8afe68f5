/**
 * A register: a read returns the value of the last write, or the initial value. Kinds: `write` with
 * the value in `input`, `read` with the value in `output`.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { canonical } from "../value.ts";
import type { Action, Model } from "./model.ts";

export type RegisterSpec = { readonly name: "register"; readonly initial: Json };

/** A register that holds `initial`, by default `null`, until it is first written. */
export function register(initial: Json = null): RegisterSpec {
  return { name: "register", initial };
}

export function registerModel(spec: RegisterSpec): Model {
  return {
    name: "register",
    kinds: ["read", "write"],
    initial: spec.initial,
    step,
    pure,
    relevant,
  };
}

function step(state: Json, action: Action): Json | undefined {
  if (action.f === "write") return action.input;
  if (action.output === undefined) return state;
  return canonical(action.output) === canonical(state) ? state : undefined;
}

function pure(action: Action): boolean {
  return action.f === "read";
}

/**
 * A write of unknown outcome whose value nobody read can always be placed last, so it proves
 * nothing.
 */
function relevant(operations: readonly Operation[]): Operation[] {
  const read = new Set<string>();
  for (const op of operations)
    if (op.f === "read" && op.output !== undefined) read.add(canonical(op.output));
  return operations.filter(
    (op) =>
      op.status === "ok" ||
      (op.status === "info" && op.f === "write" && read.has(canonical(op.input))),
  );
}
