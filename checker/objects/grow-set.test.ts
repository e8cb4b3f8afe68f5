import { describe, expect, test } from "vitest";
import { set } from "../search/index.ts";
import { decideGrowSet } from "./grow-set.ts";
import { type Call, growSet } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: growSet,
  decide: decideGrowSet,
  twin: twinOf(set),
  invoke: (draw, serial) =>
    draw(0, 1) === 0 ? { f: "add", input: serial } : { f: "read", input: null },
  guess: (draw, f, serial) =>
    f === "read"
      ? Array.from({ length: serial }, (_, i) => i + 1).filter(() => draw(0, 2) > 0)
      : null,
  project: (certificate, all) => certificate.map((call) => without(call, certificate, all)),
  acts: (place, count) => [
    { f: "add", input: place + 1 },
    { f: "add", input: place + 1, status: "info" },
    { f: "add", input: place + 1, status: "fail" },
    ...numbers(0, 2 ** count - 1).map((bits) => ({
      f: "read",
      input: null,
      output: numbers(1, count).filter((value) => (bits >> (value - 1)) % 2 === 1),
    })),
  ],
};

/** A read without the elements whose adds were deleted. */
function without(call: Call, part: readonly Call[], all: readonly Call[]): Call {
  if (!Array.isArray(call.output)) return call;
  const adds = (calls: readonly Call[], x: unknown) =>
    calls.some((c) => c.f === "add" && c.input === x);
  return { ...call, output: call.output.filter((x) => adds(part, x) || !adds(all, x)) };
}

describe("grow-set", () => {
  test("an element is added between the last answer without it and the first one with it", () => {
    const part = partOf([
      { f: "add", input: 1, at: [0, 6] },
      { f: "add", input: 2, status: "info", at: [1, 99] },
      { f: "read", input: null, output: [2], at: [2, 3] },
      { f: "read", input: null, output: [1, 2], at: [4, 5] },
    ]);
    expect(decideGrowSet(part)).toMatchObject({ order: Int32Array.of(1, 2, 0, 3) });
  });

  test("two answers neither of which contains the other", () => {
    const part = partOf([
      { f: "add", input: 1, at: [0, 6] },
      { f: "add", input: 2, at: [1, 7] },
      { f: "read", input: null, output: [1], at: [2, 4] },
      { f: "read", input: null, output: [2], at: [3, 5] },
    ]);
    const decision = { verdict: "invalid", class: "split answers", certificate: [0, 1, 2, 3] };
    expect(decideGrowSet(part)).toMatchObject(decision);
  });

  test("an answer with an element, without one that was there before it", () => {
    const part = partOf([
      { f: "read", input: null, output: [2], at: [0, 5] },
      { f: "add", input: 1, at: [1, 2] },
      { f: "add", input: 2, at: [3, 4] },
    ]);
    const decision = { verdict: "invalid", class: "lost add", certificate: [0, 1, 2] };
    expect(decideGrowSet(part)).toMatchObject(decision);
  });

  test("an element added twice is for others to decide", () => {
    const add = { f: "add", input: 1 };
    const part = partOf([
      { ...add, at: [0, 1] },
      { ...add, at: [2, 3] },
    ]);
    expect(decideGrowSet(part).verdict).toBe("inapplicable");
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
