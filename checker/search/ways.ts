/** How breadth first came to each of its configurations: steps that know the step before. */
import type { Path } from "./path.ts";

export class Ways {
  /** Previous step, layer and move; a step is known by the index of the first of the three. */
  #steps = new Int32Array(3 * 64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param previous the step before, or -1. */
  add(previous: number, layer: number, move: number): number {
    const at = this.#count++ * 3;
    if (at === this.#steps.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    this.#steps[at] = previous;
    this.#steps[at + 1] = layer;
    this.#steps[at + 2] = move;
    return at;
  }

  to(last: number): Path {
    const layers: number[] = [];
    const moves: number[] = [];
    for (let step = last; step >= 0; step = this.#steps[step] as number) {
      layers.push(this.#steps[step + 1] as number);
      moves.push(this.#steps[step + 2] as number);
    }
    return { layers: layers.reverse(), moves: moves.reverse() };
  }
}
