import { describe, expect, test } from "vitest";
import { queue as queueModel } from "../search/index.ts";
import { decideQueue } from "./queue.ts";
import { queue } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: queue,
  decide: decideQueue,
  twin: twinOf(queueModel),
  invoke: (draw, serial) =>
    draw(0, 1) === 0 ? { f: "enqueue", input: serial } : { f: "dequeue", input: null },
  guess: (draw, f, serial) => (f === "dequeue" ? draw(0, serial) || null : null),
  acts: (place, count) => [
    { f: "enqueue", input: place + 1 },
    { f: "enqueue", input: place + 1, status: "info" },
    { f: "enqueue", input: place + 1, status: "fail" },
    { f: "dequeue", input: null, status: "info" },
    ...[null, ...numbers(1, count)].map((output) => ({ f: "dequeue", input: null, output })),
  ],
};

describe("queue", () => {
  test("concurrent enqueues may be dequeued in either order", () => {
    const part = partOf([
      { f: "enqueue", input: 1, at: [0, 2] },
      { f: "enqueue", input: 2, at: [1, 3] },
      { f: "dequeue", input: null, output: 2, at: [4, 5] },
      { f: "dequeue", input: null, output: 1, at: [6, 7] },
      { f: "dequeue", input: null, output: null, at: [8, 9] },
    ]);
    expect(decideQueue(part)).toMatchObject({ order: Int32Array.of(1, 0, 2, 3, 4) });
  });

  test("who came first must leave first", () => {
    const part = partOf([
      { f: "enqueue", input: 1, at: [0, 1] },
      { f: "enqueue", input: 2, at: [2, 3] },
      { f: "dequeue", input: null, output: 2, at: [4, 5] },
      { f: "dequeue", input: null, output: 1, at: [6, 7] },
    ]);
    const decision = { verdict: "invalid", class: "out of order", certificate: [0, 1, 2, 3] };
    expect(decideQueue(part)).toMatchObject(decision);
  });

  test("empty while one value after the other was there", () => {
    const part = partOf([
      { f: "enqueue", input: 1, at: [0, 1] },
      { f: "dequeue", input: null, output: null, at: [2, 7] },
      { f: "enqueue", input: 2, at: [3, 4] },
      { f: "dequeue", input: null, output: 1, at: [5, 6] },
    ]);
    const decision = { verdict: "invalid", class: "empty while not", certificate: [0, 1, 2, 3] };
    expect(decideQueue(part)).toMatchObject(decision);
  });

  test("a dequeue that nobody heard of took the first, if it began in time", () => {
    const taken = (begin: number) =>
      partOf([
        { f: "enqueue", input: 1, at: [0, 1] },
        { f: "dequeue", input: null, status: "info", at: [begin, 99] },
        { f: "enqueue", input: 2, at: [3, 4] },
        { f: "dequeue", input: null, output: 2, at: [5, 6] },
      ]);
    expect(decideQueue(taken(2))).toMatchObject({ order: Int32Array.of(0, 1, 2, 3) });
    const decision = { verdict: "invalid", class: "out of order", certificate: [0, 1, 2, 3] };
    expect(decideQueue(taken(7))).toMatchObject(decision);
  });

  test("dequeues that nobody heard of emptied it, if there were enough of them", () => {
    const emptied = (second: number) =>
      partOf([
        { f: "enqueue", input: 1, at: [0, 2] },
        { f: "enqueue", input: 2, at: [1, 3] },
        { f: "dequeue", input: null, status: "info", at: [4, 99] },
        { f: "dequeue", input: null, status: "info", at: [second, 99] },
        { f: "dequeue", input: null, output: null, at: [6, 7] },
      ]);
    expect(decideQueue(emptied(5))).toMatchObject({ order: Int32Array.of(0, 1, 2, 3, 4) });
    const decision = { verdict: "invalid", class: "empty while not", certificate: [0, 1, 2, 3, 4] };
    expect(decideQueue(emptied(8))).toMatchObject(decision);
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
