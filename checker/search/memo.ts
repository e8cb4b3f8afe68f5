/**
 * The configurations that the depth first search has been at: by layer and state, a chain of
 * those that no earlier one covers. One Int32Array holds all of them, with the way that led there.
 */
import type { Multisets } from "./multisets.ts";
import { PASS, type Path } from "./path.ts";
import { dominates } from "./rules.ts";
import type { Timeline } from "./timeline.ts";

/** Layer, state, used (two words), hide (two words), optionals used, next of the chain, ... */
const STRIDE = 10;
const NEXT = 7;
const PARENT = 8;
const MOVE = 9;

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
    for (let e = head; e >= 0; e = this.#entries[e * STRIDE + NEXT] as number)
      if (this.#covers(e * STRIDE, layer, low, high, hideLow, hideHigh, set)) return -1;
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

  /** The way to an entry, and one more move from there. */
  path(entry: number, last: number): Path {
    const layers: number[] = [];
    const moves: number[] = [];
    let move = last;
    for (let e = entry; e >= 0; e = this.#entries[e * STRIDE + PARENT] as number) {
      if (move !== PASS) {
        layers.push(this.#entries[e * STRIDE] as number);
        moves.push(move);
      }
      move = this.#entries[e * STRIDE + MOVE] as number;
    }
    return { layers: layers.reverse(), moves: moves.reverse() };
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

  #enlarge(): void {
    const larger = new Int32Array(this.#entries.length * 2);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}
