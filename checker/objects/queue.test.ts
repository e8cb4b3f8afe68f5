import { describe, expect, test } from "vitest";
import { decideQueue } from "./queue.ts";
import { queue } from "./testdata/oracle.ts";
import { fuzz, fuzzSize, partOf, SEED, type Subject, smallScope } from "./testdata/trial.ts";

const subject: Subject = {
  initial: [],
  perform: queue,
  decide: decideQueue,
  invoke: (draw, serial) =>
    draw(0, 1) === 0 ? { f: "enqueue", input: serial } : { f: "dequeue", input: null },
  guess: (draw, f, serial) => (f === "dequeue" ? draw(0, serial) || null : null),
  acts: [
    { f: "enqueue", input: 1 },
    { f: "enqueue", input: 2 },
    { f: "enqueue", input: 3, status: "info" },
    { f: "enqueue", input: 4, status: "fail" },
    { f: "dequeue", input: null, status: "info" },
    ...[null, 1, 2, 3, 4].map((output) => ({ f: "dequeue", input: null, output })),
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

  test("a dequeue that nobody heard of may have taken the first; that is for others to decide", () => {
    const part = partOf([
      { f: "enqueue", input: 1, at: [0, 1] },
      { f: "dequeue", input: null, status: "info", at: [2, 99] },
      { f: "enqueue", input: 2, at: [3, 4] },
      { f: "dequeue", input: null, output: 2, at: [5, 6] },
    ]);
    expect(decideQueue(part).verdict).toBe("inapplicable");
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
