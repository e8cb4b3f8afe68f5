/**
 * A set: `add`, `remove` and `contains` of one element, `read` of all as an array in any order. A
 * boolean answer of `add` or `remove` says whether it changed the set, any other says nothing.
 */
import type { Json } from "../../../proto/json.ts";
import { canonical } from "../../value.ts";
import type { Action, Model, Touch } from "../model.ts";
import { Version } from "./versions.ts";

/** Canonical texts of the elements. */
type Elements = Version<Set<string>>;

export function set(initial: readonly Json[] = []): Model<Elements> {
  return {
    name: "set",
    kinds: ["add", "remove", "contains", "read"],
    initial: Version.initial(() => new Set(initial.map(canonical))),
    step,
    stateKey: ({ store }) => [...store].sort().join("\n"),
    pure: ({ f, output }) => f === "contains" || f === "read" || output === false,
    blind: () => false,
    touches,
  };
}

function step(state: Elements, { f, input, output }: Action): Elements | undefined {
  const { store } = state;
  if (f === "read") return output === undefined || isAll(store, output) ? state : undefined;
  const element = canonical(input);
  const there = store.has(element);
  if (f === "contains") return output === undefined || output === there ? state : undefined;
  const changes = there === (f === "remove");
  if (typeof output === "boolean" && output !== changes) return undefined;
  if (!changes) return state;
  const put = (elements: Set<string>): unknown => elements.add(element);
  const take = (elements: Set<string>): unknown => elements.delete(element);
  return state.after(f === "add" ? { redo: put, undo: take } : { redo: take, undo: put });
}

function isAll(elements: ReadonlySet<string>, answer: Json): boolean {
  if (!Array.isArray(answer)) return false;
  const found = new Set((answer as readonly Json[]).map(canonical));
  return found.size === elements.size && [...found].every((element) => elements.has(element));
}

function touches({ f, input }: Action): Touch | undefined {
  return f === "read" ? undefined : { reads: input, writes: input };
}
