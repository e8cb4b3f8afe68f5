import { describe, expect, test } from "vitest";
import { priorityQueue as priorityQueueModel } from "../search/index.ts";
import { decidePriorityQueue } from "./priority-queue.ts";
import { priorityQueue } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { type Act, numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: priorityQueue,
  decide: decidePriorityQueue,
  twin: twinOf(priorityQueueModel),
  // The order of the numbers is not that of the inserts.
  invoke: (draw, serial) =>
    draw(0, 1) === 0 ? { f: "insert", input: (serial * 5) % 13 } : { f: "poll", input: null },
  guess: (draw, f, serial) => (f === "poll" && draw(0, 3) > 0 ? (draw(1, serial) * 5) % 13 : null),
  acts: (_, count) => [
    ...numbers(1, count).flatMap((input): Act[] => [
      { f: "insert", input },
      { f: "insert", input, status: "info" },
    ]),
    { f: "insert", input: 1, status: "fail" },
    { f: "poll", input: null, status: "info" },
    ...[null, ...numbers(1, count)].map((output) => ({ f: "poll", input: null, output })),
  ],
};

describe("priority queue", () => {
  test("a greater number may leave while the smaller one is coming", () => {
    const part = partOf([
      { f: "insert", input: 5, at: [0, 1] },
      { f: "insert", input: 3, at: [2, 5] },
      { f: "poll", input: null, output: 5, at: [3, 4] },
      { f: "poll", input: null, output: 3, at: [6, 7] },
    ]);
    expect(decidePriorityQueue(part)).toMatchObject({ order: Int32Array.of(0, 2, 1, 3) });
  });

  test("the smallest must leave first", () => {
    const part = partOf([
      { f: "insert", input: 5, at: [0, 1] },
      { f: "insert", input: 3, at: [2, 3] },
      { f: "poll", input: null, output: 5, at: [4, 5] },
    ]);
    const decision = { verdict: "invalid", class: "out of order", certificate: [0, 1, 2] };
    expect(decidePriorityQueue(part)).toMatchObject(decision);
  });

  test("empty while one number after the other was there", () => {
    const part = partOf([
      { f: "insert", input: 1, at: [0, 1] },
      { f: "poll", input: null, output: null, at: [2, 7] },
      { f: "insert", input: 2, at: [3, 4] },
      { f: "poll", input: null, output: 1, at: [5, 6] },
    ]);
    const decision = { verdict: "invalid", class: "empty while not", certificate: [0, 1, 2, 3] };
    expect(decidePriorityQueue(part)).toMatchObject(decision);
  });

  test("a number that comes twice, and what is no number, are for others to decide", () => {
    const insert = { f: "insert", input: 1 };
    const twice = partOf([
      { ...insert, at: [0, 1] },
      { ...insert, at: [2, 3] },
    ]);
    expect(decidePriorityQueue(twice).verdict).toBe("inapplicable");
    const text = partOf([{ f: "insert", input: "constructor", at: [0, 1] }]);
    expect(decidePriorityQueue(text).verdict).toBe("inapplicable");
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
