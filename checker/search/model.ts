/**
 * A sequential specification for the general engine: what an object may answer when one operation
 * happens after another. Linearizability asks whether the concurrent history could have been such
 * a sequence (Herlihy & Wing 1990). All methods are pure; anybody may write a model:
 *
 *     const flag: Model<boolean> = {
 *       name: "flag",
 *       kinds: ["raise", "look"],
 *       initial: false,
 *       step: (up, op) => (op.f === "raise" ? true : op.output === up ? up : undefined),
 *       stateKey: Number,
 *       pure: (op) => op.f === "look",
 *       blind: (op) => op.f === "raise",
 *     };
 *
 * `pure` and `blind` are promises that make the search fast; to answer `false` is always right.
 */
import type { Json } from "../../proto/json.ts";
import { canonical } from "../value.ts";

/** What a model sees of an operation. An `output` of `undefined`: nobody knows the answer. */
export interface Action {
  readonly f: string;
  readonly input: Json;
  readonly output: Json | undefined;
  /** Who did it; only told to models that ask, by `byProcess`. */
  readonly process?: number;
}

export interface Model<State> {
  readonly name: string;
  /** The kinds of operation it understands; a history with others cannot be judged by it. */
  readonly kinds: readonly string[];
  readonly initial: State;
  /** All keys together are one object. Without it every key is one of its own, and judged alone. */
  readonly spans?: "history";
  /** What an operation does depends on its process, as with a lock. Equal ones of two processes then differ. */
  readonly byProcess?: true;
  /** The state afterwards; `undefined` when the operation cannot happen in this state. */
  step(state: State, action: Action): State | undefined;
  /** Equal for equal states and for no others. */
  stateKey(state: State): string | number;
  /** Promises that the operation changes no state in which it can happen. */
  pure(action: Action): boolean;
  /** Promises that it can happen in every state, and that the state afterwards is always the same. */
  blind(action: Action): boolean;
  /** In words, for people. By default the kind, the input and the answer. */
  describe?(action: Action): string;
  /**
   * The observation that a failed operation is: another operation, which did happen. `undefined`
   * (and no such method): it did not happen and says nothing.
   */
  failed?(action: Action): Action | undefined;
  /**
   * For models in which leaving out all operations on some value leaves a legal sequence legal:
   * the value that must be there for the operation, and the value that it puts there. `undefined`:
   * the operation depends on all values. A promise: refutations rest on it, and become small by it.
   */
  touches?(action: Action): Touch | undefined;
}

export interface Touch {
  readonly reads: Json | undefined;
  readonly writes: Json | undefined;
}

/** A state key for states that are JSON values. */
export function jsonKey(state: Json): string | number {
  return typeof state === "number" ? state : canonical(state);
}

export function describeAction<State>(model: Model<State>, action: Action): string {
  if (model.describe !== undefined) return model.describe(action);
  const input = action.input === null ? "" : ` ${canonical(action.input)}`;
  const output = action.output === undefined ? "?" : canonical(action.output);
  return `${action.f}${input} -> ${output}`;
}
