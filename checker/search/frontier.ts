/**
 * Breadth first: all configurations that can be there after one response, then after the next one
 * (just-in-time linearization, Lowe 2017, section 5). It finds that there is no order as soon as
 * no configuration is left, and needs memory for the breadth only; the way back is kept besides.
 *
 * It may also begin in the middle of a history, from everything that can possibly be true there.
 * If nothing is left later on, then no history that contains this stretch has an order. From one
 * stretch to the next, what happened between them is forgotten, except how many of the operations
 * that never returned must have been used by then.
 */
import { Antichain } from "./antichain.ts";
import { anything, type Stretch } from "./anything.ts";
import { ILLEGAL } from "./automaton.ts";
import { beginning, type Configuration } from "./configuration.ts";
import type { Course, End, FrontierLimits, FrontierResult } from "./course.ts";
import { eager } from "./eager.ts";
import { Effort } from "./effort.ts";
import { Multisets, SETS } from "./multisets.ts";
import { FROM_GROUP, type Path, VANISH } from "./path.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import type { Task } from "./task.ts";
import { isBlind, type Timeline } from "./timeline.ts";
import { Ways } from "./ways.ts";

export function frontier(
  task: Task,
  line: Timeline,
  limits: FrontierLimits,
  rules: Rules = ALL_RULES,
  course: Course = {},
): FrontierResult {
  return new Frontier(task, line, limits, rules, course).run();
}

/** Steps of ways that are kept, 12 bytes each, and how many there are before any are forgotten. */
const WAYS = 20_000_000;
const MANY_WAYS = 1_000_000;

class Frontier {
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #limits: FrontierLimits;
  readonly #course: Course;
  readonly #sets: Multisets;
  readonly #ways = new Ways();
  readonly #effort: Effort;
  #waysKept = 0;
  readonly #seen: Antichain;
  #current: Antichain;
  #next: Antichain;
  /** The layer whose response comes next. */
  #layer = 0;

  constructor(task: Task, line: Timeline, limits: FrontierLimits, rules: Rules, course: Course) {
    this.#task = task;
    this.#line = line;
    this.#limits = limits;
    this.#course = course;
    this.#sets = course.sets ?? new Multisets();
    this.#effort = new Effort(this.#sets.compared);
    this.#seen = new Antichain(line, this.#sets, rules.dominance);
    this.#current = new Antichain(line, this.#sets, rules.dominance);
    this.#next = new Antichain(line, this.#sets, rules.dominance);
  }

