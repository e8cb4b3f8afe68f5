/**
 * Chooses how a part of a history is decided, by what the part really contains: each exact procedure of the object
 * looks for its condition, the fastest first, and the first whose condition holds decides; what none of them can
 * decide is searched. No answer leaves here that other code has not verified.
 */
import type { Part } from "../history/columns.ts";
import type { Decision, Invalid, Undecided, Valid } from "../history/decision.ts";
import type { SequentialObject } from "../models/catalogue.ts";
import { type Budget, decide } from "../search/index.ts";
import { foreignKinds } from "../search/task.ts";
import { mergeDecisions } from "./elements.ts";
import { refuteUnsourced } from "./sources.ts";
import { verified } from "./verify.ts";

export interface Routed {
  readonly part: Part;
  readonly decision: Valid | Invalid | Undecided;
  /** Why faster procedures did not decide it, one sentence each. */
  readonly passed: readonly string[];
}

/** Either decided, or still to be searched. */
export interface Passed {
  readonly part: Part;
  readonly passed: readonly string[];
}

/** By the procedures alone. Never throws. */
export function routeFast(part: Part, object: SequentialObject): Routed | Passed {
  return sound(part, object, () => decideFast(part, object));
}

function decideFast(part: Part, object: SequentialObject): Routed | Passed {
  const passed: string[] = [];
  for (const procedure of object.procedures) {
    const decision = procedure(part);
    if (decision.verdict !== "inapplicable")
      return { part, passed, decision: verified(part, object, decision) };
    passed.push(`${decision.route}: ${decision.reason}`);
  }
  if (foreignKinds(part, object.model).length > 0) return { part, passed };
  const unsourced = refuteUnsourced(part, object.model);
  if (unsourced.verdict === "invalid")
    return { part, passed, decision: verified(part, object, unsourced) };
  return { part, passed };
}

/** What the procedures left open. Never throws. */
export function routeSearch(
  { part, passed }: Passed,
  object: SequentialObject,
  budget: Partial<Budget>,
): Routed {
  return sound(part, object, () => {
    const pieces = object.split?.(part) ?? [part];
    const decisions = pieces.map((piece) => decide(piece, object.model, budget));
    if (pieces.length === 1) return { part, passed, decision: definite(decisions[0]) };
    const merged = definite(mergeDecisions(pieces, decisions));
    return { part, passed, decision: verified(part, object, merged) };
  });
}

export function route(part: Part, object: SequentialObject, budget: Partial<Budget> = {}): Routed {
  const fast = routeFast(part, object);
  return isRouted(fast) ? fast : routeSearch(fast, object, budget);
}

/** A model may refuse an operation that it cannot make sense of. */
function sound<R extends Routed | Passed>(
  part: Part,
  { model }: SequentialObject,
  work: () => R,
): R | Routed {
  try {
    return work();
  } catch (error) {
    const reason = `the model ${model.name} failed: ${error instanceof Error ? error.message : String(error)}`;
    return { part, passed: [], decision: { verdict: "unknown", route: "none", reason } };
  }
}

export function isRouted(one: Routed | Passed): one is Routed {
  return "decision" in one;
}

/** A search that the model does not fit decides nothing. */
export function definite(decision: Decision | undefined): Valid | Invalid | Undecided {
  if (decision === undefined)
    return { verdict: "valid", route: "search", order: new Int32Array(0) };
  if (decision.verdict !== "inapplicable") return decision;
  return { verdict: "unknown", route: decision.route, reason: decision.reason };
}
