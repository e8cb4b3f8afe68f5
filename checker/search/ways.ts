/**
 * How breadth first came to each of its configurations: steps that know the step before. Most
 * lead nowhere and are forgotten from time to time.
 */
import type { Path } from "./path.ts";

/** Previous step, layer, move. */
const STRIDE = 3;

export class Ways {
  #steps = new Int32Array(STRIDE * 64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /**
   * @param previous the number of the step before, or -1.
   * @returns the number of this step.
   */
  add(previous: number, layer: number, move: number): number {
    const at = this.#count * STRIDE;
    if (at === this.#steps.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    this.#steps[at] = previous;
    this.#steps[at + 1] = layer;
    this.#steps[at + 2] = move;
    return this.#count++;
  }

  /** Forgets all steps that lead to none of these. @returns the new numbers of the steps. */
  keep(ends: Iterable<number>): Int32Array {
    const steps = this.#steps;
    const numbers = new Int32Array(this.#count).fill(-1);
    for (const end of ends)
      for (let step = end; step >= 0 && numbers[step] === -1; step = steps[step * STRIDE] as number)
        numbers[step] = 0;
    let kept = 0;
    for (let step = 0; step < this.#count; step++) {
      if (numbers[step] === -1) continue;
      const previous = steps[step * STRIDE] as number;
      steps[kept * STRIDE] = previous < 0 ? -1 : (numbers[previous] as number);
      steps[kept * STRIDE + 1] = steps[step * STRIDE + 1] as number;
      steps[kept * STRIDE + 2] = steps[step * STRIDE + 2] as number;
      numbers[step] = kept++;
    }
    this.#count = kept;
    return numbers;
  }

  to(last: number): Path {
    const steps = this.#steps;
    let length = 0;
    for (let step = last; step >= 0; step = steps[step * STRIDE] as number) length++;
    const path = { layers: new Int32Array(length), moves: new Int32Array(length) };
    for (let step = last; step >= 0; step = steps[step * STRIDE] as number) {
      path.layers[--length] = steps[step * STRIDE + 1] as number;
      path.moves[length] = steps[step * STRIDE + 2] as number;
    }
    return path;
  }
}
