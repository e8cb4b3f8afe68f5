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
    blind: ({ f, input }) => f === "write" && names.every((name) => name in registersOf(input)),
  };
}

function step(state: Registers, { f, input, output }: Action): Registers | undefined {
  if (f === "write") return written(state, registersOf(input));
  if (output === undefined) return state;
  // Whatever else the system answered, it is no content of registers.
  if (!isRegisters(output)) return undefined;
  const found = Object.entries(output);
  const fits = found.every(([name, value]) => jsonKey(state[name] ?? null) === jsonKey(value));
  return fits ? state : undefined;
}

function written(state: Registers, values: Registers): Registers {
  const unknown = Object.keys(values).find((name) => !(name in state));
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
