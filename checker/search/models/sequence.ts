/**
 * Two objects that hold values in order: a queue (`enqueue`, `dequeue`: first in, first out) and a
 * stack (`push`, `pop`: last in, first out). Taking from an empty one answers `null`, which is
 * therefore no value to put in. Who took without an answer took what was due, if anything.
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model, Touch } from "../model.ts";
import { Version } from "./versions.ts";

/** Canonical texts of the values, the oldest first; those before `first` are gone. */
interface Line {
  readonly values: string[];
  first: number;
}

type Values = Version<Line>;

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
    initial: Version.initial(() => ({ values: initial.map(canonical), first: 0 })),
    step: (state, action) => step(state, action, words),
    stateKey: ({ store }) => store.values.slice(store.first).join("\n"),
    pure: ({ f, output }) => f === words.take && output === null,
    blind: () => false,
    touches: ({ f, input, output }) => touches(f === words.put ? input : output),
  };
}

function step(state: Values, action: Action, { put, end }: Words): Values | undefined {
  const { f, input, output } = action;
  if (f === put) {
    if (input === null) throw new TypeError("null means empty and cannot be put in");
    const value = canonical(input);
    return state.after({
      redo: ({ values }) => values.push(value),
      undo: ({ values }) => values.pop(),
    });
  }
  const { values, first } = state.store;
  const due =
    first === values.length ? undefined : end === "oldest" ? values[first] : values.at(-1);
  if (due === undefined) return output === undefined || output === null ? state : undefined;
  if (output !== undefined && canonical(output) !== due) return undefined;
  if (end === "newest")
    return state.after({
      redo: (line) => line.values.pop(),
      undo: (line) => line.values.push(due),
    });
  return state.after({
    redo: (line) => {
      line.first++;
    },
    undo: (line) => {
      line.first--;
    },
  });
}

/** Whoever found it empty finds it empty without that value, too. */
function touches(value: Json | undefined): Touch {
  return value === null ? { reads: undefined, writes: undefined } : { reads: value, writes: value };
}
