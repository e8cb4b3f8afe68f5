import { describe, expect, test } from "vitest";
import { rwLock, semaphore } from "../search/index.ts";
import { decideLock } from "./lock.ts";
import { lock } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { type Act, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const NO_LIMIT = 99;
const RULES = [
  { name: "a mutex", permits: 1, shared: false },
  { name: "a semaphore of two", permits: 2, shared: false },
  { name: "a read-write lock", permits: NO_LIMIT, shared: true },
];

function subjectOf(permits: number, shared: boolean): Subject {
  const modes = shared ? ["read", "write"] : [null];
  const acts: Act[] = [
    ...modes.flatMap((input): Act[] => [
      { f: "acquire", input },
      { f: "acquire", input, output: false },
      { f: "acquire", input, status: "info" },
    ]),
    { f: "acquire", input: modes[0] ?? null, status: "fail" },
    { f: "release", input: null },
    { f: "release", input: null, status: "info" },
  ];
  return {
    initial: [],
    perform: lock(permits, shared),
    decide: (part) => decideLock(part, { permits, shared }),
    twin: twinOf(() => (shared ? rwLock() : semaphore(permits))),
    refuses: { kinds: ["acquire"], failed: false },
    invoke: (draw) =>
      draw(0, 2) > 0
        ? { f: "acquire", input: modes[draw(0, modes.length - 1)] ?? null }
        : { f: "release", input: null },
    guess: () => null,
    acts: () => acts,
    byProcess: true,
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

  test("who was refused found it taken", () => {
    const told = (begin: number, status: "ok" | "info") =>
      decideLock(
        partOf([
          { ...acquire, process: 1, at: [0, 3] },
          { ...acquire, process: 2, output: false, at: [begin, 6] },
          { ...release, process: 1, at: [4, 5] },
          { ...acquire, process: 3, status, at: [7, 9] },
          { ...acquire, process: 4, output: false, at: [8, 10] },
        ]),
      );
    expect(told(1, "ok")).toMatchObject({ order: Int32Array.of(0, 1, 2, 3, 4) });
    // Whether the third ever held it is unknown.
    expect(told(1, "info").verdict).toBe("inapplicable");
    const free = partOf([
      { ...acquire, process: 1, at: [0, 1] },
      { ...release, process: 1, at: [2, 3] },
      { ...acquire, process: 2, output: false, at: [4, 5] },
    ]);
    expect(decideLock(free)).toMatchObject({ class: "refused while free", certificate: [2] });
  });

  test("a process that does two things at once is for others to decide", () => {
    const part = partOf([
      { ...release, process: 1, at: [0, 5] },
      { ...acquire, process: 1, at: [1, 2] },
    ]);
    expect(decideLock(part).verdict).toBe("inapplicable");
  });

  test("a lock without owner is decided where nobody releases what another acquired", () => {
    const part = (process: number) =>
      partOf([
        { ...acquire, process: 1, at: [0, 1] },
        { ...release, process, at: [2, 3] },
      ]);
    expect(decideLock(part(1), { ownerless: true }).verdict).toBe("valid");
    expect(decideLock(part(2), { ownerless: true }).verdict).toBe("inapplicable");
    expect(decideLock(part(2)).verdict).toBe("invalid");
  });

  for (const { name, permits, shared } of RULES) {
    test(`${name} agrees with the oracle on all histories of up to ${scopeSize()} operations`, {
      timeout: 7_200_000,
    }, () => {
      const { valid, invalid } = smallScope(subjectOf(permits, shared));
      expect(Math.min(valid, invalid)).toBeGreaterThan(500);
    });

    test(`${name} agrees with the oracle on random histories (seed ${SEED})`, {
      timeout: 7_200_000,
    }, () => {
      const count = fuzzSize();
      const { valid, invalid } = fuzz(subjectOf(permits, shared), count);
      expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
    });
  }
});
