import { describe, expect, test } from "vitest";
import { stack as stackModel } from "../search/index.ts";
import { decideStack } from "./stack.ts";
import { stack } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: stack,
  decide: decideStack,
  twin: twinOf(stackModel),
  invoke: (draw, serial) =>
    draw(0, 1) === 0 ? { f: "push", input: serial } : { f: "pop", input: null },
  guess: (draw, f, serial) => (f === "pop" ? draw(0, serial) || null : null),
  acts: (place, count) => [
    { f: "push", input: place + 1 },
    { f: "push", input: place + 1, status: "info" },
    { f: "push", input: place + 1, status: "fail" },
    { f: "pop", input: null, status: "info" },
    ...[null, ...numbers(1, count)].map((output) => ({ f: "pop", input: null, output })),
  ],
};

describe("stack", () => {
  test("who comes last leaves first, unless they came at the same time", () => {
    const part = (begin: number) =>
      partOf([
        { f: "push", input: 1, at: [0, 4] },
        { f: "push", input: 2, at: [begin, begin + 1] },
        { f: "pop", input: null, output: 1, at: [8, 9] },
        { f: "pop", input: null, output: 2, at: [10, 11] },
        { f: "pop", input: null, output: null, at: [12, 13] },
      ]);
    expect(decideStack(part(2))).toMatchObject({ order: Int32Array.of(1, 0, 2, 3, 4) });
    const decision = { verdict: "invalid", class: "out of order", certificate: [0, 1, 2, 3] };
    expect(decideStack(part(5))).toMatchObject(decision);
  });

  test("three values of which each must lie above the next", () => {
    const part = partOf([
      { f: "push", input: 1, at: [0, 1] },
      { f: "push", input: 2, at: [2, 9] },
      { f: "push", input: 3, at: [3, 4] },
      { f: "pop", input: null, output: 1, at: [5, 10] },
      { f: "pop", input: null, output: 2, at: [11, 12] },
      { f: "pop", input: null, output: 3, at: [13, 14] },
    ]);
    expect(decideStack(part)).toMatchObject({ class: "out of order" });
  });

  test("empty while one value after the other was there", () => {
    const part = partOf([
      { f: "push", input: 1, at: [0, 1] },
      { f: "pop", input: null, output: null, at: [2, 7] },
      { f: "push", input: 2, at: [3, 4] },
      { f: "pop", input: null, output: 1, at: [5, 6] },
    ]);
    const decision = { verdict: "invalid", class: "empty while not", certificate: [0, 1, 2, 3] };
    expect(decideStack(part)).toMatchObject(decision);
  });

  test("a pop that nobody heard of may have taken the last", () => {
    const part = (begin: number) =>
      partOf([
        { f: "push", input: 1, at: [0, 1] },
        { f: "push", input: 2, at: [2, 3] },
        { f: "pop", input: null, status: "info", at: [begin, 99] },
        { f: "pop", input: null, output: 1, at: [5, 6] },
      ]);
    expect(decideStack(part(4))).toMatchObject({ order: Int32Array.of(0, 1, 2, 3) });
    expect(decideStack(part(7)).verdict).toBe("inapplicable");
  });

  test(`agrees with the oracle on all histories of up to ${scopeSize()} operations`, {
    timeout: 7_200_000,
  }, () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(1_000);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 7_200_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
