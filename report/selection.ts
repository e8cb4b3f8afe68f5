/**
 * Which operations the timeline draws. Up to the limit: all. Beyond it: every operation of a
 * counterexample, then those that failed or stayed unknown, then the others, each thinned evenly
 * over the run; and a sentence that says so.
 */
import type { Operation } from "../proto/operation.ts";
import { plural } from "./wording.ts";

export const DRAWN_LIMIT = 4_000;

export interface Selection {
  readonly operations: readonly Operation[];
  readonly sentence: string;
}

export function selectOperations(
  operations: readonly Operation[],
  witness: ReadonlySet<number>,
  limit = DRAWN_LIMIT,
): Selection {
  const all = operations.length.toLocaleString("en");
  if (operations.length <= limit)
    return { operations, sentence: `All ${plural(operations.length, "operation")} are drawn.` };
  const shown = operations.filter(({ id }) => witness.has(id));
  const others = operations.filter(({ id }) => !witness.has(id));
  const odd = others.filter(({ status }) => status !== "ok");
  const plain = others.filter(({ status }) => status === "ok");
  const room = Math.max(0, limit - shown.length);
  const oddShown = thin(odd, Math.max(Math.ceil(room / 2), room - plain.length));
  const plainShown = thin(plain, room - oddShown.length);
  const selected = [...shown, ...oddShown, ...plainShown].sort((a, b) => a.id - b.id);
  const sentence = [
    `Showing ${selected.length.toLocaleString("en")} of ${all} operations:`,
    `all ${shown.length} of the counterexamples,`,
    `${oddShown.length} of ${odd.length} others that are fail or info,`,
    `and ${plainShown.length} of ${plain.length} others that are ok, picked evenly.`,
    "Empty space between bars does not mean that a client was idle.",
    "All operations are in history.jsonl.",
  ].join(" ");
  return { operations: selected, sentence };
}

/** Evenly spaced members, the first always among them. */
function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  return Array.from({ length: limit }, (_, index) =>
    items.at(Math.floor((index * items.length) / limit)),
  ).filter((item) => item !== undefined);
}
