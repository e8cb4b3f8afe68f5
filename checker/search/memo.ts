/**
 * The configurations that the depth first search has been at: by layer and state, a chain of
 * those that no earlier one covers. One Int32Array holds all of them, with the way that led there.
 */
import type { Configuration } from "./configuration.ts";
import type { Multisets } from "./multisets.ts";
import { PASS, type Path } from "./path.ts";
import { dominates } from "./rules.ts";
import type { Timeline } from "./timeline.ts";

/** Layer, state, used (two words), hide (two words), optionals used, next of the chain, ... */
const STRIDE = 10;
const NEXT = 7;
const PARENT = 8;
const MOVE = 9;
/** Instead of the state of a mark. */
const NO_STATE = -1;

export interface Memory {
  /** Entries of the memo, 50 bytes each, before the way so far is settled ... */
  readonly crowded: number;
  /** ... but for so many layers. */
  readonly layers: number;
}

export const MEMORY: Memory = { crowded: 1 << 17, layers: 8192 };

export class Memo {
  readonly #line: Timeline;
  readonly #sets: Multisets;
  readonly #dominance: boolean;
  readonly #wide: boolean;
  #entries = new Int32Array(64 * STRIDE);
  #size = 0;
  /** By hash of layer and state: the head of the chain, or -1. */
  #heads = new Int32Array(128).fill(-1);
  #chains = 0;

  constructor(line: Timeline, sets: Multisets, dominance: boolean) {
    this.#line = line;
    this.#sets = sets;
    this.#dominance = dominance;
    this.#wide = line.slots > 32;
  }

