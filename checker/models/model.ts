/**
 * A sequential specification: what an object may answer when one operation happens after another.
 * Linearizability asks whether the concurrent history could have been such a sequence (Herlihy &
 * Wing 1990).
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import type { RegisterSpec } from "./register.ts";

/** A model as data, so that it can stand in a plan. */
export type ModelSpec = RegisterSpec;

/**
 * The part of an operation that a model sees; an `output` of `undefined` means that nobody knows
 * the answer.
 */
export type Action = Pick<Operation, "f" | "input" | "output">;

export interface Model {
  readonly name: string;
  /** The kinds of operation it understands; a history with others cannot be judged by it. */
  readonly kinds: readonly string[];
  readonly initial: Json;
  /**
   * The state after the action, or `undefined` when the action cannot happen in this state. Pure.
   */
  step(state: Json, action: Action): Json | undefined;
  /** True when the action never changes the state, whatever the state is. */
  pure(action: Action): boolean;
  /**
   * The operations that can bear on the verdict. What failed did not happen; what has an unknown
   * outcome and could be left out of every order without harm is left out.
   */
  relevant(operations: readonly Operation[]): Operation[];
}
