/** Answers that an operation might have given instead: values that its surroundings speak of, which some state allows. */
import type { Json } from "../../proto/json.ts";
import { canonical } from "../value.ts";
import type { Core, Step } from "./core.ts";
import { possible } from "./reachable.ts";

const MOST = 24;

/** The nearest first: an answer of the same type, and what was spoken of last. */
export function answersFor({ model, steps, states }: Core, step: number): Json[] {
  const { action } = steps[step] as Step;
  const given = action.output ?? null;
  const candidates = new Map<string, Json>();
  const add = (value: Json): void => {
    if (candidates.size < 4 * MOST) candidates.set(canonical(value), value);
  };
  const values = valuesIn(steps);
  if (typeof given === "boolean" || action.f === "cas") add(given === false);
  if (typeof given === "number") for (const by of [1, -1, 2, -2]) add(given + by);
  if (Array.isArray(given)) for (const near of neighbours(given as Json[], values)) add(near);
  for (const value of values) add(value);
  for (const state of states) for (const value of answersIn(state)) add(value);
  add(null);
  candidates.delete(canonical(given));
  const fits = [...candidates.values()].filter((output) => {
    try {
      return possible(model, states, { ...action, output });
    } catch {
      return false;
    }
  });
  const alike = (value: Json): boolean => typeof value === typeof given && value !== null;
  return [...fits.filter(alike), ...fits.filter((value) => !alike(value))].slice(0, MOST);
}

/** Inputs and answers, the last ones first, with what stands in arrays. */
function valuesIn(steps: readonly Step[]): Json[] {
  const all = steps.toReversed().flatMap(({ action }) => [action.output ?? null, action.input]);
  return all.flatMap((value) => (Array.isArray(value) ? [value, ...(value as Json[])] : [value]));
}

/** The array with one element more or less. */
function neighbours(given: readonly Json[], values: readonly Json[]): Json[] {
  const more = values.filter((value) => value !== null && !Array.isArray(value));
  return [
    ...more.slice(0, MOST).map((value) => [...given, value]),
    ...given.slice(0, MOST).map((_, i) => given.toSpliced(i, 1)),
  ];
}

/** Many a state is an answer: a number, a text, an object of registers; a set of canonical texts is one of values. */
function answersIn(state: unknown): Json[] {
  if (typeof state === "number" || typeof state === "string") return [state];
  if (!Array.isArray(state)) return isRecord(state) ? [state] : [];
  const texts = state.every((one) => typeof one === "string") ? (state as string[]) : [];
  try {
    return [texts.map((text) => JSON.parse(text) as Json)];
  } catch {
    return [];
  }
}

function isRecord(state: unknown): state is { readonly [name: string]: Json } {
  return typeof state === "object" && state !== null;
}