  /** Entries compared so far. */
  compared = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the number of the new entry, or -1 when an earlier one covers it. */
  visit(
    layer: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    parent: number,
    move: number,
  ): number {
    const cell = this.#find(layer, state);
    const head = this.#heads[cell] as number;
    for (let e = head; e >= 0; e = this.#entries[e * STRIDE + NEXT] as number) {
      this.compared++;
      if (this.#covers(e * STRIDE, layer, low, high, hideLow, hideHigh, set)) return -1;
    }
    const entry = this.#size++;
    const at = entry * STRIDE;
    if (at + STRIDE > this.#entries.length) this.#enlarge();
    const entries = this.#entries;
    entries[at] = layer;
    entries[at + 1] = state;
    entries[at + 2] = low;
    entries[at + 3] = high;
    entries[at + 4] = hideLow;
    entries[at + 5] = hideHigh;
    entries[at + 6] = set;
    entries[at + NEXT] = head;
    entries[at + PARENT] = parent;
    entries[at + MOVE] = move;
    this.#heads[cell] = entry;
    if (head < 0 && ++this.#chains * 2 > this.#heads.length) this.#rehash();
    return entry;
  }

  /** An entry that only marks a step of a way, and covers nothing. */
  mark(layer: number, parent: number, move: number): number {
    const entry = this.#size++;
    const at = entry * STRIDE;
    if (at + STRIDE > this.#entries.length) this.#enlarge();
    this.#entries.fill(0, at, at + STRIDE);
    this.#entries[at] = layer;
    this.#entries[at + 1] = NO_STATE;
    this.#entries[at + NEXT] = -1;
    this.#entries[at + PARENT] = parent;
    this.#entries[at + MOVE] = move;
    return entry;
  }

  /** Marks for the steps of a way. @returns the last of them, and the move from there. */
  markWay(from: number, { layers, moves }: Path): readonly [parent: number, move: number] {
    let parent = from;
    let move = PASS;
    for (const [step, layer] of layers.entries()) {
      parent = this.mark(layer, parent, move);
      move = moves[step] as number;
    }
    return [parent, move];
  }

  layerOf(entry: number): number {
    return this.#entries[entry * STRIDE] as number;
  }

  parentOf(entry: number): number {
    return this.#entries[entry * STRIDE + PARENT] as number;
  }

  /** The move that led from the parent to the entry. */
  moveOf(entry: number): number {
    return this.#entries[entry * STRIDE + MOVE] as number;
  }

  /** `undefined` for a mark. */
  configuration(entry: number): Configuration | undefined {
    const at = entry * STRIDE;
    const [layer, state, low, high, hideLow, hideHigh, set] = this.#entries.subarray(at, at + NEXT);
    if (state === NO_STATE) return undefined;
    return { layer, state, low, high, hideLow, hideHigh, set } as Configuration;
  }

  /** The way to an entry, and one more move from there. */
  path(entry: number, last: number): Path {
    let length = 0;
    let move = last;
    for (let e = entry; e >= 0; e = this.parentOf(e)) {
      if (move !== PASS) length++;
      move = this.moveOf(e);
    }
    const path = { layers: new Int32Array(length), moves: new Int32Array(length) };
    move = last;
    for (let e = entry; e >= 0; e = this.parentOf(e)) {
      if (move !== PASS) {
        path.layers[--length] = this.layerOf(e);
        path.moves[length] = move;
      }
      move = this.moveOf(e);
    }
    return path;
  }

  /**
   * Forgets all entries of layers before `layer`, and the ways through them.
   * @returns the new number of each entry, or -1.
   */
  keepFrom(layer: number): Int32Array {
    const entries = this.#entries;
    const numbers = new Int32Array(this.#size).fill(-1);
    let kept = 0;
    for (let entry = 0; entry < this.#size; entry++) {
      const at = entry * STRIDE;
      if ((entries[at] as number) < layer) continue;
      const parent = entries[at + PARENT] as number;
      entries[at + PARENT] = parent < 0 ? -1 : (numbers[parent] as number);
      entries.copyWithin(kept * STRIDE, at, at + STRIDE);
      numbers[entry] = kept++;
    }
    this.#size = kept;
    this.#entries = this.#entries.slice(0, STRIDE * Math.max(64, kept * 2));
    this.#index();
    return numbers;
  }

  /** By entry: 1 if the way to it leads through this one. */
  descendantsOf(anchor: number): Uint8Array {
    const after = new Uint8Array(this.#size);
    after[anchor] = 1;
    for (let entry = anchor + 1; entry < this.#size; entry++)
      after[entry] = after[this.parentOf(entry)] ?? 0;
    return after;
  }

  clear(): void {
    this.#size = 0;
    this.#entries = new Int32Array(64 * STRIDE);
    this.#index();
  }

  #covers(
    at: number,
    layer: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
  ): boolean {
    const entries = this.#entries;
    const usedLow = entries[at + 2] as number;
    const usedHigh = entries[at + 3] as number;
    const mayHideLow = entries[at + 4] as number;
    const mayHideHigh = entries[at + 5] as number;
    const used = entries[at + 6] as number;
    if (!this.#dominance)
      return (
        ((usedLow ^ low) |
          (usedHigh ^ high) |
          (mayHideLow ^ hideLow) |
          (mayHideHigh ^ hideHigh)) ===
          0 && used === set
      );
    const { open, pure, blind } = this.#line;
    const m = layer * 2;
    const [o, p, b] = [open[m] as number, pure[m] as number, blind[m] as number];
    if (!dominates(usedLow, mayHideLow, low, hideLow, o, p, b)) return false;
    if (this.#wide) {
      const [o1, p1, b1] = [open[m + 1] as number, pure[m + 1] as number, blind[m + 1] as number];
      if (!dominates(usedHigh, mayHideHigh, high, hideHigh, o1, p1, b1)) return false;
    }
    return this.#sets.within(used, set);
  }

  #find(layer: number, state: number): number {
    const mask = this.#heads.length - 1;
    let hash = Math.imul(layer, 0x9e3779b1) ^ Math.imul(state, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
      const head = this.#heads[cell] as number;
      if (head < 0) return cell;
      const at = head * STRIDE;
      if (this.#entries[at] === layer && this.#entries[at + 1] === state) return cell;
    }
  }

  #rehash(): void {
    const heads = this.#heads;
    this.#heads = new Int32Array(heads.length * 2).fill(-1);
    for (const head of heads) {
      if (head < 0) continue;
      const at = head * STRIDE;
      const cell = this.#find(this.#entries[at] as number, this.#entries[at + 1] as number);
      this.#heads[cell] = head;
    }
  }

  /** Builds the chains anew. */
  #index(): void {
    let length = 128;
    while (length < this.#size * 2) length *= 2;
    this.#heads = new Int32Array(length).fill(-1);
    this.#chains = 0;
    for (let entry = 0; entry < this.#size; entry++) {
      const at = entry * STRIDE;
      if (this.#entries[at + 1] === NO_STATE) continue;
      const cell = this.#find(this.#entries[at] as number, this.#entries[at + 1] as number);
      const head = this.#heads[cell] as number;
      if (head < 0) this.#chains++;
      this.#entries[at + NEXT] = head;
      this.#heads[cell] = entry;
    }
  }

  #enlarge(): void {
    const larger = new Int32Array(this.#entries.length * 2);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}
