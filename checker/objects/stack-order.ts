/**
 * A legal order of a stack whose values could all be set aside. In that order each finds its neighbours: those before
 * it and behind it in time, none of which lies within the stretch in which it was surely there. Its push and its pop
 * go side by side between them, which leaves the order of all others legal.
 */
import { at } from "./acts.ts";
import type { Items } from "./container-items.ts";
import { GapIndex } from "./gap-index.ts";
import { rankOrder } from "./rank-order.ts";
import type { Peeling } from "./stack-peeling.ts";

/** @param cuts gaps in which the stack is empty, with the operations that found it so. */
export function orderStack(
  items: Items,
  { order, pushed, popped }: Peeling,
  empties: Int32Array,
  cuts: Int32Array,
  gaps: number,
): Int32Array {
  const { acts, count, entered, leaving, insert, remove } = items;
  const chain = new Chain(2 * count + empties.length, gaps);
  for (const i of rankOrder(cuts))
    chain.insertAfter(chain.lastUpTo(at(cuts, i)), at(empties, i), at(cuts, i));
  for (const item of order) {
    const before = chain.lastUpTo(at(entered, item) - 1);
    const behind = chain.next(before);
    if (chain.gapOf(behind) < at(leaving, item))
      throw new RangeError("a value was set aside that covers another's place");
    const push = Math.max(at(pushed, item), chain.gapOf(before));
    const pop = Math.min(at(popped, item), chain.gapOf(behind));
    chain.insertAfter(chain.insertAfter(before, at(insert, item), push), at(remove, item), pop);
  }
  for (let item = 0; item < count; item++) {
    const gap = at(leaving, item);
    if (at(entered, item) >= gap) {
      const push = chain.insertAfter(chain.lastUpTo(gap), at(insert, item), gap);
      chain.insertAfter(push, at(remove, item), gap);
    }
  }
  return chain.operations().map((op) => at(acts.row, op));
}

/** Operations in order, each with a gap that never decreases along it. */
class Chain {
  readonly #op: Int32Array;
  readonly #gap: Int32Array;
  readonly #next: Int32Array;
  /** The last link of each gap. */
  readonly #last: Int32Array;
  readonly #used: GapIndex;
  #length = 2;

  constructor(capacity: number, gaps: number) {
    [this.#op, this.#gap] = [new Int32Array(capacity + 2), new Int32Array(capacity + 2)];
    this.#next = new Int32Array(capacity + 2);
    this.#last = new Int32Array(gaps).fill(-1);
    this.#used = new GapIndex(gaps);
    // Link 0 is the beginning, link 1 the end.
    [this.#gap[0], this.#gap[1], this.#next[0], this.#next[1]] = [-1, gaps, 1, -1];
  }

  gapOf(link: number): number {
    return at(this.#gap, link);
  }

  next(link: number): number {
    return at(this.#next, link);
  }

  /** The last link of all gaps up to this one. */
  lastUpTo(gap: number): number {
    const used = this.#used.upTo(gap);
    return used < 0 ? 0 : at(this.#last, used);
  }

  insertAfter(link: number, op: number, gap: number): number {
    const fresh = this.#length++;
    this.#op[fresh] = op;
    this.#gap[fresh] = gap;
    this.#next[fresh] = at(this.#next, link);
    this.#next[link] = fresh;
    if (at(this.#gap, at(this.#next, fresh)) !== gap) {
      this.#last[gap] = fresh;
      this.#used.add(gap);
    }
    return fresh;
  }

  /** All operations in order; -1 stands for none. */
  operations(): Int32Array {
    const ops = new Int32Array(this.#length);
    let length = 0;
    for (let link = this.next(0); link !== 1; link = this.next(link))
      if (at(this.#op, link) >= 0) ops[length++] = at(this.#op, link);
    return ops.subarray(0, length);
  }
}
