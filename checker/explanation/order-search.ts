/**
 * Has a handful of operations a legal order? Asked hundreds of times for one explanation, of the operations with one
 * thing changed or one constraint gone, hence over any partial order and within a budget of steps. The order is tried
 * out depth first, with two reductions: what changes nothing happens as soon as it can, and of equal operations the one
 * that is the more urgent happens first.
 */

import type { Action, Model } from "../search/model.ts";
import { canonical } from "../value.ts";

/** More operations than this are not tried: two words of bits. */
export const MOST = 60;
const WORD = 30;

export interface Placeable {
  readonly action: Action;
  readonly invoked: number;
  /** `NEVER` when nothing need come after it. */
  readonly completed: number;
  /** It need not have happened. */
  readonly optional: boolean;
}

/** What may be spent; shared by all experiments of one explanation. */
export interface Meter {
  left: number;
  /** What one step costs: values of a thousand characters make it slower. */
  readonly price: number;
}

/** `before[i * count + j]` is 1 when the operation i must come before j. */
export type Relation = Uint8Array;

/** Real time: what had ended when another began. */
export function realTime(ops: readonly Placeable[]): Relation {
  const count = ops.length;
  const before = new Uint8Array(count * count);
  for (const [i, a] of ops.entries())
    for (const [j, b] of ops.entries())
      if (!a.optional && a.completed < b.invoked) before[i * count + j] = 1;
  return before;
}

/**
 * @returns whether there is an order from one of these states; `undefined` when `limit` steps or the meter did not
 * suffice, or the model does not understand an operation.
 */
export function hasOrder<State>(
  ops: readonly Placeable[],
  model: Model<State>,
  starts: readonly State[],
  meter: Meter,
  { before = realTime(ops), limit = 4_000 }: { before?: Relation; limit?: number } = {},
): boolean | undefined {
  if (ops.length > MOST) return undefined;
  try {
    return new OrderSearch(ops, model, before, meter, limit).from(starts);
  } catch {
    // A model may refuse an answer that nobody gave: then there is nothing to learn from it.
    return undefined;
  }
}

class OrderSearch<State> {
  readonly #ops: readonly Placeable[];
  readonly #model: Model<State>;
  readonly #meter: Meter;
  readonly #pure: readonly boolean[];
  /** By operation: the words of those that must come before it, and of the equal ones that should. */
  readonly #needs: readonly (readonly [number, number])[];
  readonly #due: readonly [number, number];
  #limit: number;

  constructor(
    ops: readonly Placeable[],
    model: Model<State>,
    before: Relation,
    meter: Meter,
    limit: number,
  ) {
    this.#ops = ops;
    this.#model = model;
    this.#meter = meter;
    this.#limit = limit;
    this.#pure = ops.map((op) => !op.optional && model.pure(op.action));
    this.#due = words(ops.map((op) => !op.optional));
    this.#needs = needsOf(ops, before);
  }

  from(starts: readonly State[]): boolean | undefined {
    const open: [low: number, high: number, state: State][] = starts.map((one) => [0, 0, one]);
    this.#meter.left -= this.#meter.price * this.#ops.length;
    const seen = new Set<string>();
    const [dueLow, dueHigh] = this.#due;
    for (let top = open.pop(); top !== undefined; top = open.pop()) {
      const [low, high, state] = top;
      if ((low & dueLow) === dueLow && (high & dueHigh) === dueHigh) return true;
      const stateKey = this.#model.stateKey(state);
      const key = `${low} ${high} ${typeof stateKey} ${stateKey}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const cost = this.#meter.price + (key.length >> 6);
      this.#limit -= cost;
      this.#meter.left -= cost;
      if (this.#limit < 0 || this.#meter.left < 0) return undefined;
      this.#expand(low, high, state, open);
    }
    return false;
  }

  #expand(low: number, high: number, state: State, open: [number, number, State][]): void {
    const length = open.length;
    for (let i = 0; i < this.#ops.length; i++) {
      const [bitLow, bitHigh] = bit(i);
      const [needLow, needHigh] = this.#needs[i] as readonly [number, number];
      if ((low & bitLow) !== 0 || (high & bitHigh) !== 0) continue;
      if ((needLow & ~low) !== 0 || (needHigh & ~high) !== 0) continue;
      const after = this.#model.step(state, (this.#ops[i] as Placeable).action);
      if (after === undefined) continue;
      if (this.#pure[i] === true) open.length = length;
      open.push([low | bitLow, high | bitHigh, after]);
      if (this.#pure[i] === true) return;
    }
  }
}

function bit(i: number): [number, number] {
  return i < WORD ? [1 << i, 0] : [0, 1 << (i - WORD)];
}

function words(flags: readonly boolean[]): readonly [number, number] {
  let [low, high] = [0, 0];
  for (const [i, flag] of flags.entries()) {
    if (!flag) continue;
    const [bitLow, bitHigh] = bit(i);
    low |= bitLow;
    high |= bitHigh;
  }
  return [low, high];
}

const TEXTS = new WeakMap<Action, string>();

/** Equal for equal actions. */
function textOf(action: Action): string {
  const { f, input, output, process } = action;
  const known = TEXTS.get(action);
  const text =
    known ?? canonical([f, input, output ?? null, output === undefined, process ?? null]);
  if (known === undefined) TEXTS.set(action, text);
  return text;
}

function needsOf(ops: readonly Placeable[], before: Relation): (readonly [number, number])[] {
  const count = ops.length;
  const texts = ops.map(({ action, optional }) => `${optional} ${textOf(action)}`);
  const must = (i: number, j: number): boolean => before[i * count + j] === 1;
  const asUrgent = (i: number, j: number): boolean => {
    for (let k = 0; k < count; k++)
      if ((must(k, i) && !must(k, j)) || (must(j, k) && !must(i, k))) return false;
    return true;
  };
  const twin = (i: number, j: number): boolean =>
    texts[i] === texts[j] && asUrgent(i, j) && (i < j || !asUrgent(j, i));
  return ops.map((_, j) => words(ops.map((_, i) => must(i, j) || (i !== j && twin(i, j)))));
}
