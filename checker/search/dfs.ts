/**
 * Depth first search for a linearization (Wing & Gong 1993), never twice from a configuration that
 * another one covers (Lowe 2017; here by layer and state, not by the set of all operations done).
 * Fast on valid histories, however long. It can be stopped when it gets no deeper, and resumed.
 */
import { ILLEGAL } from "./automaton.ts";
import { beginning } from "./configuration.ts";
import type { End } from "./course.ts";
import type { DepthFirstLimits, DepthFirstResult, Place } from "./depth-first.ts";
import { eager } from "./eager.ts";
import { Effort } from "./effort.ts";
import { MEMORY, Memo, type Memory } from "./memo.ts";
import { Multisets, SETS } from "./multisets.ts";
import { FROM_GROUP, joined, PASS, type Path, VANISH } from "./path.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import { MOVE, PARENT, Stack } from "./stack.ts";
import type { Task } from "./task.ts";
import { isBlind, type Timeline } from "./timeline.ts";
import { Trunk } from "./trunk.ts";

export class DepthFirst {
  readonly sets = new Multisets();
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #memo: Memo;
  readonly #memory: Memory;
  readonly #trunk = new Trunk();
  readonly #wide: boolean;
  readonly #stack = new Stack();
  readonly #effort = new Effort();
  #improved = 0;
  #depth = 0;
  /** The entry from which the depth was reached. */
  #deepest = -1;
  #deepestMove = PASS;
  /** Next time that so much is remembered, part of it is forgotten. */
  #crowded: number;
  #incomplete = false;
  #spared: ReadonlySet<number> = new Set();
  #sparedUntil = 0;

  constructor(task: Task, line: Timeline, rules: Rules = ALL_RULES, memory: Memory = MEMORY) {
    this.#task = task;
    this.#memory = memory;
    this.#crowded = memory.crowded;
    this.#line = line;
    this.#wide = line.slots > 32;
    this.#memo = new Memo(line, this.sets, rules.dominance);
    this.#stack.pushConfiguration(beginning(task.automaton.initial), -1, PASS);
  }

  /** The latest response that was reached. */
  get depth(): number {
    return this.#depth;
  }

