/**
 * A log: `append` answers the offset of its value, from 0; `read` of an offset answers what stands there, `null` when
 * that is beyond the end. `null` is therefore no value to append.
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model } from "../model.ts";
import { Version } from "./versions.ts";

/** The values in the log, as canonical texts, and a number that no other content has. */
interface Content {
  readonly values: Version<string[]>;
  readonly length: number;
  readonly number: number;
  /** The contents with one value more: equal contents are the same object, however they came about. */
  readonly longer: Map<string, Content>;
}

export function log(): Model<Content> {
  let contents = 0;
  const content = (values: Version<string[]>, length: number): Content => {
    return { values, length, number: contents++, longer: new Map() };
  };
  const append = (before: Content, value: string): Content => {
    const known = before.longer.get(value);
    if (known !== undefined) return known;
    const values = before.values.after({
      redo: (all) => all.push(value),
      undo: (all) => all.pop(),
    });
    const after = content(values, before.length + 1);
    before.longer.set(value, after);
    return after;
  };
  return {
    name: "log",
    kinds: ["append", "read"],
    initial: content(
      Version.initial((): string[] => []),
      0,
    ),
    step(state, { f, input, output }) {
      if (f === "read") return isThere(state, input, output) ? state : undefined;
      if (input === null) throw new TypeError("null means nothing and cannot be appended");
      const answers = output === undefined || output === state.length;
      return answers ? append(state, canonical(input)) : undefined;
    },
    stateKey: ({ number }) => number,
    pure: ({ f }) => f === "read",
    blind: () => false,
  };
}

function isThere({ values, length }: Content, offset: Json, output: Action["output"]): boolean {
  if (output === undefined) return true;
  const within = typeof offset === "number" && Number.isInteger(offset) && offset >= 0;
  if (!within || offset >= length) return output === null;
  return output !== null && canonical(output) === values.store[offset];
}
