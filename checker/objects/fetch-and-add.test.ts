import { describe, expect, test } from "vitest";
import { fetchAndAdd as fetchAndAddModel } from "../search/index.ts";
import { decideFetchAndAdd } from "./fetch-and-add.ts";
import { fetchAndAdd } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const f = "fetch-and-add";
const subject: Subject = {
  initial: 0,
  perform: fetchAndAdd,
  decide: decideFetchAndAdd,
  twin: twinOf(fetchAndAddModel),
  invoke: (draw) => ({ f, input: draw(0, 1) || null }),
  guess: (draw, _f, serial) => draw(0, serial),
  acts: (_, count) => [
    { f, input: 1, status: "info" },
    { f, input: 1, status: "fail" },
    ...numbers(0, count).map((output) => ({ f, input: 1, output })),
  ],
};

describe("fetch-and-add", () => {
  test("a number that nobody got went to an operation whose answer was lost", () => {
    const part = partOf([
      { f, input: 1, status: "info", at: [0, 99] },
      { f, input: 1, output: 0, at: [1, 2] },
      { f, input: 1, output: 2, at: [3, 4] },
    ]);
    expect(decideFetchAndAdd(part)).toMatchObject({ order: Int32Array.of(1, 0, 2) });
  });

  test("a number that comes twice", () => {
    const part = partOf([
      { f, input: 1, output: 0, at: [0, 1] },
      { f, input: 1, output: 0, at: [2, 3] },
    ]);
    expect(decideFetchAndAdd(part)).toMatchObject({
      class: "duplicate number",
      certificate: [0, 1],
    });
  });

  test("a number that was skipped: who could have got it began too late", () => {
    const part = partOf([
      { f, input: 1, output: 1, at: [0, 1] },
      { f, input: 1, status: "info", at: [2, 99] },
    ]);
    expect(decideFetchAndAdd(part)).toMatchObject({ class: "skipped number", certificate: [0] });
  });

  test(`agrees with the oracle on all histories of up to ${scopeSize()} operations`, {
    timeout: 7_200_000,
  }, () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 7_200_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
