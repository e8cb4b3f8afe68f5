/**
 * Breadth first: all configurations that can be there after one response, then after the next one
 * (just-in-time linearization, Lowe 2017, section 5). It finds that there is no order as soon as
 * no configuration is left, and needs memory for the breadth only; the way back is kept besides.
 *
 * It may also begin in the middle of a history, from everything that can possibly be true there.
 * If nothing is left later on, then no history that contains this stretch has an order.
 */

import { Antichain, type Entry, read, WIDTH } from "./antichain.ts";
import { anything, type Stretch } from "./anything.ts";
import { ILLEGAL } from "./automaton.ts";
import { Multisets } from "./multisets.ts";
import { FROM_GROUP, type Path, VANISH } from "./path.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";
import { Ways } from "./ways.ts";

export type FrontierResult = { readonly steps: number } & (
  | { readonly found: "order"; readonly path: Path }
  /** No order exists, already for what had happened up to the response `layer`. */
  | { readonly found: "none"; readonly layer: number }
  | { readonly found: "budget"; readonly layer: number }
);

export interface FrontierLimits {
  /** Configurations expanded. */
  readonly steps: number;
  /** Configurations of one layer. */
  readonly breadth: number;
}

export function frontier(
  task: Task,
  line: Timeline,
  limits: FrontierLimits,
  rules: Rules = ALL_RULES,
  stretch?: Stretch,
): FrontierResult {
  return new Frontier(task, line, limits, rules).run(stretch);
}

/** Steps of ways that are kept, 12 bytes each. */
const WAYS = 20_000_000;

interface Layer {
  readonly index: number;
  readonly seen: Antichain;
  readonly next: Antichain;
  /** Configurations to expand: the state, then an entry. */
  readonly work: [number, Entry][];
}

class Frontier {
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #limits: FrontierLimits;
  readonly #rules: Rules;
  readonly #sets = new Multisets();
  readonly #ways = new Ways();
  #steps = 0;

  constructor(task: Task, line: Timeline, limits: FrontierLimits, rules: Rules) {
    this.#task = task;
    this.#line = line;
    this.#limits = limits;
    this.#rules = rules;
  }

