/**
 * How much a search has done: configurations expanded, and comparisons with others, since long
 * chains and large sets take time, too.
 */

/** Entries or members compared, in the time of one expansion. */
const COMPARED = 64;

export class Effort {
  steps = 0;
  #compared: number;

  /** @param compared so far, before it begins. */
  constructor(compared = 0) {
    this.#compared = compared;
  }

  /** One more configuration is expanded. @param compared in all. */
  expand(compared: number): void {
    const steps = Math.floor((compared - this.#compared) / COMPARED);
    this.steps += 1 + steps;
    this.#compared += steps * COMPARED;
  }
}