  run(): FrontierResult {
    const { start, to = this.#line.layers } = this.#course;
    const whole = { from: start?.layer ?? 0, to, begin: undefined };
    const stretches = this.#course.stretches ?? [whole];
    let used: readonly number[] = [0];
    for (const stretch of stretches) {
      if (!this.#begin(stretch, used)) return this.#spent();
      for (; this.#layer < stretch.to; this.#layer++) {
        if (!this.#respond()) return this.#spent();
        if (this.#next.size === 0)
          return { found: "none", layer: this.#layer, steps: this.#effort.steps };
        [this.#current, this.#next] = [this.#next, this.#current];
      }
      used = this.#sets.minimal([...this.#current.all()].map((one) => this.#current.setOf(one)));
    }
    const ends = this.#ends();
    return { found: "order", path: ends[0]?.path() as Path, ends, steps: this.#effort.steps };
  }

  #spent(): FrontierResult {
    return { found: "budget", layer: this.#layer, steps: this.#effort.steps };
  }

  /** @returns false when it is too much. */
  #begin(stretch: Stretch, used: readonly number[]): boolean {
    this.#layer = stretch.from;
    this.#current.begin(stretch.from);
    const all =
      stretch.begin === undefined
        ? [this.#course.start ?? beginning(this.#task.automaton.initial)]
        : this.#anything(stretch, used);
    for (const { state, low, high, hideLow, hideHigh, set } of all ?? [])
      this.#current.put(state, low, high, hideLow, hideHigh, set, -1);
    return all !== undefined;
  }

  #anything(stretch: Stretch, used: readonly number[]): Configuration[] | undefined {
    const states = this.#task.automaton.reachable();
    if (states === undefined) throw new RangeError("the states of the object are not few");
    return anything(this.#task, this.#line, stretch, states, used, this.#limits.breadth);
  }

  /** From all that is there before a response to all after it. @returns false when it is too much. */
  #respond(): boolean {
    const [current, seen, next] = [this.#current, this.#seen, this.#next];
    const { automaton } = this.#task;
    const { steps, breadth } = this.#limits;
    if (this.#ways.count > MANY_WAYS + 2 * this.#waysKept) this.#forgetWays();
    if (this.#ways.count > WAYS || this.#sets.size > SETS) return false;
    seen.begin(this.#layer);
    next.begin(this.#layer);
    for (let entry = 0; entry < current.count; entry++)
      if (!current.isCovered(entry))
        this.#see(
          current.stateOf(entry),
          current.lowOf(entry),
          current.highOf(entry),
          current.hideLowOf(entry),
          current.hideHighOf(entry),
          current.setOf(entry),
          current.nodeOf(entry),
        );
    for (let entry = 0; entry < seen.count; entry++) {
      if (seen.isCovered(entry)) continue;
      this.#effort.expand(seen.compared + next.compared + current.compared + this.#sets.compared);
      if (this.#effort.steps > steps || automaton.overflowed) return false;
      if (seen.size > breadth || next.size > breadth) return false;
      this.#expand(entry);
    }
    return !automaton.overflowed;
  }

  #forgetWays(): void {
    const current = this.#current;
    const entries = [...current.all()];
    const numbers = this.#ways.keep(entries.map((entry) => current.nodeOf(entry)));
    for (const entry of entries) current.setNode(entry, numbers[current.nodeOf(entry)] ?? -1);
    this.#waysKept = this.#ways.count;
  }

  /** Adds to the configurations of the layer, once all pure operations are done that can be. */
  #see(
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    node: number,
  ): void {
    const l = eager(this.#task, this.#line, this.#layer, 0, state, low);
    const h =
      this.#line.slots > 32 ? eager(this.#task, this.#line, this.#layer, 1, state, high) : 0;
    this.#seen.put(state, l, h, hideLow, hideHigh, set, node);
  }

  #expand(entry: number): void {
    const seen = this.#seen;
    const next = this.#next;
    const state = seen.stateOf(entry);
    const set = seen.setOf(entry);
    const node = seen.nodeOf(entry);
    const low = seen.lowOf(entry);
    const high = seen.highOf(entry);
    const hideLow = seen.hideLowOf(entry);
    const hideHigh = seen.hideHighOf(entry);
    const slot = this.#line.slotOfResponder[this.#layer] as number;
    const bit = 1 << (slot & 31);
    const mine = slot < 32 ? ~bit : -1;
    const mineHigh = slot < 32 ? -1 : ~bit;
    const hl = hideLow & mine;
    const hh = hideHigh & mineHigh;
    if (((slot < 32 ? low : high) & bit) !== 0) {
      next.put(state, low & mine, high & mineHigh, hl, hh, set, node);
      return;
    }
    if (((slot < 32 ? hideLow : hideHigh) & bit) !== 0 && isBlind(this.#line, this.#layer, slot))
      next.put(state, low, high, hl, hh, set, this.#way(node, VANISH));
    const after = this.#after(state, slot);
    if (after !== ILLEGAL) {
      const all = isBlind(this.#line, this.#layer, slot);
      const l = all ? this.#open(0) & mine : hl;
      const h = all ? this.#open(1) & mineHigh : hh;
      next.put(after, low, high, l, h, set, this.#way(node, slot));
    }
    this.#others(0, slot, state, low, high, hideLow, hideHigh, set, node);
    if (this.#line.slots > 32)
      this.#others(1, slot, state, low, high, hideLow, hideHigh, set, node);
    this.#optionals(state, low, high, hideLow, hideHigh, set, node);
  }

  /** Other open operations that happen before the one that responds. */
  #others(
    word: number,
    responder: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    node: number,
  ): void {
    const { open, pure, twins, slots } = this.#line;
    const at = this.#layer * 2 + word;
    let left = (open[at] as number) & ~(word === 0 ? low : high) & ~(pure[at] as number);
    if (responder >> 5 === word) left &= ~(1 << (responder & 31));
    for (; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const slot = word * 32 + 31 - Math.clz32(bit);
      const twin = twins[this.#layer * slots + slot] as number;
      if (twin >= 0 && (((twin < 32 ? low : high) >>> (twin & 31)) & 1) === 0) continue;
      const after = this.#after(state, slot);
      if (after === ILLEGAL) continue;
      const all = isBlind(this.#line, this.#layer, slot);
      const hl = all ? this.#open(0) : hideLow;
      const hh = all ? this.#open(1) : hideHigh;
      const way = this.#way(node, slot);
      if (word === 0) this.#see(after, low | bit, high, hl, hh, set, way);
      else this.#see(after, low, high | bit, hl, hh, set, way);
    }
  }

  /** Operations that never returned, the first of each group that is left. */
  #optionals(
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    node: number,
  ): void {
    const { groups } = this.#line;
    const { spared } = this.#course;
    const { automaton } = this.#task;
    for (let index = 0; index < groups.length; index++) {
      const group = groups[index];
      if (group === undefined || (group.layers[0] as number) > this.#layer) return;
      const after = automaton.step(state, group.cls);
      if (after === ILLEGAL || after === state || spared?.has(index)) continue;
      const first = group.layers[this.#sets.count(set, index)];
      if (first === undefined || first > this.#layer) continue;
      const blind = automaton.isBlind(group.cls);
      const hl = blind ? this.#open(0) : hideLow;
      const hh = blind ? this.#open(1) : hideHigh;
      const way = this.#way(node, FROM_GROUP + index);
      this.#see(after, low, high, hl, hh, this.#sets.add(set, index), way);
    }
  }

  /** Ways are of use only if they begin somewhere certain. */
  #way(node: number, move: number): number {
    return this.#course.stretches === undefined ? this.#ways.add(node, this.#layer, move) : -1;
  }

  #after(state: number, slot: number): number {
    const { classes, slots } = this.#line;
    return this.#task.automaton.step(state, classes[this.#layer * slots + slot] as number);
  }

  #open(word: number): number {
    return this.#line.open[this.#layer * 2 + word] as number;
  }

  /** Those that used the fewest of the operations that never returned come first. */
  #ends(): End[] {
    const current = this.#current;
    const used = (entry: number): number => this.#sets.of(current.setOf(entry)).length;
    return [...current.all()]
      .sort((a, b) => used(a) - used(b))
      .map((entry) => {
        const node = current.nodeOf(entry);
        const configuration = current.configuration(entry, this.#layer);
        return { configuration, path: () => this.#ways.to(node) };
      });
  }
}
