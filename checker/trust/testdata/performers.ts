/** Sequential objects that the oracle's own file lacks, as plainly as can be, each answering all that it could. */
import type { Json } from "../../../proto/json.ts";
import type { Perform } from "../../objects/testdata/oracle.ts";

function list(json: Json): readonly Json[] {
  return Array.isArray(json) ? json : [];
}

function map(json: Json): Record<string, Json> {
  return json as Record<string, Json>;
}

/** `read` has the names that it answers for as its input. */
export const multiRegister: Perform = (state, { f, input }) => {
  if (f === "write") return { state: { ...map(state), ...map(input) }, output: null };
  const names = input === null ? Object.keys(map(state)) : list(input).map(String);
  return {
    state,
    output: Object.fromEntries(names.map((name) => [name, map(state)[name] ?? null])),
  };
};

export const keyValue: Perform = (state, { f, input }) => {
  if (f === "get") return { state, output: state };
  return { state: f === "put" ? input : `${state}${input}`, output: null };
};

/** `add` answers the sum afterwards; `add silently` answers nothing. */
export const counter: Perform = (state, { f, input }) => {
  if (f === "read") return { state, output: state };
  const sum = Number(state) + (input === null ? 1 : Number(input));
  return { state: sum, output: f === "add" ? sum : null };
};

export const fetchAndAdd: Perform = (state, { input }) => {
  return { state: Number(state) + (input === null ? 1 : Number(input)), output: state };
};

/** `add` and `remove` answer whether they changed anything; `add silently` and `remove silently` answer nothing. */
export const set: Perform = (state, { f, input }) => {
  const all = list(state);
  if (f === "read") return { state, output: all };
  const has = all.includes(input);
  if (f === "contains") return { state, output: has };
  const rest = all.filter((one) => one !== input);
  const silent = f.endsWith(" silently");
  if (f.startsWith("remove")) return { state: rest, output: silent ? null : has };
  return { state: [...rest, input].sort(), output: silent ? null : !has };
};

/** Without an owner: the state is whether it is held. */
export const mutex: Perform = (state, { f }) => {
  return (f === "release") === state ? { state: f === "acquire", output: null } : undefined;
};
