import { describe, expect, test } from "vitest";
import { rmwRegister } from "../search/index.ts";
import { type ChainRules, decideChains } from "./chains.ts";
import { type Call, register } from "./testdata/oracle.ts";
import { scopeSize, smallScope } from "./testdata/small-scope.ts";
import { type Act, numbers, partOf } from "./testdata/told.ts";
import { fuzz, fuzzSize, SEED, type Subject, twinOf } from "./testdata/trial.ts";

const subject: Subject = {
  initial: null,
  perform: register,
  decide: decideChains,
  twin: twinOf(() => rmwRegister()),
  refuses: { kinds: ["cas"], failed: true },
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
  acts: (place, count) => {
    const value = place + 1;
    const known = [null, ...numbers(1, count)].filter((old) => old !== value || place === 1);
    return [
      { f: "write", input: value },
      { f: "write", input: value, status: "info" },
      { f: "write", input: value, status: "fail" },
      ...known.flatMap((old): Act[] => [
        { f: "cas", input: [old, value] },
        { f: "cas", input: [old, value], status: "info" },
        {
          f: "cas",
          input: [old, value],
          ...(place === 0 ? { status: "fail" } : { output: false }),
        },
        { f: "swap", input: value, output: old },
        { f: "read", input: null, output: old },
      ]),
      { f: "swap", input: value, status: "info" },
    ];
  },
};

/** An update whose old value was deleted is a plain write. */
function asWrite(call: Call, part: readonly Call[], all: readonly Call[]): Call {
  if (call.refused === true) return call;
  const written = (one: Call): unknown => (Array.isArray(one.input) ? one.input[1] : one.input);
  const old =
    call.f === "cas" && Array.isArray(call.input)
      ? call.input[0]
      : call.f === "swap"
        ? call.output
        : null;
  const writes = (one: Call): boolean =>
    one.f !== "read" && one.refused !== true && written(one) === old;
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

  test("a compare-and-set that failed needs an instant at which there was another value", () => {
    const told = (end: number, rules?: ChainRules) =>
      decideChains(
        partOf([
          { f: "write", input: 1, at: [0, 1] },
          { f: "cas", input: [1, 9], status: "fail", at: [2, end] },
          { f: "cas", input: [1, 9], output: false, at: [3, 12] },
          { f: "read", input: null, output: 1, at: [5, 6] },
          { f: "write", input: 2, at: [8, 10] },
        ]),
        null,
        rules,
      );
    expect(told(9)).toMatchObject({ verdict: "valid", order: Int32Array.of(0, 3, 4, 1, 2) });
    const missed = { verdict: "invalid", class: "missed value", certificate: [0, 1, 3] };
    expect(told(4)).toMatchObject(missed);
    expect(told(4, { failures: "ignored" }).verdict).toBe("valid");
  });

  test("a compare-and-set that failed may show a write that nobody saw; that is for others to decide", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 1] },
      { f: "write", input: 2, status: "info", at: [2, 99] },
      { f: "cas", input: [1, 9], output: false, at: [3, 4] },
    ]);
    expect(decideChains(part).verdict).toBe("inapplicable");
  });

  test("a value written twice is for others to decide", () => {
    const part = partOf([
      { f: "write", input: 1, at: [0, 1] },
      { f: "write", input: 1, at: [2, 3] },
    ]);
    expect(decideChains(part).verdict).toBe("inapplicable");
  });

  test(`agrees with the oracle on all histories of up to ${scopeSize()} operations`, {
    timeout: 7_200_000,
  }, () => {
    const { valid, invalid } = smallScope(subject);
    expect(Math.min(valid, invalid)).toBeGreaterThan(5_000);
  });

  test(`agrees with the oracle on random histories (seed ${SEED})`, { timeout: 7_200_000 }, () => {
    const count = fuzzSize();
    const { valid, invalid } = fuzz(subject, count);
    expect(Math.min(valid, invalid)).toBeGreaterThan(count / 10);
  });
});
