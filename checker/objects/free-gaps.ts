/** The gaps between events that nothing covers yet; each is covered once, so that all together take linear time. */
import { at } from "./acts.ts";

export class FreeGaps {
  /** From a gap towards the first one that is free. */
  readonly #next: Int32Array;
  readonly #size: number;

  /** @param size gaps 0 ... size - 1; all behind them are free for ever. */
  constructor(size: number) {
    this.#size = size;
    this.#next = new Int32Array(size + 1);
    for (let gap = 0; gap <= size; gap++) this.#next[gap] = gap;
  }

  /** The first gap from this one on that is free. */
  from(gap: number): number {
    if (gap >= this.#size) return gap;
    const next = this.#next;
    let root = gap;
    while (at(next, root) !== root) root = at(next, root);
    for (let one = gap; at(next, one) !== root; ) {
      const after = at(next, one);
      next[one] = root;
      one = after;
    }
    return root;
  }

  /** Covers the gaps from `begin` up to, but without, `end`. */
  cover(begin: number, end: number): void {
    const stop = Math.min(end, this.#size);
    for (let gap = this.from(begin); gap < stop; gap = this.from(gap + 1))
      this.#next[gap] = gap + 1;
  }
}
