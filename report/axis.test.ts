import fc from "fast-check";
import { expect, test } from "vitest";
import { brokenAxis, evenAxis, evenTicks, xOf } from "./axis.ts";

test("a long wait is shortened and marked, short ones stay to scale", () => {
  const axis = brokenAxis(
    [0, 2, 30, 33, 2000].map((ms) => ms * 1e6),
    2e6,
  );
  expect(axis.stretches.map(({ shortened }) => shortened)).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
  const width = (index: number) => {
    const stretch = axis.stretches[index];
    return stretch === undefined ? 0 : stretch.toX - stretch.fromX;
  };
  expect(width(3) / width(1)).toBeCloseTo(1.5);
});

test("later is never further left", () => {
  const instants = fc.array(fc.integer({ min: 0, max: 1e10 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 1e9 }), (points, usualNs) => {
      const axis = brokenAxis(points, usualNs);
      const xs = [...points].sort((a, b) => a - b).map((ns) => xOf(axis, ns));
      expect(xs.every((x) => x >= 0 && x <= axis.width)).toBe(true);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
    }),
  );
});

test("ticks of an even axis are round", () => {
  const ticks = evenTicks(evenAxis(0, 3.9e9, 1000));
  expect(ticks.map(({ ns }) => ns / 1e9)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]);
});
