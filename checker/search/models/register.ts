/**
 * A register: `write` puts `input` there, `read` answers (in `output`) with what was last written.
 * In a cas-register `cas` with the input `[old, new]` writes `new` if it finds `old`. A cas that
 * answered `false` did not find `old`; so did one that failed, unless failures are ignored because
 * they have other reasons. An rmw-register has `swap` (get-and-set) besides: it writes `input` and
 * answers what was there.
 */
import type { Json } from "../../../proto/json.ts";
import { type Action, jsonKey, type Model, type Touch } from "../model.ts";

export function register(initial: Json = null): Model<Json> {
  return {
    name: "register",
    kinds: ["read", "write"],
    initial,
    step: stepRegister,
    stateKey: jsonKey,
    pure: (action) => action.f === "read",
    blind: (action) => action.f === "write",
    touches: touchesRegister,
  };
}

export interface CasRules {
  /** Whether a cas that failed is an observation. Observed unless told. */
  readonly failures?: "observed" | "ignored";
}

export function casRegister(initial: Json = null, { failures }: CasRules = {}): Model<Json> {
  return {
    name: "cas-register",
    kinds: ["read", "write", "cas"],
    initial,
    step: stepCas,
    stateKey: jsonKey,
    pure: (action) => action.f === "read" || (action.f === "cas" && action.output === false),
    blind: (action) => action.f === "write",
    failed: (action) =>
      action.f === "cas" && failures !== "ignored" ? { ...action, output: false } : undefined,
    touches: touchesCas,
  };
}

export function rmwRegister(initial: Json = null, rules: CasRules = {}): Model<Json> {
  return {
    ...casRegister(initial, rules),
    name: "rmw-register",
    kinds: ["read", "write", "cas", "swap"],
    step: stepRmw,
    blind: ({ f, output }) => f === "write" || (f === "swap" && output === undefined),
    touches: touchesRmw,
  };
}

function stepRegister(state: Json, { f, input, output }: Action): Json | undefined {
  if (f === "write") return input;
  return output === undefined || same(state, output) ? state : undefined;
}

function stepCas(state: Json, action: Action): Json | undefined {
  if (action.f !== "cas") return stepRegister(state, action);
  const [from, to] = pairOf(action.input);
  const found = same(state, from);
  if (action.output === undefined) return found ? to : state;
  if (action.output === false) return found ? undefined : state;
  return found ? to : undefined;
}

function stepRmw(state: Json, action: Action): Json | undefined {
  if (action.f !== "swap") return stepCas(state, action);
  const { input, output } = action;
  return output === undefined || same(state, output) ? input : undefined;
}

function touchesRegister({ f, input, output }: Action): Touch | undefined {
  return f === "write" ? { reads: undefined, writes: input } : { reads: output, writes: undefined };
}

function touchesCas(action: Action): Touch | undefined {
  if (action.f !== "cas") return touchesRegister(action);
  if (action.output === false) return undefined;
  const [reads, writes] = pairOf(action.input);
  return { reads, writes };
}

function touchesRmw(action: Action): Touch | undefined {
  if (action.f !== "swap") return touchesCas(action);
  return { reads: action.output, writes: action.input };
}

function pairOf(input: Json): readonly [Json, Json] {
  const pair: readonly Json[] = Array.isArray(input) ? input : [];
  const [from, to] = pair;
  if (from === undefined || to === undefined || pair.length !== 2)
    throw new TypeError("the input of a cas must be [old, new]");
  return [from, to];
}

function same(one: Json, other: Json): boolean {
  return one === other || (isObject(one) && isObject(other) && jsonKey(one) === jsonKey(other));
}

function isObject(value: Json): boolean {
  return typeof value === "object" && value !== null;
}
