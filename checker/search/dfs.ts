/**
 * Depth first search for a linearization (Wing & Gong 1993), never twice from a configuration that
 * another one covers (Lowe 2017; here by layer and state, not by the set of all operations done).
 * Fast on valid histories, however long. It can be stopped when it gets no deeper, and resumed.
 */
import { ILLEGAL } from "./automaton.ts";
import { Memo } from "./memo.ts";
import { Multisets } from "./multisets.ts";
import { FROM_GROUP, PASS, type Path, VANISH } from "./path.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

export type DepthFirstResult =
  | { readonly found: "order"; readonly path: Path }
  /** Nothing gets past the response `depth`. */
  | { readonly found: "none" }
  /** It has not got deeper for long: perhaps there is no way. */
  | { readonly found: "stall" }
  | { readonly found: "budget"; readonly reason: string };

export interface DepthFirstLimits {
  /** Configurations expanded, in all runs together. */
  readonly steps: number;
  /** Configurations remembered. */
  readonly remembered: number;
  /** Configurations expanded without getting deeper. */
  readonly stall: number;
}

/** Numbers of a stacked configuration: layer, state, used and hide (two words), ... */
const STRIDE = 9;

export class DepthFirst {
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #sets = new Multisets();
  readonly #memo: Memo;
  readonly #wide: boolean;
  #stack = new Int32Array(64 * STRIDE);
  #top = 0;
  #steps = 0;
  #improved = 0;
  #depth = 0;

  constructor(task: Task, line: Timeline, rules: Rules = ALL_RULES) {
    this.#task = task;
    this.#line = line;
    this.#wide = line.slots > 32;
    this.#memo = new Memo(line, this.#sets, rules.dominance);
    this.#push(0, task.automaton.initial, 0, 0, 0, 0, 0, -1, PASS);
  }

  get steps(): number {
    return this.#steps;
  }

  /** The latest response that was reached. */
  get depth(): number {
    return this.#depth;
  }

