/**
 * The general search for a linearization, for histories that zones cannot decide: depth first over
 * the operations that may come next (Wing & Gong 1993), never twice from the same set of linearized
 * operations and state (Lowe 2017).
 *
 * Two reductions keep it small and lose nothing. A pure operation that is legal now is taken at
 * once: it must happen some time and changes nothing. An operation of unknown outcome is optional,
 * and of equal ones only the one invoked first is tried. Time and memory are bounded by a budget of
 * expansions, and of configurations remembered.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import type { Model } from "../models/model.ts";
import { canonical } from "../value.ts";

/** Configurations remembered at most, which bounds memory to some hundred megabytes. */
const REMEMBERED = 3_000_000;

export type SearchResult =
  | { readonly found: "order"; readonly order: readonly Operation[]; readonly steps: number }
  /** No order exists, already for what had happened up to the event `until`. */
  | { readonly found: "none"; readonly until: number; readonly steps: number }
  | { readonly found: "nothing within the budget"; readonly steps: number };

/**
 * `next` is the first mandatory operation not yet placed; `extras` are placed ones beyond it,
 * ascending.
 */
interface Configuration {
  readonly next: number;
  readonly extras: readonly number[];
  readonly optionals: readonly number[];
  readonly state: Json;
  /** Where the path that led here ends. */
  readonly path: Path | undefined;
}

interface Path {
  readonly op: Operation;
  readonly previous: Path | undefined;
}

interface Problem {
  readonly model: Model;
  /** Both in the order of invocation. */
  readonly mandatory: readonly Operation[];
  readonly optional: readonly Operation[];
}

/** Decides the relevant operations of one key, given in the order of their invocations. */
export function search(
  operations: readonly Operation[],
  model: Model,
  budget: number,
): SearchResult {
  const relevant = model.relevant(operations);
  const mandatory = relevant.filter((op) => op.status === "ok");
  const optional = relevant.filter((op) => op.status === "info");
  const problem: Problem = { model, mandatory, optional };
  const start = { next: 0, extras: [], optionals: [], state: model.initial, path: undefined };
  const stack: Configuration[] = [start];
  const visited = new Set<string>([memoKey(start)]);
  let steps = 0;
  let until = -1;
  for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
    if (current.next === mandatory.length)
      return { found: "order", order: unroll(current.path), steps };
    if (steps >= budget || visited.size > REMEMBERED)
      return { found: "nothing within the budget", steps };
    steps += 1;
    const { candidates, limit } = candidatesOf(problem, current);
    // Whatever completes by the largest limit ever reached cannot all be placed: that prefix is
    // already refuted.
    until = Math.max(until, limit);
    for (const successor of successorsOf(problem, current, candidates, limit).reverse()) {
      const key = memoKey(successor);
      if (visited.has(key)) continue;
      visited.add(key);
      stack.push(successor);
    }
  }
  return { found: "none", until, steps };
}

function memoKey({ next, extras, optionals, state }: Configuration): string {
  return `${next}|${extras.join()}|${optionals.join()}|${canonical(state)}`;
}

function unroll(path: Path | undefined): Operation[] {
  const order: Operation[] = [];
  for (let step = path; step !== undefined; step = step.previous) order.push(step.op);
  return order.reverse();
}

/** The mandatory operations that nothing unplaced precedes, and the first completion among them. */
function candidatesOf(
  { mandatory }: Problem,
  { next, extras }: Configuration,
): { candidates: number[]; limit: number } {
  const candidates: number[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let i = next; i < mandatory.length; i++) {
    const op = mandatory[i];
    if (op === undefined || op.id > limit) break;
    if (extras.includes(i)) continue;
    candidates.push(i);
    limit = Math.min(limit, op.completed ?? Number.POSITIVE_INFINITY);
  }
  return { candidates, limit };
}

function successorsOf(
  problem: Problem,
  current: Configuration,
  candidates: readonly number[],
  limit: number,
): Configuration[] {
  const { model, mandatory } = problem;
  const successors: Configuration[] = [];
  for (const i of candidates) {
    const op = mandatory[i];
    const state = op === undefined ? undefined : model.step(current.state, op);
    if (op === undefined || state === undefined) continue;
    const successor = place(current, i, op, state);
    if (model.pure(op)) return [successor];
    successors.push(successor);
  }
  return [...successors, ...optionalSuccessors(problem, current, limit)];
}

function place(current: Configuration, i: number, op: Operation, state: Json): Configuration {
  const path = { op, previous: current.path };
  if (i !== current.next) {
    const extras = [...current.extras, i].sort((a, b) => a - b);
    return { ...current, extras, state, path };
  }
  let next = i + 1;
  let used = 0;
  while (current.extras[used] === next) {
    used += 1;
    next += 1;
  }
  return { ...current, next, extras: current.extras.slice(used), state, path };
}

function optionalSuccessors(
  { model, optional }: Problem,
  current: Configuration,
  limit: number,
): Configuration[] {
  const successors: Configuration[] = [];
  const tried = new Set<string>();
  for (const [i, op] of optional.entries()) {
    if (op.id > limit) break;
    if (current.optionals.includes(i)) continue;
    const kind = canonical([op.f, op.input]);
    if (tried.has(kind)) continue;
    tried.add(kind);
    const state = model.step(current.state, op);
    if (state === undefined || canonical(state) === canonical(current.state)) continue;
    const optionals = [...current.optionals, i].sort((a, b) => a - b);
    successors.push({ ...current, optionals, state, path: { op, previous: current.path } });
  }
  return successors;
}
