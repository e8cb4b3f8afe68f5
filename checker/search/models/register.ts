/**
 * A register: `write` puts `input` there, `read` answers (in `output`) with what was last written.
 * In a cas-register `cas` with the input `[old, new]` writes `new` if it finds `old`. A cas that
 * failed, or that answered `false`, is an observation: it did not find `old`.
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

export function casRegister(initial: Json = null): Model<Json> {
  return {
    name: "cas-register",
    kinds: ["read", "write", "cas"],
    initial,
    step: stepCas,
    stateKey: jsonKey,
    pure: (action) => action.f === "read" || (action.f === "cas" && action.output === false),
    blind: (action) => action.f === "write",
    failed: (action) => (action.f === "cas" ? { ...action, output: false } : undefined),
    touches: touchesCas,
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

function touchesRegister({ f, input, output }: Action): Touch | undefined {
  return f === "write" ? { reads: undefined, writes: input } : { reads: output, writes: undefined };
}

function touchesCas(action: Action): Touch | undefined {
  if (action.f !== "cas") return touchesRegister(action);
  if (action.output === false) return undefined;
  const [reads, writes] = pairOf(action.input);
  return { reads, writes };
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
