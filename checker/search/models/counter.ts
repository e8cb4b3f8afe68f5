/**
 * A counter: `add` of a number, `read` of the sum. A number answered by `add` is the sum
 * afterwards; any other answer says nothing.
 */
import type { Action, Model } from "../model.ts";

export function counter(initial = 0): Model<number> {
  return {
    name: "counter",
    kinds: ["add", "read"],
    initial,
    step,
    stateKey: (state) => state,
    pure: ({ f, input }) => f === "read" || input === 0,
    blind: () => false,
  };
}

function step(state: number, { f, input, output }: Action): number | undefined {
  if (f === "read") return output === undefined || output === state ? state : undefined;
  if (typeof input !== "number") throw new TypeError("only numbers can be added to a counter");
  const sum = state + input;
  return typeof output === "number" && output !== sum ? undefined : sum;
}