  run(limits: DepthFirstLimits): DepthFirstResult {
    const { automaton } = this.#task;
    const memo = this.#memo;
    this.#improved = this.#effort.steps;
    while (this.#stack.top > 0) {
      if (this.#effort.steps >= limits.steps) return { found: "budget", reason: "steps" };
      if (memo.size >= limits.remembered || this.sets.size > SETS)
        return { found: "budget", reason: "memory" };
      if (automaton.overflowed) return { found: "budget", reason: "states" };
      if (this.#effort.steps - this.#improved > limits.stall) return { found: "stall" };
      if (memo.size >= this.#crowded) this.#forget();
      const at = this.#stack.pop();
      const stack = this.#stack.items;
      const layer = stack[at] as number;
      const parent = stack[at + PARENT] as number;
      const move = stack[at + MOVE] as number;
      if (layer === this.#line.layers) return { found: "order", path: this.#pathTo(parent, move) };
      if (layer > this.#depth) {
        this.#depth = layer;
        this.#deepest = parent;
        this.#deepestMove = move;
        this.#improved = this.#effort.steps;
      }
      const state = stack[at + 1] as number;
      const low = eager(this.#task, this.#line, layer, 0, state, stack[at + 2] as number);
      const high = this.#wide
        ? eager(this.#task, this.#line, layer, 1, state, stack[at + 3] as number)
        : 0;
      const hideLow = stack[at + 4] as number;
      const hideHigh = stack[at + 5] as number;
      const set = stack[at + 6] as number;
      const entry = memo.visit(layer, state, low, high, hideLow, hideHigh, set, parent, move);
      if (entry < 0) continue;
      this.#effort.expand(memo.compared + this.sets.compared);
      this.#expand(layer, state, low, high, hideLow, hideHigh, set, entry);
    }
    if (automaton.overflowed) return { found: "budget", reason: "states" };
    return this.#incomplete ? { found: "lost" } : { found: "none" };
  }

  /** The way to the greatest depth. */
  deepest(): Path {
    return this.#pathTo(this.#deepest, this.#deepestMove);
  }

  /**
   * A place on the way to the greatest depth, at the layer or, where little is remembered, before
   * it. @returns `undefined` when that is the beginning.
   */
  placeBefore(layer: number): Place | undefined {
    const memo = this.#memo;
    for (let entry = this.#deepest; entry >= 0; entry = memo.parentOf(entry)) {
      if (memo.layerOf(entry) > layer) continue;
      const configuration = memo.configuration(entry);
      if (configuration !== undefined) return { configuration, entry };
    }
    const milestone = this.#trunk.before(layer);
    return milestone === undefined ? undefined : { ...milestone, entry: -1 };
  }

  /**
   * Goes on from configurations found by other means, the first one first, and only then with what
   * was left to try. @param place where the ways to them begin; `undefined`: with the history.
   */
  adopt(place: Place | undefined, ends: readonly End[]): void {
    const begin = place?.entry ?? -1;
    if (begin < 0 && this.#incomplete) {
      this.#trunk.cut(place?.configuration);
      this.#memo.clear();
      this.#stack.top = 0;
    }
    for (const { configuration, path } of ends.toReversed()) {
      const [parent, move] = this.#memo.markWay(begin, path());
      this.#stack.pushConfiguration(configuration, parent, move);
      this.#deepest = parent;
      this.#deepestMove = move;
      this.#depth = configuration.layer;
    }
  }

  /**
   * Begins again at a place on the way to the greatest depth, `undefined` for the beginning.
   * @param spared groups of optional operations that are left alone ...
   * @param until ... before this layer.
   */
  restart(place: Place | undefined, spared: ReadonlySet<number>, until: number): void {
    if (place !== undefined && place.entry >= 0) this.#trunk.extend(this.#memo, place.entry);
    else this.#trunk.cut(place?.configuration);
    this.#memo.clear();
    this.#stack.top = 0;
    this.#incomplete = true;
    this.#spared = spared;
    this.#sparedUntil = until;
    const configuration = place?.configuration ?? beginning(this.#task.automaton.initial);
    this.#stack.pushConfiguration(configuration, -1, PASS);
    this.#depth = configuration.layer;
    this.#deepest = -1;
    this.#deepestMove = PASS;
  }

  #pathTo(entry: number, move: number): Path {
    return joined(this.#trunk.path(), this.#memo.path(entry, move));
  }

  /**
   * Settles for the way so far, but for its last stretch: forgets what else there was to try, and
   * where the search has been. Only while it gets on; nothing is lost but completeness.
   */
  #forget(): void {
    const memo = this.#memo;
    this.#crowded = 2 * memo.size;
    const from = this.#depth - this.#memory.layers;
    let anchor = -1;
    let entry = this.#stack.parent;
    for (; entry >= 0 && memo.layerOf(entry) >= from; entry = memo.parentOf(entry)) anchor = entry;
    if (anchor < 0 || entry < 0) return;
    this.#trunk.extend(memo, anchor);
    const after = memo.descendantsOf(anchor);
    const numbers = memo.keepFrom(from);
    const renumbered = (old: number): number => (after[old] === 1 ? (numbers[old] as number) : -1);
    this.#stack.keep(renumbered);
    this.#deepest = renumbered(this.#deepest);
    if (this.#deepest < 0) {
      this.#deepest = this.#stack.parent;
      this.#deepestMove = this.#stack.move;
    }
    this.#incomplete = true;
    this.#crowded = Math.max(this.#memory.crowded, 2 * memo.size);
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
      const hl = hideLow & ~mine;
      const hh = hideHigh & ~mineHigh;
      this.#stack.push(next, state, low & ~mine, high & ~mineHigh, hl, hh, set, entry, PASS);
      return;
    }
    this.#optionals(layer, state, low, high, hideLow, hideHigh, set, entry);
    this.#others(layer, 0, state, low, high, hideLow, hideHigh, set, entry);
    if (this.#wide) this.#others(layer, 1, state, low, high, hideLow, hideHigh, set, entry);
    const cls = classes[layer * slots + slot] as number;
    const after = automaton.step(state, cls);
    const hidden = ((hideLow & mine) | (hideHigh & mineHigh)) !== 0;
    const blind = isBlind(this.#line, layer, slot);
    if (after !== ILLEGAL) {
      const hl = (blind ? (open[layer * 2] as number) : hideLow) & ~mine;
      const hh = (blind ? (open[layer * 2 + 1] as number) : hideHigh) & ~mineHigh;
      this.#stack.push(next, after, low, high, hl, hh, set, entry, slot);
    }
    // Unseen is better than seen, unless it is the same state: then having happened hides more.
    if (blind && hidden && after !== state)
      this.#stack.push(
        next,
        state,
        low,
        high,
        hideLow & ~mine,
        hideHigh & ~mineHigh,
        set,
        entry,
        VANISH,
      );
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
      const blind = isBlind(this.#line, layer, slot);
      const hl = blind ? (open[layer * 2] as number) : hideLow;
      const hh = blind ? (open[layer * 2 + 1] as number) : hideHigh;
      if (word === 0) this.#stack.push(layer, after, low | bit, high, hl, hh, set, entry, slot);
      else this.#stack.push(layer, after, low, high | bit, hl, hh, set, entry, slot);
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
      if (layer < this.#sparedUntil && this.#spared.has(index)) continue;
      const first = group.layers[this.sets.count(set, index)];
      if (first === undefined || first > layer) continue;
      const blind = automaton.isBlind(group.cls);
      const hl = blind ? (open[layer * 2] as number) : hideLow;
      const hh = blind ? (open[layer * 2 + 1] as number) : hideHigh;
      const used = this.sets.add(set, index);
      this.#stack.push(layer, after, low, high, hl, hh, used, entry, FROM_GROUP + index);
    }
  }
}
