import { describe, expect, test } from "vitest";
import { set } from "../search/index.ts";
import { decideSetElement } from "./set-element.ts";
import { elementSet } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { type Act, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: elementSet,
  decide: decideSetElement,
  twin: twinOf(set),
  invoke: (draw, serial) => ({
    f: ["add", "remove", "contains", "contains"][draw(0, 3)] ?? "add",
    input: draw(1, Math.max(2, serial >> 1)),
  }),
  guess: (draw) => draw(0, 1) === 0,
  acts: (place) =>
    // Elements do not influence each other: a second one is there to be kept apart.
    (place === 0 ? [1] : [1, 2]).flatMap((input): Act[] => [
      ...["add", "remove", "contains"].flatMap((f) => [
        { f, input, output: true },
        { f, input, output: false },
      ]),
      { f: "add", input, status: "info" },
      { f: "remove", input, status: "info" },
      { f: "add", input, status: "fail" },
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

  test("an element that is put in twice was taken out between", () => {
    const add = { f: "add", input: 1, output: true };
    const part = (begin: number) =>
      partOf([
        { ...add, at: [0, 1] },
        { ...add, at: [2, 4] },
        { f: "remove", input: 1, output: true, at: [begin, begin + 2] },
        { f: "contains", input: 1, output: false, at: [20, 21] },
      ]);
    const missed = { class: "missed element", certificate: [0, 1, 2, 3] };
    expect(decideSetElement(part(3))).toMatchObject(missed);
    expect(decideSetElement(part(9))).toMatchObject({ class: "out of order" });
    const twice = partOf([
      { ...add, at: [0, 1] },
      { ...add, at: [2, 3] },
    ]);
    expect(decideSetElement(twice)).toMatchObject({ class: "duplicate add", certificate: [0, 1] });
  });

  test("changes that lie within each other, or whose outcome nobody knows, are searched", () => {
    const add = { f: "add", input: 1, output: true };
    const nested = partOf([
      { ...add, at: [0, 7] },
      { ...add, at: [1, 2] },
      { f: "contains", input: 1, output: true, at: [3, 4] },
      { f: "remove", input: 1, output: true, at: [5, 6] },
    ]);
    expect(decideSetElement(nested)).toMatchObject({ order: Int32Array.of(1, 2, 3, 0) });
    const lost = partOf([
      { ...add, at: [0, 1] },
      { f: "remove", input: 1, status: "info", at: [2, 99] },
      { f: "add", input: 1, output: true, at: [3, 4] },
      { f: "contains", input: 1, output: false, at: [5, 6] },
    ]);
    expect(decideSetElement(lost).verdict).toBe("invalid");
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