  run(limits: DepthFirstLimits): DepthFirstResult {
    const { automaton } = this.#task;
    const memo = this.#memo;
    this.#improved = this.#steps;
    while (this.#top > 0) {
      if (this.#steps >= limits.steps) return { found: "budget", reason: "steps" };
      if (memo.size >= limits.remembered) return { found: "budget", reason: "memory" };
      if (automaton.overflowed) return { found: "budget", reason: "states" };
      if (this.#steps - this.#improved > limits.stall) return { found: "stall" };
      this.#top -= STRIDE;
      const stack = this.#stack;
      const at = this.#top;
      const layer = stack[at] as number;
      const parent = stack[at + 7] as number;
      const move = stack[at + 8] as number;
      if (layer === this.#line.layers) return { found: "order", path: memo.path(parent, move) };
      if (layer > this.#depth) {
        this.#depth = layer;
        this.#improved = this.#steps;
      }
      const state = stack[at + 1] as number;
      const low = this.#eager(layer, 0, state, stack[at + 2] as number);
      const high = this.#wide ? this.#eager(layer, 1, state, stack[at + 3] as number) : 0;
      const hideLow = stack[at + 4] as number;
      const hideHigh = stack[at + 5] as number;
      const set = stack[at + 6] as number;
      const entry = memo.visit(layer, state, low, high, hideLow, hideHigh, set, parent, move);
      if (entry < 0) continue;
      this.#steps++;
      this.#expand(layer, state, low, high, hideLow, hideHigh, set, entry);
    }
    return automaton.overflowed ? { found: "budget", reason: "states" } : { found: "none" };
  }

  /** @returns the word of used slots, with all pure operations that are legal in this state. */
  #eager(layer: number, word: number, state: number, used: number): number {
    const { pure, classes, slots } = this.#line;
    const base = layer * slots + word * 32;
    let done = used;
    for (let left = (pure[layer * 2 + word] as number) & ~used; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const cls = classes[base + 31 - Math.clz32(bit)] as number;
      if (this.#task.automaton.step(state, cls) === state) done |= bit;
    }
    return done;
  }

  /** Pushes what may come next; what is pushed last is tried first. */
  #expand(
    layer: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    entry: number,
  ): void {
    const { slotOfResponder, classes, slots, open } = this.#line;
    const { automaton } = this.#task;
    const slot = slotOfResponder[layer] as number;
    const bit = 1 << (slot & 31);
    const mine = slot < 32 ? bit : 0;
    const mineHigh = slot < 32 ? 0 : bit;
    const next = layer + 1;
    if (((low & mine) | (high & mineHigh)) !== 0) {
      const [hl, hh] = [hideLow & ~mine, hideHigh & ~mineHigh];
      this.#push(next, state, low & ~mine, high & ~mineHigh, hl, hh, set, entry, PASS);
      return;
    }
    this.#optionals(layer, state, low, high, hideLow, hideHigh, set, entry);
    this.#others(layer, 0, state, low, high, hideLow, hideHigh, set, entry);
    if (this.#wide) this.#others(layer, 1, state, low, high, hideLow, hideHigh, set, entry);
    const cls = classes[layer * slots + slot] as number;
    const after = automaton.step(state, cls);
    const hidden = ((hideLow & mine) | (hideHigh & mineHigh)) !== 0;
    const blind = this.#isBlind(layer, slot);
    if (after !== ILLEGAL) {
      const hl = (blind ? (open[layer * 2] as number) : hideLow) & ~mine;
      const hh = (blind ? (open[layer * 2 + 1] as number) : hideHigh) & ~mineHigh;
      this.#push(next, after, low, high, hl, hh, set, entry, slot);
    }
    // Unseen is better than seen, unless it is the same state: then having happened hides more.
    if (blind && hidden && after !== state)
      this.#push(next, state, low, high, hideLow & ~mine, hideHigh & ~mineHigh, set, entry, VANISH);
  }

  /** Other open operations that happen before the one that responds. */
  #others(
    layer: number,
    word: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    entry: number,
  ): void {
    const { slotOfResponder, classes, twins, slots, open, pure } = this.#line;
    const { automaton } = this.#task;
    const own = slotOfResponder[layer] as number;
    const at = layer * 2 + word;
    const base = layer * slots;
    let left = (open[at] as number) & ~(word === 0 ? low : high) & ~(pure[at] as number);
    if (own >> 5 === word) left &= ~(1 << (own & 31));
    for (; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const slot = word * 32 + 31 - Math.clz32(bit);
      const twin = twins[base + slot] as number;
      if (twin >= 0 && (((twin < 32 ? low : high) >>> (twin & 31)) & 1) === 0) continue;
      const after = automaton.step(state, classes[base + slot] as number);
      if (after === ILLEGAL) continue;
      const blind = this.#isBlind(layer, slot);
      const hl = blind ? (open[layer * 2] as number) : hideLow;
      const hh = blind ? (open[layer * 2 + 1] as number) : hideHigh;
      if (word === 0) this.#push(layer, after, low | bit, high, hl, hh, set, entry, slot);
      else this.#push(layer, after, low, high | bit, hl, hh, set, entry, slot);
    }
  }

  /** Operations that never returned, the first of each group that is left. */
  #optionals(
    layer: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    entry: number,
  ): void {
    const { groups, open } = this.#line;
    const { automaton } = this.#task;
    for (let index = 0; index < groups.length; index++) {
      const group = groups[index];
      if (group === undefined || (group.layers[0] as number) > layer) return;
      const after = automaton.step(state, group.cls);
      if (after === ILLEGAL || after === state) continue;
      const first = group.layers[this.#sets.count(set, index)];
      if (first === undefined || first > layer) continue;
      const blind = automaton.isBlind(group.cls);
      const hl = blind ? (open[layer * 2] as number) : hideLow;
      const hh = blind ? (open[layer * 2 + 1] as number) : hideHigh;
      const used = this.#sets.add(set, index);
      this.#push(layer, after, low, high, hl, hh, used, entry, FROM_GROUP + index);
    }
  }

  #isBlind(layer: number, slot: number): boolean {
    const mask = this.#line.blind[layer * 2 + (slot >> 5)] as number;
    return ((mask >>> (slot & 31)) & 1) === 1;
  }

  #push(
    layer: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    parent: number,
    move: number,
  ): void {
    const at = this.#top;
    this.#top += STRIDE;
    if (this.#top > this.#stack.length) {
      const larger = new Int32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    const stack = this.#stack;
    stack[at] = layer;
    stack[at + 1] = state;
    stack[at + 2] = low;
    stack[at + 3] = high;
    stack[at + 4] = hideLow;
    stack[at + 5] = hideHigh;
    stack[at + 6] = set;
    stack[at + 7] = parent;
    stack[at + 8] = move;
  }
}
