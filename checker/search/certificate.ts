/**
 * A refutation made small, and decided once more by other code than the one that found it: with
 * few operations by trying all their orders, else by a search without the cleverest reductions.
 */
import { bruteContinues, bruteLinearizable } from "./brute.ts";
import { type MinimiseLimits, minimise } from "./minimise.ts";
import type { Model } from "./model.ts";
import { decideAgain, type Refuted } from "./refuted.ts";
import { ALL_RULES } from "./rules.ts";
import type { Task } from "./task.ts";

/** So many operations have their orders tried. */
const FEW = 12;
/** Nothing but what keeps the search finite. */
const PLAIN = { ...ALL_RULES, hideBlind: false, earliestTwin: false, eagerPure: false };
const PLAIN_STEPS = 100_000;

export type Certified =
  | { readonly rows: readonly number[]; readonly doubt?: undefined }
  | { readonly rows: readonly number[]; readonly doubt: string };

/** @returns the rows that refute the history or, with a doubt, are suspected to. */
export function certify<State>(
  refuted: Refuted,
  model: Model<State>,
  limits: MinimiseLimits,
): Certified {
  const smallest = minimise(refuted, model, limits);
  const rows = [...smallest.task.rows];
  const doubt = doubtOf(smallest, model, limits);
  return doubt === undefined ? { rows } : { rows, doubt };
}

function doubtOf<State>(
  refuted: Refuted,
  model: Model<State>,
  limits: MinimiseLimits,
): string | undefined {
  if (refuted.task.count <= FEW && refuted.spans.length === 1)
    return isLegal(refuted, model) ? "the refutation that was found has a legal order" : undefined;
  const plain = { ...limits, steps: Math.min(limits.steps, PLAIN_STEPS) };
  const found = decideAgain(refuted, plain, PLAIN)?.result.found;
  if (found === "none") return undefined;
  if (found === "order") return "two engines disagree";
  return decideAgain(refuted, limits)?.result.found === "none"
    ? undefined
    : "no order was found, but the budget did not suffice to verify that there is none";
}

function isLegal<State>({ task, spans }: Refuted, model: Model<State>): boolean {
  const begin = spans[0]?.begin;
  const end = spans[0]?.end ?? -1;
  const operations = [...task.rows.keys()].map((op) => ({
    action: task.automaton.actionOf(task.classes[op] as number),
    invoked: task.invoked[op] as number,
    completed: task.completed[op] as number,
    optional: task.optional[op] === 1 || (task.completed[op] as number) > end,
  }));
  return begin === undefined
    ? bruteLinearizable(operations, model, model.initial)
    : bruteContinues(operations, model, statesOf(model, task), begin);
}

/** Every state of the model that the operations can lead to, found without the automaton. */
function statesOf<State>(model: Model<State>, { automaton }: Task): State[] {
  const states = new Map([[model.stateKey(model.initial), model.initial]]);
  for (const state of states.values())
    for (let cls = 0; cls < automaton.classes; cls++) {
      const after = model.step(state, automaton.actionOf(cls));
      if (after !== undefined && states.size < automaton.states)
        states.set(model.stateKey(after), after);
    }
  return [...states.values()];
}
