/**
 * Two counters. `counter`: `add` of a number (1 unless told) and `increment`, `read` of the sum; where `sums` are told,
 * a number answered by `add` is the sum afterwards, any other answer says nothing. `fetchAndAdd`: one operation that adds a number (1 unless
 * told) and answers the sum before, as hands out numbers or ids.
 */
import type { Json } from "../../../proto/json.ts";
import type { Action, Model } from "../model.ts";

export function counter(
  initial = 0,
  { sums = true }: { readonly sums?: boolean } = {},
): Model<number> {
  return {
    name: "counter",
    kinds: ["add", "increment", "read"],
    initial,
    step: (state, action) => stepCounter(state, action, sums),
    stateKey: (state) => state,
    pure: ({ f, input }) => f === "read" || input === 0,
    blind: () => false,
  };
}

export function fetchAndAdd(initial = 0): Model<number> {
  return {
    name: "fetch-and-add",
    kinds: ["fetch-and-add"],
    initial,
    step: stepFetchAndAdd,
    stateKey: (state) => state,
    pure: ({ input }) => input === 0,
    blind: () => false,
  };
}

function stepCounter(
  state: number,
  { f, input, output }: Action,
  sums: boolean,
): number | undefined {
  if (f === "read") return output === undefined || output === state ? state : undefined;
  const sum = state + summand(input);
  return sums && typeof output === "number" && output !== sum ? undefined : sum;
}

function stepFetchAndAdd(state: number, { input, output }: Action): number | undefined {
  return output === undefined || output === state ? state + summand(input) : undefined;
}

function summand(input: Json): number {
  const by = input ?? 1;
  if (typeof by !== "number") throw new TypeError("only numbers can be added to a counter");
  return by;
}
