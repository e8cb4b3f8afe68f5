import { describe, expect, test } from "vitest";
import { decideLock } from "./lock.ts";
import { lock } from "./testdata/oracle.ts";
import {
  type Act,
  fuzz,
  fuzzSize,
  partOf,
  SEED,
  type Subject,
  smallScope,
} from "./testdata/trial.ts";

const NO_LIMIT = 99;
const RULES = [
  { name: "a mutex", permits: 1, shared: false },
  { name: "a semaphore of two", permits: 2, shared: false },
  { name: "a read-write lock", permits: NO_LIMIT, shared: true },
];

function subjectOf(permits: number, shared: boolean): Subject {
  const modes = shared ? ["read", "write"] : [null];
  const acquires = modes.flatMap((input): Act[] => [
    { f: "acquire", input },
    { f: "acquire", input, status: "info" },
  ]);
  const acts: Act[] = [
    ...acquires,
    { f: "release", input: null },
    { f: "release", input: null, status: "info" },
  ];
  return {
    initial: [],
    perform: lock(permits, shared),
    decide: (part) => decideLock(part, { permits, shared }),
    invoke: (draw) =>
      draw(0, 2) > 0
        ? { f: "acquire", input: modes[draw(0, modes.length - 1)] ?? null }
        : { f: "release", input: null },
    guess: () => null,
    acts: [0, 1, 2].flatMap((process) => acts.map((act) => ({ ...act, process }))),
  };
}

const acquire = { f: "acquire", input: null };
const release = { f: "release", input: null };

describe("lock", () => {
  test("a release takes effect at its beginning, an acquire at its end", () => {
    const part = partOf([
      { ...acquire, process: 1, at: [0, 2] },
      { ...acquire, process: 2, at: [1, 5] },
      { ...release, process: 1, status: "info", at: [3, 99] },
    ]);
    expect(decideLock(part)).toMatchObject({ order: Int32Array.of(0, 2, 1) });
  });

  test("two hold at once", () => {
    const part = partOf([
      { ...acquire, process: 1, at: [0, 1] },
      { ...acquire, process: 2, at: [2, 3] },
      { ...release, process: 1, at: [4, 5] },
    ]);
    const decision = { verdict: "invalid", class: "held at once", certificate: [0, 1, 2] };
    expect(decideLock(part)).toMatchObject(decision);
    expect(decideLock(part, { permits: 2 }).verdict).toBe("valid");
  });

  test("who writes holds alone, who reads shares", () => {
    const part = (mode: string) =>
      partOf([
        { f: "acquire", input: "read", process: 1, at: [0, 1] },
        { f: "acquire", input: mode, process: 2, at: [2, 3] },
      ]);
    expect(decideLock(part("read"), { shared: true }).verdict).toBe("valid");
    expect(decideLock(part("write"), { shared: true }).verdict).toBe("invalid");
  });

  for (const { name, permits, shared } of RULES) {
    test(`${name} agrees with the oracle on all histories of three operations`, () => {
      const { valid, invalid } = smallScope(subjectOf(permits, shared));
      expect(Math.min(valid, invalid)).toBeGreaterThan(500);
    });

    test(`${name} agrees with the oracle on random histories (seed ${SEED})`, {
      timeout: 600_000,
    }, () => {
      const count = fuzzSize();
      const { valid, invalid } = fuzz(subjectOf(permits, shared), count);
      expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
    });
  }
});
