/**
 * Two objects that hold values in order: a queue (`enqueue`, `dequeue`: first in, first out) and a
 * stack (`push`, `pop`: last in, first out). Taking from an empty one answers `null`, which is
 * therefore no value to put in. Who took without an answer took what was due, if anything.
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model, Touch } from "../model.ts";

/** Canonical texts of the values, the oldest first. */
type Values = readonly string[];

export function queue(initial: readonly Json[] = []): Model<Values> {
  return sequence("queue", { put: "enqueue", take: "dequeue", end: "oldest" }, initial);
}

export function stack(initial: readonly Json[] = []): Model<Values> {
  return sequence("stack", { put: "push", take: "pop", end: "newest" }, initial);
}

interface Words {
  readonly put: string;
  readonly take: string;
  /** Which value is taken. */
  readonly end: "oldest" | "newest";
}

function sequence(name: string, words: Words, initial: readonly Json[]): Model<Values> {
  return {
    name,
    kinds: [words.put, words.take],
    initial: initial.map(canonical),
    step: (state, action) => step(state, action, words),
    stateKey: (state) => state.join("\n"),
    pure: ({ f, output }) => f === words.take && output === null,
    blind: () => false,
    touches: ({ f, input, output }) => touches(f === words.put ? input : output),
  };
}

function step(state: Values, action: Action, { put, end }: Words): Values | undefined {
  const { f, input, output } = action;
  if (f === put) {
    if (input === null) throw new TypeError("null means empty and cannot be put in");
    return [...state, canonical(input)];
  }
  const due = end === "oldest" ? state[0] : state.at(-1);
  if (due === undefined) return output === undefined || output === null ? state : undefined;
  if (output !== undefined && canonical(output) !== due) return undefined;
  return end === "oldest" ? state.slice(1) : state.slice(0, -1);
}

/** Whoever found it empty finds it empty without that value, too. */
function touches(value: Json | undefined): Touch {
  return value === null ? { reads: undefined, writes: undefined } : { reads: value, writes: value };
}
