/**
 * A map of a few keys that is read and changed by transactions, all or nothing. The input of `txn` is an array of
 * `["r", key, null]`, `["w", key, value]` and `["append", key, value]`; the answer is the same array with what was read
 * in place of the `null`s. A transaction sees its own changes; what was never written is `null`; appending to that
 * makes a list of one. The key 1 is the key "1".
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model } from "../model.ts";

/** By key; `null` is left out. */
type Registers = ReadonlyMap<string, Json>;

type Step = readonly [f: "r" | "w" | "append", key: string | number, value: Json];

export function transactions(initial: { readonly [key: string]: Json } = {}): Model<Registers> {
  return {
    name: "transactions",
    kinds: ["txn"],
    initial: new Map(Object.entries(initial).filter(([, value]) => value !== null)),
    step,
    stateKey: (state) => canonical([...state].sort(([a], [b]) => (a < b ? -1 : 1))),
    pure: ({ input }) => stepsOf(input).every(([f]) => f === "r"),
    blind: () => false,
  };
}

function step(state: Registers, { input, output }: Action): Registers | undefined {
  const steps = stepsOf(input);
  const answer = output === undefined ? undefined : stepsOf(output);
  if (answer !== undefined && answer.length !== steps.length) return undefined;
  const after = new Map(state);
  for (const [i, [f, key, value]] of steps.entries()) {
    const found = after.get(String(key)) ?? null;
    const told = answer?.[i];
    if (told !== undefined) {
      const due = f === "r" ? found : value;
      if (told[0] !== f || told[1] !== key || canonical(told[2]) !== canonical(due))
        return undefined;
    }
    if (f === "r") continue;
    const next = f === "w" ? value : appended(found, value);
    if (next === undefined) return undefined;
    if (next === null) after.delete(String(key));
    else after.set(String(key), next);
  }
  return after;
}

/** Nothing can be appended to what is not a list. */
function appended(found: Json, value: Json): Json | undefined {
  if (found === null) return [value];
  return Array.isArray(found) ? [...(found as readonly Json[]), value] : undefined;
}

function stepsOf(input: Json): readonly Step[] {
  if (!Array.isArray(input) || !input.every(isStep))
    throw new TypeError(
      `a transaction is an array of ["r" | "w" | "append", key, value], and a key is a text or a number; it is ${canonical(input).slice(0, 200)}`,
    );
  return input;
}

function isStep(step: Json): step is Step {
  if (!Array.isArray(step) || step.length !== 3) return false;
  const [f, key] = step as readonly Json[];
  const named = typeof key === "string" || typeof key === "number";
  return named && (f === "r" || f === "w" || f === "append");
}
