/**
 * The only source of randomness in a run. One seed, split by purpose, so that one more draw for the faults does not
 * change the workload. A draw is a pure function of (seed, purpose, index): generators need no state for it.
 */
import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

export type Purpose = "workload" | "nemesis";

export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return uniformInt(this.#generator, 0, below - 1);
  }

  /** A number in [0, 1), in steps of 2^-30. */
  fraction(): number {
    return uniformInt(this.#generator, 0, 2 ** 30 - 1) / 2 ** 30;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }
}

/** A 32-bit seed for one purpose. */
export function split(seed: number, purpose: Purpose): number {
  return createHash("sha256").update(`${seed}/${purpose}`).digest().readInt32LE(0);
}

/** The randomness of the `index`th thing of a stream. */
export function draw(stream: number, index: number): Random {
  return new Random(
    Math.imul(stream ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) ^ (index >>> 3),
  );
}
