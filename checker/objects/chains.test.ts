import { describe, expect, test } from "vitest";
import { decideChains } from "./chains.ts";
import { type Call, register } from "./testdata/oracle.ts";
import { fuzz, fuzzSize, partOf, SEED, type Subject, smallScope } from "./testdata/trial.ts";

const subject: Subject = {
  initial: null,
  perform: register,
  decide: decideChains,
  invoke(draw, serial) {
    const kind = draw(0, 9);
    if (kind < 3) return { f: "read", input: null };
    if (kind < 5) return { f: "write", input: serial };
    if (kind < 6) return { f: "swap", input: serial };
    return {
      f: "cas",
      input: [draw(0, 2) === 0 ? null : draw(Math.max(1, serial - 3), serial), serial],
    };
  },
  guess: (draw, f, serial) => (f === "read" || f === "swap" ? draw(0, serial) || null : null),
  project: (certificate, all) => certificate.map((call) => asWrite(call, certificate, all)),
  acts: [
    { f: "write", input: 1 },
    { f: "write", input: 2, status: "info" },
    { f: "write", input: 3, status: "fail" },
    { f: "cas", input: [null, 4] },
    { f: "cas", input: [1, 5] },
    { f: "cas", input: [5, 6], status: "info" },
    { f: "cas", input: [6, 5] },
    { f: "cas", input: [2, 2] },
    { f: "swap", input: 7, output: 1 },
    { f: "swap", input: 8, output: null, status: "info" },
    ...[null, 1, 2, 4, 5, 6].map((output) => ({ f: "read", input: null, output })),
  ],
};

/** An update whose old value was deleted is a plain write. */
function asWrite(call: Call, part: readonly Call[], all: readonly Call[]): Call {
  const written = (one: Call): unknown => (Array.isArray(one.input) ? one.input[1] : one.input);
  const old =
    call.f === "cas" && Array.isArray(call.input)
      ? call.input[0]
      : call.f === "swap"
        ? call.output
        : null;
  const writes = (one: Call): boolean => one.f !== "read" && written(one) === old;
  if (old === null || old === undefined || part.some(writes) || !all.some(writes)) return call;
  const input = Array.isArray(call.input) ? call.input[1] : call.input;
  return { ...call, f: "write", input, output: call.output === undefined ? undefined : null };
}

describe("chains", () => {
  test("a compare-and-set follows what it replaced, also when its answer was lost", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 3] },
      { f: "cas", input: [1, 2], status: "info", at: [1, 99] },
      { f: "read", input: null, output: 2, at: [2, 4] },
      { f: "cas", input: [2, 3], at: [5, 6] },
    ]);
    expect(decideChains(part)).toMatchObject({
      verdict: "valid",
      order: Int32Array.of(0, 1, 2, 3),
    });
  });

  test("two updates of the same value: one is lost", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 1] },
      { f: "cas", input: [1, 2], at: [2, 4] },
      { f: "cas", input: [1, 3], at: [3, 5] },
      { f: "read", input: null, output: 3, at: [6, 7] },
    ]);
    const decision = { verdict: "invalid", class: "lost update", certificate: [0, 1, 2] };
    expect(decideChains(part)).toMatchObject(decision);
  });

  test("a read of what was replaced before it began", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 1] },
      { f: "cas", input: [1, 2], at: [2, 3] },
      { f: "read", input: null, output: 1, at: [4, 5] },
    ]);
    const decision = { verdict: "invalid", class: "stale read", certificate: [0, 1, 2] };
    expect(decideChains(part)).toMatchObject(decision);
  });

  test("a read of what only a failed write could have written", () => {
    const part = partOf([
      { f: "write", input: 1, status: "fail", at: [0, 1] },
      { f: "read", input: null, output: 1, at: [2, 3] },
    ]);
    expect(decideChains(part)).toMatchObject({ class: "aborted read", certificate: [0, 1] });
  });

  test("a value written twice is for others to decide", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 1] },
      { f: "write", input: 1, at: [2, 3] },
    ]);
    expect(decideChains(part).verdict).toBe("inapplicable");
  });

  test("agrees with the oracle on all histories of three operations", () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(5_000);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 600_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
