/**
 * One key of a store of strings: `put` replaces the value, `append` adds to its end, `get` answers
 * with all of it.
 */
import type { Json } from "../../../proto/json.ts";
import type { Action, Model } from "../model.ts";

export function keyValue(initial = ""): Model<string> {
  return {
    name: "key-value",
    kinds: ["get", "put", "append"],
    initial,
    step,
    stateKey: (state) => state,
    pure: ({ f, input }) => f === "get" || (f === "append" && input === ""),
    blind: ({ f }) => f === "put",
  };
}

function step(state: string, { f, input, output }: Action): string | undefined {
  if (f === "put") return text(input);
  if (f === "append") return state + text(input);
  return output === undefined || output === state ? state : undefined;
}

function text(input: Json): string {
  if (typeof input !== "string") throw new TypeError("a store of strings holds only strings");
  return input;
}
