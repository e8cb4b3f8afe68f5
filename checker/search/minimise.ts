/**
 * From a refuted stretch to a small part of it that is refuted as well. Only steps after which a
 * history that had an order still has one are tried, so that refuting the part refutes the whole:
 * leave out what changes nothing; leave out all operations on some values (and on what is made of
 * them); cut off the end, where what had not returned by then counts as never returned. Each step
 * is decided anew, within a budget: the result is small, not always smallest.
 */
import type { Json } from "../../proto/json.ts";
import { canonical } from "../value.ts";
import { type FrontierResult, frontier } from "./frontier.ts";
import type { Model, Touch } from "./model.ts";
import { ALL_RULES } from "./rules.ts";
import { DROPPED, KEPT, subtask, type Task } from "./task.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { operationsIn } from "./window.ts";

/**
 * Operations that have no order: from the initial state or, if `begin` is a rank, whatever came
 * before that rank.
 */
export interface Refuted {
  readonly task: Task;
  readonly begin: number | undefined;
}

export interface MinimiseLimits {
  /** Configurations expanded and operations read, for one decision and for all. */
  readonly steps: number;
  readonly allSteps: number;
  readonly breadth: number;
}

export function minimise<State>(
  refuted: Refuted,
  model: Model<State>,
  limits: MinimiseLimits,
): Refuted {
  const search = new Minimiser(refuted, model, limits);
  search.truncate();
  for (let before = -1; before !== search.task.count; ) {
    before = search.task.count;
    search.dropPure();
    search.dropValues();
  }
  return { task: search.task, begin: refuted.begin };
}

/** Decides a refuted stretch anew. `undefined`: too many are open at once. */
export function decideAgain(
  { task, begin }: Refuted,
  limits: MinimiseLimits,
): { line: Timeline; result: FrontierResult } | undefined {
  const line = timelineOf(task);
  if (typeof line === "number") return undefined;
  const states = task.automaton.states;
  const stretch =
    begin !== undefined && line.layers > 0
      ? { from: 0, to: line.layers, states, begin }
      : undefined;
  return { line, result: frontier(task, line, limits, ALL_RULES, stretch) };
}

class Minimiser<State> {
  task: Task;
  readonly #begin: number | undefined;
  readonly #model: Model<State>;
  readonly #limits: MinimiseLimits;
  #spent = 0;

  constructor({ task, begin }: Refuted, model: Model<State>, limits: MinimiseLimits) {
    this.task = task;
    this.#begin = begin;
    this.#model = model;
    this.#limits = limits;
  }

  truncate(): void {
    this.#attempt(this.task);
  }

  /** In halves, quarters, ... and at last one by one, from the end. */
  dropPure(): void {
    const count = this.#pureOps().length;
    for (let size = count; size >= 1; size = Math.floor(size / 2))
      for (let end = this.#pureOps().length; end > 0; end -= size) {
        const pure = this.#pureOps();
        this.#attemptWithout(pure.slice(Math.max(0, end - size), end));
      }
  }

  /** Value after value, with the operations that read it and the values that they write. */
  dropValues(): void {
    const values = new Map<string, Json>();
    for (let op = 0; op < this.task.count; op++)
      for (const value of valuesOf(this.#touchOf(op))) values.set(canonical(value), value);
    for (const value of values.keys()) {
      const without = this.#without(value);
      if (without !== undefined) this.#attemptWithout(without);
    }
  }

  #pureOps(): number[] {
    const { count, classes, automaton } = this.task;
    return [...Array(count).keys()].filter((op) => automaton.isPure(classes[op] as number));
  }

  /** The operations to leave out with a value, or `undefined` when one depends on all values. */
  #without(value: string): number[] | undefined {
    const gone = new Set([value]);
    const is = (one: Json | undefined): boolean => one !== undefined && gone.has(canonical(one));
    const ops = [...Array(this.task.count).keys()];
    const touches = ops.map((op) => this.#touchOf(op));
    for (let before = 0; before !== gone.size; ) {
      before = gone.size;
      for (const touch of touches)
        if (touch !== undefined && is(touch.reads) && touch.writes !== undefined)
          gone.add(canonical(touch.writes));
    }
    const { automaton, classes } = this.task;
    const rigid = (op: number): boolean =>
      touches[op] === undefined && !automaton.isPure(classes[op] as number);
    if (ops.some(rigid)) return undefined;
    return ops.filter((op) => {
      const touch = touches[op];
      return touch === undefined || is(touch.reads) || is(touch.writes);
    });
  }

  /** A mandatory operation whose answer is unknown may depend on any value. */
  #touchOf(op: number): Touch | undefined {
    const action = this.task.automaton.actionOf(this.task.classes[op] as number);
    if (action.output === undefined && this.task.optional[op] === 0) return undefined;
    return this.#model.touches?.(action);
  }

  #attemptWithout(ops: readonly number[]): void {
    if (ops.length === 0) return;
    const fate = new Uint8Array(this.task.count).fill(KEPT);
    for (const op of ops) fate[op] = DROPPED;
    this.#attempt(subtask(this.task, fate));
  }

  #attempt(smaller: Task): void {
    if (this.#spent > this.#limits.allSteps) return;
    const again = decideAgain({ task: smaller, begin: this.#begin }, this.#limits);
    this.#spent += smaller.count + (again?.result.steps ?? 0);
    if (again?.result.found !== "none") return;
    this.task = operationsIn(smaller, again.line, { from: 0, to: again.result.layer });
  }
}

function valuesOf(touch: Touch | undefined): Json[] {
  return [touch?.reads, touch?.writes].filter((value) => value !== undefined);
}
