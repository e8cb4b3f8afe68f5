import { describe, expect, test } from "vitest";
import { counter as counterModel } from "../search/index.ts";
import { decideCounter } from "./counter.ts";
import { counter } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: 0,
  perform: counter,
  decide: decideCounter,
  twin: twinOf(counterModel),
  invoke: (draw) =>
    draw(0, 1) === 0
      ? { f: draw(0, 1) === 0 ? "add" : "increment", input: draw(0, 1) || null }
      : { f: "read", input: null },
  guess: (draw, f, serial) => (f === "read" ? draw(0, serial) : null),
  acts: (_, count) => [
    { f: "add", input: 1 },
    { f: "increment", input: null, status: "info" },
    { f: "add", input: 1, status: "fail" },
    ...numbers(0, count + 1).map((output) => ({ f: "read", input: null, output })),
  ],
};

describe("counter", () => {
  test("an increment whose answer was lost counts where it is needed", () => {
    const part = partOf([
      { f: "add", input: 1, status: "info", at: [0, 99] },
      { f: "read", input: null, output: 0, at: [1, 2] },
      { f: "add", input: 1, at: [3, 4] },
      { f: "read", input: null, output: 2, at: [5, 6] },
    ]);
    expect(decideCounter(part).verdict).toBe("valid");
  });

  test("an increment between two reads that did not count", () => {
    const part = partOf([
      { f: "add", input: 1, at: [0, 1] },
      { f: "read", input: null, output: 1, at: [2, 3] },
      { f: "add", input: 1, at: [4, 5] },
      { f: "read", input: null, output: 1, at: [6, 7] },
    ]);
    const decision = { verdict: "invalid", class: "lost increment", certificate: [1, 2, 3] };
    expect(decideCounter(part)).toMatchObject(decision);
  });

  test("a read of more than had begun", () => {
    const part = partOf([
      { f: "add", input: 1, at: [0, 1] },
      { f: "read", input: null, output: 2, at: [2, 4] },
      { f: "add", input: 1, at: [5, 6] },
    ]);
    const decision = { verdict: "invalid", class: "phantom increment", certificate: [0, 1] };
    expect(decideCounter(part)).toMatchObject(decision);
  });

  test("increments that answer the sum are for others to decide", () => {
    const part = partOf([{ f: "add", input: 1, output: 7, at: [0, 1] }]);
    expect(decideCounter(part).verdict).toBe("inapplicable");
  });

  test("steps of other sizes are for others to decide", () => {
    expect(decideCounter(partOf([{ f: "add", input: 2, at: [0, 1] }])).verdict).toBe(
      "inapplicable",
    );
  });

  test(`agrees with the oracle on all histories of up to ${scopeSize()} operations`, {
    timeout: 7_200_000,
  }, () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(500);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 7_200_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
