/**
 * A set: `add`, `remove` and `contains` of one element, `read` of all as an array in any order. A
 * boolean answer of `add` or `remove` says whether it changed the set, any other says nothing.
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model, Touch } from "../model.ts";

/** Canonical texts of the elements, ascending. */
type Elements = readonly string[];

export function set(initial: readonly Json[] = []): Model<Elements> {
  return {
    name: "set",
    kinds: ["add", "remove", "contains", "read"],
    initial: elementsOf(initial),
    step,
    stateKey: (state) => state.join("\n"),
    pure: ({ f, output }) => f === "contains" || f === "read" || output === false,
    blind: () => false,
    touches,
  };
}

function step(state: Elements, { f, input, output }: Action): Elements | undefined {
  if (f === "read") {
    if (output === undefined) return state;
    const found = Array.isArray(output) ? elementsOf(output) : undefined;
    return found?.join("\n") === state.join("\n") ? state : undefined;
  }
  const element = canonical(input);
  const there = state.includes(element);
  if (f === "contains") return output === undefined || output === there ? state : undefined;
  const changes = there === (f === "remove");
  if (typeof output === "boolean" && output !== changes) return undefined;
  if (!changes) return state;
  return f === "add" ? [...state, element].sort() : state.filter((one) => one !== element);
}

function elementsOf(values: readonly Json[]): Elements {
  return [...new Set(values.map(canonical))].sort();
}

function touches({ f, input }: Action): Touch | undefined {
  return f === "read" ? undefined : { reads: input, writes: input };
}
