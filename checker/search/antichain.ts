/**
 * The configurations of one layer, without those that another one covers: by state, a chain of
 * entries in one Int32Array. Used again for layer after layer.
 */
import type { Configuration } from "./configuration.ts";
import type { Multisets } from "./multisets.ts";
import { dominates } from "./rules.ts";
import type { Timeline } from "./timeline.ts";

/** State, used (two words), hide (two words), optionals used, node of the way to it, next. */
const STRIDE = 8;
const NEXT = 7;
const END = -1;
/** Instead of the next one: covered by an entry that came later. */
const COVERED = -2;

export class Antichain {
  readonly #line: Timeline;
  readonly #sets: Multisets;
  readonly #dominance: boolean;
  readonly #wide: boolean;
  #entries = new Int32Array(64 * STRIDE);
  /** Entries, the covered ones included. */
  #count = 0;
  #size = 0;
  /** By state: the first entry, if `#stamps` says that it is of this generation. */
  #heads = new Int32Array(16);
  #stamps = new Int32Array(16);
  #generation = 0;
  #layer = 0;
  /** The masks of the layer, first word. */
  #open = 0;
  #pure = 0;
  #blind = 0;

  constructor(line: Timeline, sets: Multisets, dominance: boolean) {
    this.#line = line;
    this.#sets = sets;
    this.#dominance = dominance;
    this.#wide = line.slots > 32;
  }

  /** Entries compared so far, in all layers. */
  compared = 0;

  /** Without those that are covered. */
  get size(): number {
    return this.#size;
  }

  /** Entries have the numbers up to this. */
  get count(): number {
    return this.#count;
  }

  /** Empty, for configurations of this layer. */
  begin(layer: number): void {
    this.#count = 0;
    this.#size = 0;
    this.#generation++;
    this.#layer = layer;
    const { open, pure, blind } = this.#line;
    this.#open = open[layer * 2] ?? 0;
    this.#pure = pure[layer * 2] ?? 0;
    this.#blind = blind[layer * 2] ?? 0;
  }

  /** @returns false when a configuration that is there covers this one. */
  put(
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    node: number,
  ): boolean {
    if (state >= this.#heads.length) this.#moreStates(state);
    const head = this.#stamps[state] === this.#generation ? (this.#heads[state] as number) : END;
    if (!this.#admit(head, state, low, high, hideLow, hideHigh, set)) return false;
    const entry = this.#count++;
    this.#size++;
    const at = entry * STRIDE;
    if (at === this.#entries.length) this.#enlarge();
    const entries = this.#entries;
    entries[at] = state;
    entries[at + 1] = low;
    entries[at + 2] = high;
    entries[at + 3] = hideLow;
    entries[at + 4] = hideHigh;
    entries[at + 5] = set;
    entries[at + 6] = node;
    entries[at + NEXT] =
      this.#stamps[state] === this.#generation ? (this.#heads[state] as number) : END;
    this.#heads[state] = entry;
    this.#stamps[state] = this.#generation;
    return true;
  }

  isCovered(entry: number): boolean {
    return this.#entries[entry * STRIDE + NEXT] === COVERED;
  }

  stateOf(entry: number): number {
    return this.#entries[entry * STRIDE] as number;
  }

  lowOf(entry: number): number {
    return this.#entries[entry * STRIDE + 1] as number;
  }

  highOf(entry: number): number {
    return this.#entries[entry * STRIDE + 2] as number;
  }

  hideLowOf(entry: number): number {
    return this.#entries[entry * STRIDE + 3] as number;
  }

  hideHighOf(entry: number): number {
    return this.#entries[entry * STRIDE + 4] as number;
  }

  setOf(entry: number): number {
    return this.#entries[entry * STRIDE + 5] as number;
  }

  nodeOf(entry: number): number {
    return this.#entries[entry * STRIDE + 6] as number;
  }

  setNode(entry: number, node: number): void {
    this.#entries[entry * STRIDE + 6] = node;
  }

  /** The numbers of all that are not covered. */
  *all(): Generator<number> {
    for (let entry = 0; entry < this.#count; entry++) if (!this.isCovered(entry)) yield entry;
  }

  configuration(entry: number, layer: number): Configuration {
    return {
      layer,
      state: this.stateOf(entry),
      low: this.lowOf(entry),
      high: this.highOf(entry),
      hideLow: this.hideLowOf(entry),
      hideHigh: this.hideHighOf(entry),
      set: this.setOf(entry),
    };
  }

  /** Is there none that covers it? If so, those that it covers are taken out. */
  #admit(
    head: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
  ): boolean {
    const entries = this.#entries;
    let previous = END;
    for (let entry = head; entry !== END; ) {
      this.compared++;
      const at = entry * STRIDE;
      const l = entries[at + 1] as number;
      const h = entries[at + 2] as number;
      const hl = entries[at + 3] as number;
      const hh = entries[at + 4] as number;
      const other = entries[at + 5] as number;
      if (this.#covers(l, h, hl, hh, other, low, high, hideLow, hideHigh, set)) return false;
      const next = entries[at + NEXT] as number;
      if (this.#covers(low, high, hideLow, hideHigh, set, l, h, hl, hh, other)) {
        if (previous === END) this.#heads[state] = next;
        else entries[previous * STRIDE + NEXT] = next;
        entries[at + NEXT] = COVERED;
        this.#size--;
      } else previous = entry;
      entry = next;
    }
    return true;
  }

  #covers(
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    low2: number,
    high2: number,
    hideLow2: number,
    hideHigh2: number,
    set2: number,
  ): boolean {
    if (!this.#dominance)
      return (
        ((low ^ low2) | (high ^ high2) | (hideLow ^ hideLow2) | (hideHigh ^ hideHigh2)) === 0 &&
        set === set2
      );
    if (!dominates(low, hideLow, low2, hideLow2, this.#open, this.#pure, this.#blind)) return false;
    if (this.#wide) {
      const at = this.#layer * 2 + 1;
      const { open, pure, blind } = this.#line;
      const o = open[at] as number;
      if (!dominates(high, hideHigh, high2, hideHigh2, o, pure[at] as number, blind[at] as number))
        return false;
    }
    return this.#sets.within(set, set2);
  }

  #moreStates(state: number): void {
    const length = Math.max(state + 1, this.#heads.length * 2);
    const heads = new Int32Array(length);
    heads.set(this.#heads);
    this.#heads = heads;
    const stamps = new Int32Array(length);
    stamps.set(this.#stamps);
    this.#stamps = stamps;
  }

  #enlarge(): void {
    const larger = new Int32Array(this.#entries.length * 2);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}
