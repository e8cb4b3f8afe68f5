/**
 * Several registers that are read and written together: the input of `write` is an object of new
 * values, the answer of `read` an object of what was found; both may name only some registers.
 */
import type { Json } from "../../../proto/json.ts";
import { type Action, jsonKey, type Model } from "../model.ts";

type Registers = { readonly [name: string]: Json };

export function multiRegister(initial: Registers): Model<Registers> {
  const names = Object.keys(initial);
  return {
    name: "multi-register",
    kinds: ["read", "write"],
    initial,
    step,
    stateKey: jsonKey,
    pure: ({ f }) => f === "read",
    blind: ({ f, input }) =>
      f === "write" && names.every((name) => Object.hasOwn(registersOf(input), name)),
  };
}

function step(state: Registers, { f, input, output }: Action): Registers | undefined {
  if (f === "write") return written(state, registersOf(input));
  if (output === undefined) return state;
  // Whatever else the system answered, it is no content of registers.
  if (!isRegisters(output)) return undefined;
  const found = Object.entries(output);
  const fits = found.every(([name, value]) => jsonKey(contentOf(state, name)) === jsonKey(value));
  return fits ? state : undefined;
}

/** A register that there is not holds nothing, whatever objects have of themselves. */
function contentOf(state: Registers, name: string): Json {
  return Object.hasOwn(state, name) ? (state[name] ?? null) : null;
}

function written(state: Registers, values: Registers): Registers {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(state, name));
  if (unknown !== undefined) throw new TypeError(`there is no register ${unknown}`);
  return { ...state, ...values };
}

function registersOf(value: Json): Registers {
  if (!isRegisters(value)) throw new TypeError("must be an object of registers");
  return value;
}

function isRegisters(value: Json): value is Registers {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