  run(stretch?: Stretch): FrontierResult {
    const first = stretch?.from ?? 0;
    const end = stretch?.to ?? this.#line.layers;
    let current = this.#antichain(Math.min(first, this.#line.layers - 1));
    if (stretch === undefined) current.put(this.#task.automaton.initial, [0, 0, 0, 0, 0, -1]);
    else if (!this.#putAll(current, stretch)) return this.#spent(first);
    for (let index = first; index < end; index++) {
      const after = this.#respond(index, current);
      if (after === undefined) return this.#spent(index);
      if (after.size === 0) return { found: "none", layer: index, steps: this.#steps };
      current = after;
    }
    const [list] = current.byState.values();
    return { found: "order", path: this.#ways.to(list?.[WIDTH - 1] ?? -1), steps: this.#steps };
  }

  #spent(layer: number): FrontierResult {
    return { found: "budget", layer, steps: this.#steps };
  }

  #antichain(layer: number): Antichain {
    return new Antichain(this.#line, layer, this.#sets, this.#rules.dominance);
  }

  /** Whatever is true at the beginning of the stretch, one of these covers it. */
  #putAll(top: Antichain, stretch: Stretch): boolean {
    const entries = anything(this.#task, this.#line, stretch, this.#limits.breadth);
    for (const entry of entries ?? [])
      for (let state = 0; state < stretch.states; state++) top.put(state, entry);
    return entries !== undefined;
  }

  /** All that can be there after the response, or `undefined` when it is too much. */
  #respond(index: number, current: Antichain): Antichain | undefined {
    const layer = {
      index,
      seen: this.#antichain(index),
      next: this.#antichain(index),
      work: [],
    };
    for (const [state, list] of current.byState)
      for (let at = 0; at < list.length; at += WIDTH) this.#see(layer, state, read(list, at));
    const { steps, breadth } = this.#limits;
    for (let one = this.#take(layer); one !== undefined; one = this.#take(layer)) {
      if (++this.#steps > steps || this.#task.automaton.overflowed) return undefined;
      if (this.#ways.count > WAYS) return undefined;
      if (layer.seen.size > breadth || layer.next.size > breadth) return undefined;
      this.#expand(layer, one[0], one[1]);
    }
    return this.#task.automaton.overflowed ? undefined : layer.next;
  }

  #take({ work }: Layer): [number, Entry] | undefined {
    return work.pop();
  }

  /** Adds to the configurations of the layer, once all pure operations are done that can be. */
  #see(layer: Layer, state: number, [low, high, ...rest]: Entry): void {
    const l = this.#eager(layer.index, 0, state, low);
    const h = this.#line.slots > 32 ? this.#eager(layer.index, 1, state, high) : 0;
    const entry: Entry = [l, h, ...rest];
    if (layer.seen.put(state, entry)) layer.work.push([state, entry]);
  }

  #eager(index: number, word: number, state: number, used: number): number {
    const { pure, classes, slots } = this.#line;
    let done = used;
    let left = (pure[index * 2 + word] as number) & ~used;
    for (; left !== 0; left &= left - 1) {
      const slot = word * 32 + 31 - Math.clz32(left & -left);
      const cls = classes[index * slots + slot] as number;
      if (this.#task.automaton.step(state, cls) === state) done |= left & -left;
    }
    return done;
  }

  #expand(layer: Layer, state: number, entry: Entry): void {
    const { index, next } = layer;
    const slot = this.#line.slotOfResponder[index] as number;
    const [low, high, hideLow, hideHigh, set, node] = entry;
    const [mine, mineHigh] = bitsOf(slot);
    const without = (e: Entry): Entry => [
      e[0] & ~mine,
      e[1] & ~mineHigh,
      e[2] & ~mine,
      e[3] & ~mineHigh,
      e[4],
      e[5],
    ];
    if (((low & mine) | (high & mineHigh)) !== 0) {
      next.put(state, without(entry));
      return;
    }
    const mayVanish = ((hideLow & mine) | (hideHigh & mineHigh)) !== 0;
    if (mayVanish && this.#isBlind(index, slot)) {
      const way = this.#ways.add(node, index, VANISH);
      next.put(state, without([low, high, hideLow, hideHigh, set, way]));
    }
    this.#happen(layer, state, slot, entry, (after, e) => next.put(after, without(e)));
    for (let other = 0; other < this.#line.slots; other++)
      if (other !== slot && this.#isCandidate(index, other, low, high))
        this.#happen(layer, state, other, entry, (after, e) => this.#see(layer, after, e));
    this.#optionals(layer, state, entry);
  }

  /** The operation in the slot happens now, if it can. */
  #happen(
    { index }: Layer,
    state: number,
    slot: number,
    [low, high, hideLow, hideHigh, set, node]: Entry,
    found: (after: number, entry: Entry) => void,
  ): void {
    const { classes, slots, open } = this.#line;
    const after = this.#task.automaton.step(state, classes[index * slots + slot] as number);
    if (after === ILLEGAL) return;
    const [bit, bitHigh] = bitsOf(slot);
    const blind = this.#isBlind(index, slot);
    found(after, [
      low | bit,
      high | bitHigh,
      blind ? (open[index * 2] as number) : hideLow,
      blind ? (open[index * 2 + 1] as number) : hideHigh,
      set,
      this.#ways.add(node, index, slot),
    ]);
  }

  #isCandidate(index: number, slot: number, low: number, high: number): boolean {
    const { open, pure, twins, slots } = this.#line;
    const at = index * 2 + (slot >> 5);
    const used = slot < 32 ? low : high;
    const free = (open[at] as number) & ~(pure[at] as number) & ~used;
    if (((free >>> (slot & 31)) & 1) === 0) return false;
    const twin = twins[index * slots + slot] as number;
    return twin < 0 || (((twin < 32 ? low : high) >>> (twin & 31)) & 1) === 1;
  }

  #optionals(layer: Layer, state: number, [low, high, hideLow, hideHigh, set, node]: Entry): void {
    const { open, groups } = this.#line;
    const { automaton } = this.#task;
    for (const [g, group] of groups.entries()) {
      if ((group.layers[0] as number) > layer.index) return;
      const first = group.layers[this.#sets.count(set, g)];
      if (first === undefined || first > layer.index) continue;
      const after = automaton.step(state, group.cls);
      if (after === ILLEGAL || after === state) continue;
      const blind = automaton.isBlind(group.cls);
      this.#see(layer, after, [
        low,
        high,
        blind ? (open[layer.index * 2] as number) : hideLow,
        blind ? (open[layer.index * 2 + 1] as number) : hideHigh,
        this.#sets.add(set, g),
        this.#ways.add(node, layer.index, FROM_GROUP + g),
      ]);
    }
  }

  #isBlind(index: number, slot: number): boolean {
    return (((this.#line.blind[index * 2 + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1;
  }
}

function bitsOf(slot: number): readonly [number, number] {
  return slot < 32 ? [1 << slot, 0] : [0, 1 << (slot & 31)];
}
