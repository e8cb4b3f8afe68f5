/** Models of objects that the general engine has none for, as small as can be. */
import type { Json } from "../../../proto/json.ts";
import type { Model } from "../../search/model.ts";

/** `fetch-and-add` of 1, which answers with the number before. */
export const NUMBERS: Model<number> = {
  name: "numbers",
  kinds: ["fetch-and-add"],
  initial: 0,
  step: (state, { output }) => (output === undefined || output === state ? state + 1 : undefined),
  stateKey: (state) => state,
  pure: () => false,
  blind: () => false,
};

/** `append` answers the offset, `read` of an offset what stands there, or `null`. */
export const LOG: Model<readonly Json[]> = {
  name: "log",
  kinds: ["append", "read"],
  initial: [],
  step(state, { f, input, output }) {
    if (f === "append")
      return output === undefined || output === state.length ? [...state, input] : undefined;
    const there = state[Number(input)] ?? null;
    return output === undefined || output === there ? state : undefined;
  },
  stateKey: (state) => JSON.stringify(state),
  pure: ({ f }) => f === "read",
  blind: () => false,
};

/** A lock for two, without owners. */
export const TWO_PERMITS: Model<number> = {
  name: "semaphore",
  kinds: ["acquire", "release"],
  initial: 0,
  step(held, { f }) {
    if (f === "acquire") return held < 2 ? held + 1 : undefined;
    return held > 0 ? held - 1 : undefined;
  },
  stateKey: (held) => held,
  pure: () => false,
  blind: () => false,
};

/** A thermostat: somebody's own model, with words of its own. */
export const THERMOSTAT: Model<number> = {
  name: "thermostat",
  kinds: ["warmer", "look"],
  initial: 20,
  step: (degrees, { f, output }) =>
    f === "warmer" ? degrees + 1 : output === undefined || output === degrees ? degrees : undefined,
  stateKey: (degrees) => degrees,
  pure: ({ f }) => f === "look",
  blind: () => false,
  describe: ({ f, output }) => (f === "warmer" ? "one degree more" : `saw ${String(output)} °C`),
};
