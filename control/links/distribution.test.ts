import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draw } from "../random.ts";
import { type Distribution, LONGEST_DELAY_MS, sample } from "./distribution.ts";

const DRAWS = 20_000;

function draws(distribution: Distribution, jitterMs = 0): number[] {
  const random = draw(3, 1);
  return Array.from({ length: DRAWS }, () => sample(distribution, jitterMs, random));
}

/** The largest gap between how often values up to x were drawn and how often they should be (Kolmogorov). */
function distance(values: readonly number[], expected: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  let most = 0;
  for (const [index, x] of sorted.entries())
    most = Math.max(
      most,
      Math.abs(expected(x) - index / sorted.length),
      Math.abs(expected(x) - (index + 1) / sorted.length),
    );
  return most;
}

/** Exceeded by chance in one of a million samples of this size; the seed is fixed, so this never flickers. */
const CLOSE = 2.7 / Math.sqrt(DRAWS);

/** Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26: good to 1.5e-7. */
function normalUpTo(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-x * x) / 2);
  return 0.5 * (1 + Math.sign(x) * erf);
}

describe("draws are distributed as they are called", () => {
  test("constant", () => {
    expect(new Set(draws({ shape: "constant", ms: 5 }))).toEqual(new Set([5]));
  });

  test.each<[Distribution, (x: number) => number]>([
    [{ shape: "uniform", fromMs: 10, toMs: 30 }, (x) => (x - 10) / 20],
    [{ shape: "normal", meanMs: 100, deviationMs: 10 }, (x) => normalUpTo((x - 100) / 10)],
    [{ shape: "exponential", meanMs: 40 }, (x) => 1 - Math.exp(-x / 40)],
    [{ shape: "pareto", atLeastMs: 5, tail: 2 }, (x) => 1 - (5 / x) ** 2],
  ])("%j", (distribution, expected) => {
    expect(distance(draws(distribution), expected)).toBeLessThan(CLOSE);
    // The test can fail: it tells a tenth more.
    const other = draws(distribution).map((ms) => ms * 1.1);
    expect(distance(other, expected)).toBeGreaterThan(CLOSE);
  });

  test("jitter moves evenly, either way", () => {
    const values = draws({ shape: "constant", ms: 50 }, 20);
    expect(distance(values, (x) => (x - 30) / 40)).toBeLessThan(CLOSE);
  });
});

const ms = fc.double({ min: 0, max: 3_600_000, noNaN: true });
const distributions: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({ shape: fc.constant("constant" as const), ms }),
  fc
    .tuple(ms, ms)
    .map(([a, b]) => ({ shape: "uniform" as const, fromMs: Math.min(a, b), toMs: Math.max(a, b) })),
  fc.record({ shape: fc.constant("normal" as const), meanMs: ms, deviationMs: ms }),
  fc.record({ shape: fc.constant("exponential" as const), meanMs: ms }),
  fc.record({
    shape: fc.constant("pareto" as const),
    atLeastMs: ms,
    tail: fc.double({ min: Number.MIN_VALUE, max: 100, noNaN: true }),
  }),
);

test("no delay is negative, endless or no number", () => {
  fc.assert(
    fc.property(distributions, ms, fc.integer(), (distribution, jitterMs, seed) => {
      const random = draw(seed, 0);
      for (let index = 0; index < 20; index++) {
        const delay = sample(distribution, jitterMs, random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
      }
    }),
  );
});
