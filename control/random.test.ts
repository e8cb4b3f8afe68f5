import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draw, Random, split } from "./random.ts";

/** Should one of these change, every recorded seed means another run: that is a breaking change, to be announced. */
describe("what a seed draws is pinned", () => {
  test("a generator", () => {
    const random = new Random(1);
    const whole = Array.from({ length: 5 }, () => random.below(100));
    expect(whole).toEqual([46, 28, 81, 97, 90]);
    const fractions = Array.from({ length: 3 }, () => random.fraction());
    expect(fractions).toEqual([0.9512476222589612, 0.5940070580691099, 0.662900703959167]);
  });

  test("the seeds of the purposes", () => {
    expect(split(1, "workload")).toBe(-358953945);
    expect(split(1, "nemesis")).toBe(-1511157505);
    expect(split(2, "workload")).toBe(-1417189169);
  });

  test("the draws of a stream", () => {
    const stream = split(1, "workload");
    expect([0, 1, 2, 3].map((index) => draw(stream, index).below(1000))).toEqual([
      909, 184, 531, 934,
    ]);
    expect([0, 1, 2].map((index) => draw(stream, index).fraction())).toEqual([
      0.17839009780436754, 0.010138548910617828, 0.011327567510306835,
    ]);
  });
});

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("randomness", () => {
  test("is another for each purpose and each seed", () => {
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        expect(split(a, "workload")).not.toBe(split(a, "nemesis"));
        if (a !== b) expect(split(a, "workload")).not.toBe(split(b, "workload"));
      }),
    );
  });

  test("is a function of stream and index: in whatever order, however often", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(100_000), (stream, index) => {
        const once = draw(stream, index).below(1_000_000);
        draw(stream, index + 1).below(7);
        expect(draw(stream, index).below(1_000_000)).toBe(once);
      }),
    );
  });

  test("keeps its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed, below) => {
        const random = new Random(seed);
        const whole = random.below(below);
        expect(Number.isInteger(whole)).toBe(true);
        expect(whole).toBeGreaterThanOrEqual(0);
        expect(whole).toBeLessThan(below);
        const fraction = random.fraction();
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThan(1);
        expect(random.chance(0)).toBe(false);
        expect(random.chance(1)).toBe(true);
      }),
    );
  });

  test.each([1, 2, 42, 2 ** 31 - 1])(
    "of seed %d spreads the first draws of neighbouring indices evenly",
    (seed) => {
      const stream = split(seed, "workload");
      const tenths = Array.from({ length: 10 }, () => 0);
      for (let index = 0; index < 10_000; index++) {
        const tenth = Math.floor(draw(stream, index).fraction() * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      // 1000 expected, standard deviation 30.
      expect(Math.min(...tenths)).toBeGreaterThan(820);
      expect(Math.max(...tenths)).toBeLessThan(1180);
    },
  );
});
