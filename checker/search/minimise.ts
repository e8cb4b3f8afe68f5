/**
 * From refuted stretches to a small part of them that is refuted as well. Only steps after which a
 * history that had an order still has one are tried, so that refuting the part refutes the whole:
 * look at less of the time; leave out what changes nothing; leave out an operation with all that
 * it can have an influence on or, where states are many, all operations on some values. Each step
 * is decided anew, within a budget: the result is small, not always smallest.
 */
import type { Json } from "../../proto/json.ts";
import { canonical } from "../value.ts";
import type { FrontierLimits } from "./course.ts";
import { Influence } from "./influence.ts";
import type { Model, Touch } from "./model.ts";
import { decideAgain, type Refuted, refutedBy, type Span, stretchesOf, within } from "./refuted.ts";
import { DROPPED, KEPT, subtask, type Task } from "./task.ts";
import { until } from "./window.ts";

export interface MinimiseLimits extends FrontierLimits {
  /** Configurations expanded and operations read, for all decisions together. */
  readonly allSteps: number;
}

export function minimise<State>(
  refuted: Refuted,
  model: Model<State>,
  limits: MinimiseLimits,
): Refuted {
  const search = new Minimiser(refuted, model, limits);
  search.attempt(refuted);
  for (let before = -1; before !== search.size; ) {
    before = search.size;
    search.dropSpans();
    search.shortenSpans();
    search.dropPure();
    search.dropInfluences();
    search.dropValues();
  }
  return search.best;
}

class Minimiser<State> {
  best: Refuted;
  readonly #model: Model<State>;
  readonly #limits: MinimiseLimits;
  #spent = 0;

  constructor(refuted: Refuted, model: Model<State>, limits: MinimiseLimits) {
    this.best = refuted;
    this.#model = model;
    this.#limits = limits;
  }

  get size(): number {
    return this.best.task.count;
  }

  /** All but the last one may be needless. */
  dropSpans(): void {
    for (let at = this.best.spans.length - 2; at >= 0; at--) {
      const spans = this.best.spans.toSpliced(at, 1);
      this.attempt(within(this.best.task, spans));
    }
  }

  /** Spans that begin later, and end earlier where others follow: by halves, quarters, ... */
  shortenSpans(): void {
    if (this.best.task.automaton.reachable() === undefined) return;
    for (let at = this.best.spans.length - 1; at >= 0; at--)
      for (const side of ["begin", "end"] as const) {
        if (side === "end" && at === this.best.spans.length - 1) continue;
        for (let share = 2; share <= 4096 && this.#left; share *= 2)
          while (this.#left && this.#shorten(at, side, share));
      }
  }

  /** In halves, quarters, ... and at last one by one, from the end. */
  dropPure(): void {
    this.#dropUnits(() => {
      const { count, classes, automaton } = this.best.task;
      return [...Array(count).keys()]
        .filter((op) => automaton.isPure(classes[op] as number))
        .map((op) => [op]);
    });
  }

  dropInfluences(): void {
    const { automaton } = this.best.task;
    const states = automaton.reachable();
    if (states === undefined) return;
    this.#dropUnits(() => {
      const { task } = this.best;
      const influence = new Influence(task, states);
      const ops = [...Array(task.count).keys()];
      return ops
        .filter((op) => !automaton.isPure(task.classes[op] as number))
        .map((op) => {
          const others = influence.of(task.classes[op] as number);
          return ops.filter((one) => one === op || others.has(task.classes[one] as number));
        });
    });
  }

  /** Value after value, with the operations that read it and the values that they write. */
  dropValues(): void {
    const { task } = this.best;
    const values = new Map<string, Json>();
    for (let op = 0; op < task.count; op++)
      for (const value of valuesOf(this.#touchOf(op))) values.set(canonical(value), value);
    for (const value of values.keys()) {
      if (!this.#left) return;
      this.#attemptWithout(this.#without(value) ?? []);
    }
  }

  /** Keeps it if it is refuted, and then only what that needs. @returns whether it is. */
  attempt(smaller: Refuted): boolean {
    if (!this.#left) return false;
    const again = decideAgain(smaller, this.#limits);
    this.#spent += 10 + smaller.task.count + (again?.result.steps ?? 0);
    if (again?.result.found !== "none") return false;
    const { line, result } = again;
    const stretches = until(stretchesOf(smaller, line), result.layer);
    this.best = refutedBy(smaller.task, line, stretches);
    return true;
  }

  get #left(): boolean {
    return this.#spent <= this.#limits.allSteps;
  }

  /** By one part in so many, but one response at least. @returns whether that was possible. */
  #shorten(at: number, side: keyof Span, share: number): boolean {
    const { task, spans } = this.best;
    const span = spans[at];
    const ends = responsesIn(task, span);
    const size = Math.floor(ends.length / share);
    if (span === undefined || size === 0) return false;
    const [begin, end] = [ends[size - 1], ends[ends.length - 1 - size]] as [number, number];
    const shorter = side === "begin" ? { ...span, begin } : { ...span, end };
    return this.attempt(within(task, spans.with(at, shorter)));
  }

  #dropUnits(find: () => readonly (readonly number[])[]): void {
    let units = find();
    for (let size = units.length; size >= 1 && this.#left; size = Math.floor(size / 2))
      for (let end = units.length; end > 0 && this.#left; end -= size) {
        const chunk = units.slice(Math.max(0, end - size), end);
        if (this.#attemptWithout([...new Set(chunk.flat())])) {
          units = find();
          end = Math.min(end, units.length + size);
        }
      }
  }

  /** The operations to leave out with a value, or `undefined` when one depends on all values. */
  #without(value: string): number[] | undefined {
    const { count, automaton, classes } = this.best.task;
    const gone = new Set([value]);
    const is = (one: Json | undefined): boolean => one !== undefined && gone.has(canonical(one));
    const ops = [...Array(count).keys()];
    const touches = ops.map((op) => this.#touchOf(op));
    for (let before = 0; before !== gone.size; ) {
      before = gone.size;
      for (const touch of touches)
        if (touch !== undefined && is(touch.reads) && touch.writes !== undefined)
          gone.add(canonical(touch.writes));
    }
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
    const { automaton, classes, optional } = this.best.task;
    const action = automaton.actionOf(classes[op] as number);
    if (action.output === undefined && optional[op] === 0) return undefined;
    return this.#model.touches?.(action);
  }

  #attemptWithout(ops: readonly number[]): boolean {
    const { task, spans } = this.best;
    if (ops.length === 0) return false;
    const fate = new Uint8Array(task.count).fill(KEPT);
    for (const op of ops) fate[op] = DROPPED;
    return this.attempt({ task: subtask(task, fate), spans });
  }
}

/** The ranks of the responses within a span, ascending. */
function responsesIn({ count, completed, optional }: Task, span: Span | undefined): number[] {
  const { begin, end } = span ?? { begin: 0, end: -1 };
  const ranks: number[] = [];
  for (let op = 0; op < count; op++) {
    const rank = completed[op] as number;
    if (optional[op] === 0 && rank > (begin ?? -1) && rank <= end) ranks.push(rank);
  }
  return ranks.sort((a, b) => a - b);
}

function valuesOf(touch: Touch | undefined): Json[] {
  return [touch?.reads, touch?.writes].filter((value) => value !== undefined);
}
