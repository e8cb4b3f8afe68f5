/**
 * How many stretches cover each gap. Stretches are only removed; a gap that none covers is reported once. A segment
 * tree of minima; what is taken off a whole subtree is noted at its root.
 */
import { at } from "./acts.ts";

const TAKEN = 1 << 29;

export class Depths {
  readonly #gaps: number;
  readonly #size: number;
  /** The smallest count of a subtree, without what is noted above it. */
  readonly #low: Int32Array;
  readonly #noted: Int32Array;

  constructor(gaps: number) {
    this.#gaps = gaps;
    this.#size = 2 ** Math.ceil(Math.log2(Math.max(2, gaps + 1)));
    this.#low = new Int32Array(2 * this.#size);
    this.#noted = new Int32Array(this.#size);
  }

  /** Counts a stretch from the gap `from` up to, but without, `to`. Only before `build`. */
  add(from: number, to: number): void {
    const low = this.#low;
    low[this.#size + from] = at(low, this.#size + from) + 1;
    low[this.#size + to] = at(low, this.#size + to) - 1;
  }

  /** @returns the gaps that no stretch covers, ascending. */
  build(): Int32Array {
    const [low, size] = [this.#low, this.#size];
    const free = new Int32Array(this.#gaps);
    let [length, depth] = [0, 0];
    for (let gap = 0; gap < size; gap++) {
      depth += at(low, size + gap);
      const zero = gap < this.#gaps && depth === 0;
      if (zero) free[length++] = gap;
      low[size + gap] = zero || gap >= this.#gaps ? TAKEN : depth;
    }
    for (let node = size - 1; node >= 1; node--)
      low[node] = Math.min(at(low, 2 * node), at(low, 2 * node + 1));
    return free.subarray(0, length);
  }

  remove(from: number, to: number): void {
    let [left, right] = [this.#size + from, this.#size + to];
    const [first, last] = [left, right - 1];
    for (; left < right; left >>= 1, right >>= 1) {
      if (left % 2 === 1) this.#less(left++);
      if (right % 2 === 1) this.#less(--right);
    }
    this.#renew(first);
    this.#renew(last);
  }

  /** A gap that no stretch covers any more, or -1. */
  takeZero(): number {
    const [low, noted, size] = [this.#low, this.#noted, this.#size];
    if (at(low, 1) !== 0) return -1;
    let [node, depth] = [1, 0];
    while (node < size) {
      depth -= at(noted, node);
      node = at(low, 2 * node) === depth ? 2 * node : 2 * node + 1;
    }
    low[node] = TAKEN;
    this.#renew(node);
    return node - size;
  }

  #less(node: number): void {
    this.#low[node] = at(this.#low, node) - 1;
    if (node < this.#size) this.#noted[node] = at(this.#noted, node) - 1;
  }

  #renew(leaf: number): void {
    const [low, noted] = [this.#low, this.#noted];
    for (let node = leaf >> 1; node >= 1; node >>= 1)
      low[node] = Math.min(at(low, 2 * node), at(low, 2 * node + 1)) + at(noted, node);
  }
}
