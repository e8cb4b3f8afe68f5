import { describe, expect, test } from "vitest";
import { log as logModel } from "../search/index.ts";
import { decideLog } from "./log.ts";
import { log } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { type Act, numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: log,
  decide: decideLog,
  twin: twinOf(logModel),
  invoke: (draw, serial) =>
    draw(0, 1) === 0
      ? { f: "append", input: `v${serial}` }
      : { f: "read", input: draw(0, serial >> 1) },
  guess: (draw, f, serial) =>
    f === "append" ? draw(0, 3) : draw(0, 2) === 0 ? null : `v${draw(1, serial)}`,
  acts: (place, count) => {
    const append = { f: "append", input: `v${place + 1}` };
    const values = [null, ...numbers(1, count).map((value) => `v${value}`)];
    return [
      { ...append, status: "info" },
      { ...append, status: "fail" },
      ...numbers(0, count - 1).flatMap((offset): Act[] => [
        { ...append, output: offset },
        ...values.map((output) => ({ f: "read", input: offset, output })),
      ]),
    ];
  },
};

describe("log", () => {
  test("a read shows the offset of an append whose answer was lost", () => {
    const part = partOf([
      { f: "append", input: "b", status: "info", at: [0, 99] },
      { f: "read", input: 0, output: null, at: [1, 2] },
      { f: "append", input: "a", output: 0, at: [3, 4] },
      { f: "read", input: 1, output: "b", at: [5, 6] },
    ]);
    expect(decideLog(part)).toMatchObject({ order: Int32Array.of(1, 2, 0, 3) });
  });

  test("nothing is found where something had been appended", () => {
    const part = partOf([
      { f: "append", input: "a", output: 0, at: [0, 1] },
      { f: "read", input: 0, output: null, at: [2, 3] },
    ]);
    expect(decideLog(part)).toMatchObject({ class: "lost append", certificate: [0, 1] });
  });

  test("a value appended twice is for others to decide", () => {
    const part = partOf([
      { f: "append", input: "a", output: 0, at: [0, 1] },
      { f: "append", input: "a", output: 1, at: [2, 3] },
    ]);
    expect(decideLog(part).verdict).toBe("inapplicable");
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
