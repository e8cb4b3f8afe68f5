/** A binary heap of indices, the one of the smallest key first. */
import { at } from "./acts.ts";

export class RankHeap {
  readonly #keys: Int32Array;
  readonly #heap: Int32Array;
  #size = 0;

  constructor(keys: Int32Array, capacity: number) {
    this.#keys = keys;
    this.#heap = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get first(): number {
    return at(this.#heap, 0);
  }

  push(index: number): void {
    const heap = this.#heap;
    const key = at(this.#keys, index);
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (at(this.#keys, at(heap, parent)) <= key) break;
      heap[place] = at(heap, parent);
      place = parent;
    }
    heap[place] = index;
  }

  /** Only of a heap that is not empty. */
  pop(): number {
    const heap = this.#heap;
    const top = at(heap, 0);
    const last = at(heap, --this.#size);
    const key = at(this.#keys, last);
    let place = 0;
    for (let child = 1; child < this.#size; child = 2 * place + 1) {
      const right = child + 1;
      if (right < this.#size && at(this.#keys, at(heap, right)) < at(this.#keys, at(heap, child)))
        child = right;
      if (at(this.#keys, at(heap, child)) >= key) break;
      heap[place] = at(heap, child);
      place = child;
    }
    heap[place] = last;
    return top;
  }
}
