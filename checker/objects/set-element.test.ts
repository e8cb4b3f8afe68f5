import { describe, expect, test } from "vitest";
import { decideSetElement } from "./set-element.ts";
import { elementSet } from "./testdata/oracle.ts";
import { fuzz, fuzzSize, partOf, SEED, type Subject, smallScope } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: elementSet,
  decide: decideSetElement,
  invoke: (draw, serial) => ({
    f: ["add", "remove", "contains", "contains"][draw(0, 3)] ?? "add",
    input: draw(1, Math.max(2, serial >> 1)),
  }),
  guess: (draw) => draw(0, 1) === 0,
  acts: ["add", "remove", "contains"].flatMap((f) => [
    ...[true, false].map((output) => ({ f, input: 1, output })),
    { f, input: 1, status: "info" as const },
    { f, input: 2, output: f === "add" },
  ]),
};

describe("set-element", () => {
  test("what did not find the element was early, or late", () => {
    const part = partOf([
      { f: "contains", input: 1, output: false, at: [0, 4] },
      { f: "add", input: 1, output: true, at: [1, 2] },
      { f: "remove", input: 1, status: "info", at: [3, 99] },
      { f: "contains", input: 1, output: true, at: [5, 6] },
      { f: "add", input: 1, output: false, at: [7, 8] },
      { f: "remove", input: 1, output: false, at: [9, 10] },
    ]);
    expect(decideSetElement(part)).toMatchObject({ order: Int32Array.of(0, 1, 3, 4, 2, 5) });
  });

  test("missed although it was there all along", () => {
    const part = partOf([
      { f: "add", input: 1, output: true, at: [0, 1] },
      { f: "contains", input: 1, output: false, at: [2, 3] },
      { f: "remove", input: 1, output: true, at: [4, 5] },
    ]);
    const decision = { verdict: "invalid", class: "missed element", certificate: [0, 1, 2] };
    expect(decideSetElement(part)).toMatchObject(decision);
  });

  test("found although it had been removed", () => {
    const part = partOf([
      { f: "add", input: 1, output: true, at: [0, 1] },
      { f: "remove", input: 1, output: true, at: [2, 3] },
      { f: "contains", input: 1, output: true, at: [4, 5] },
    ]);
    expect(decideSetElement(part)).toMatchObject({ class: "stale read", certificate: [0, 1, 2] });
  });

  test("an element put in twice is for others to decide", () => {
    const add = { f: "add", input: 1, output: true };
    const part = partOf([
      { ...add, at: [0, 1] },
      { ...add, at: [2, 3] },
    ]);
    expect(decideSetElement(part).verdict).toBe("inapplicable");
  });

  test("agrees with the oracle on all histories of three operations", () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(1_000);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 600_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
