/** Every object against the definition, on its small histories: exhaustively for the smallest, at random for others. */
import { describe, expect, test } from "vitest";
import { piecesOf, tryRandom, tryScope } from "./testdata/phases.ts";
import { REGISTER } from "./testdata/registers.ts";
import { smallHistories } from "./testdata/scope.ts";
import { SUBJECTS } from "./testdata/subjects.ts";
import { type Tally, total } from "./testdata/tally.ts";
import { operation, partOf } from "./testdata/told.ts";
import { Court } from "./testdata/trial.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_263);
/** Of the choices of three operations a tenth or so, where there are more; `npm run trust` takes all. */
const HISTORIES = 6_000;
const RANDOM = 1_200;

/** Nothing was wrong or left undecided, and both answers were given often. */
function expectTrust(tally: Tally, least: number): void {
  expect(tally.mismatches.map(({ message }) => message)).toEqual([]);
  const { valid, invalid, unknown } = total(tally.routes);
  expect(unknown).toBe(0);
  expect(Math.min(valid, invalid) / (valid + invalid)).toBeGreaterThan(least);
}

describe.each(SUBJECTS)("$name", (subject) => {
  test("one and two operations: every history", () => {
    for (const count of [1, 2]) expectTrust(tryScope(subject, count, { part: 0, of: 1 }), 0.05);
  });

  test("three operations, in intervals of all shapes", () => {
    const of = piecesOf(subject, 3, HISTORIES);
    expectTrust(tryScope(subject, 3, { part: SEED % of, of }), 0.05);
  });

  // Were they all searched, the suite would still be green: so the procedures must have decided most of them.
  test.each(subject.workloads)(`$name: random histories (seed ${SEED})`, (workload) => {
    const count = Math.ceil(RANDOM / (subject.cost ?? 1));
    const tally = tryRandom(subject, workload, SEED, count);
    expectTrust(tally, 0.1);
    const { valid, invalid } = tally.routes[workload.route ?? ""] ?? { valid: count, invalid: 0 };
    expect((valid + invalid) / count).toBeGreaterThan(0.6);
  });
});

test.each(SUBJECTS)("$name: what the object does not have is not judged", (subject) => {
  const [act] = subject.acts;
  if (act === undefined) throw new Error("no acts");
  const foreign = { f: "frobnicate", input: 1 };
  for (const both of [[act, foreign], [foreign, act], [foreign]]) {
    const operations = both.map((one, i) => operation(one, i, 2 * i, 2 * i + 1));
    expect(new Court(subject).route(partOf(operations)).decision.verdict).toBe("unknown");
  }
});

test("shapes of intervals: of n operations that return there are 1, 3, 15 and 105; no end, no place for it", () => {
  const write = { f: "write", input: null };
  const info = { ...write, status: "info" as const };
  const shapes = (acts: Parameters<typeof smallHistories>[1], count: number): number =>
    [...smallHistories(REGISTER, acts, count)].length;
  expect([1, 2, 3, 4].map((count) => shapes([write], count))).toEqual([1, 3, 15, 105]);
  expect([1, 2, 3].map((count) => shapes([info], count))).toEqual([1, 1, 1]);
  // All three return, or two of them, or one, or none.
  expect(shapes([write, info], 3)).toBe(15 + (3 + 4 + 8) + (3 + 2 + 1) + 1);
});
