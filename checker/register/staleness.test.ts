import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { columnsOf } from "../history/columns.ts";
import { explainable } from "../testdata/oracle.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { read, story, write } from "../testdata/story.ts";
import { type Staleness, staleness } from "./staleness.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 10_000);
const MS = 1e6;

function measured(operations: readonly Operation[]): Staleness {
  const result = staleness(
    { columns: columnsOf(operations), rows: Int32Array.from(operations.keys()) },
    null,
  );
  if ("verdict" in result) throw new Error(result.reason);
  return result;
}

/** Every `step` events share a time. */
function timed(operations: readonly Operation[], step: number): Operation[] {
  const time = (index: number): number => Math.floor(index / step) * MS;
  return operations.map((op) => ({
    ...op,
    invokedAt: time(op.id),
    completedAt: op.completed === undefined ? undefined : time(op.completed),
  }));
}

/** Without the reads whose value nobody can have written. */
function sourced(operations: readonly Operation[]): Operation[] {
  return operations.filter(
    (op) =>
      op.f === "write" ||
      op.status !== "ok" ||
      op.output === null ||
      operations.some(
        (other) =>
          other.f === "write" &&
          other.status !== "fail" &&
          other.input === op.output &&
          other.id < (op.completed ?? 0),
      ),
  );
}

/** The definition: is there a legal order when reads begin so much earlier and equal times are concurrent? */
function repaired(operations: readonly Operation[], ms: number): boolean {
  return explainable(
    operations.map((op) => ({
      ...op,
      id: op.invokedAt / MS - (op.f === "read" ? ms : 0),
      completed: op.completedAt === undefined ? undefined : op.completedAt / MS,
    })),
  );
}

/** Reads again, by comparing everything with everything. */
function slowly(operations: readonly Operation[]): { ms: number; behind: number }[] {
  const effects = operations.filter((op) => op.f === "write" && op.status !== "fail");
  const firstEnd = (value: Operation["output"]): number =>
    value === null
      ? Number.NEGATIVE_INFINITY
      : Math.min(
          ...operations
            .filter(
              (op) => op.status === "ok" && (op.f === "write" ? op.input : op.output) === value,
            )
            .map((op) => op.completedAt ?? 0),
        );
  return operations
    .filter((op) => op.f === "read" && op.status === "ok" && op.output !== undefined)
    .map((op) => {
      const late = effects
        .filter((other) => other.invokedAt > firstEnd(op.output ?? null))
        .map((other) => firstEnd(other.input))
        .filter((end) => end < op.invokedAt);
      return {
        ms: Math.max(0, ...late.map((end) => op.invokedAt - end)) / MS,
        behind: late.length,
      };
    });
}

test(`agrees with the definitions on random histories (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED);
  const met = { fresh: 0, stale: 0, alternating: 0 };
  for (let i = 0; i < ROUNDS; i++) {
    const shape = { operations: uniformInt(random, 2, 7), processes: uniformInt(random, 2, 4) };
    const any = timed(
      randomOperations(random, { ...shape, unique: true }),
      uniformInt(random, 1, 3),
    );
    const operations = sourced(any);
    const what = JSON.stringify(operations);
    const result = measured(any);
    expect(result.strays, what).toBe(any.length - operations.length);
    const slow = slowly(operations);
    expect(Array.from(result.ms), what).toEqual(slow.map(({ ms }) => ms));
    expect(Array.from(result.behind), what).toEqual(slow.map(({ behind }) => behind));
    expect(result.maxMs, what).toBe(Math.max(0, ...result.ms));
    expect(result.maxBehind, what).toBe(Math.max(0, ...result.behind));
    expect(result.stale).toBe(slow.filter(({ ms }) => ms > 0).length);
    expect(result.deltaMs, what).toBeGreaterThanOrEqual(result.maxMs);
    expect(repaired(operations, result.deltaMs), what).toBe(true);
    if (result.deltaMs > 0) expect(repaired(operations, result.deltaMs - 1), what).toBe(false);
    met[result.deltaMs === 0 ? "fresh" : result.deltaMs > result.maxMs ? "alternating" : "stale"]++;
  }
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(ROUNDS / 500);
});

test("tells by how much and by how many versions", () => {
  const operations = operationsOf(
    story(
      write(1, 0, 10),
      write(2, 20, 30),
      read(2, 32, 33),
      write(3, 40, 50),
      read(1, 95, 97),
      read(3, 99, 100),
    ),
  );
  const unit = (operations[1]?.completedAt ?? 0) / 30 / MS;
  expect(measured(operations)).toMatchObject({
    reads: Int32Array.of(2, 4, 5),
    ms: Float64Array.of(0, 65 * unit, 0),
    behind: Int32Array.of(0, 2, 0),
    stale: 1,
    p50Ms: 0,
    p99Ms: 65 * unit,
    maxMs: 65 * unit,
    deltaMs: 65 * unit,
  });
});

test("has nothing to say of values that were written twice, and zeros of nothing", () => {
  const twice = operationsOf(story(write(1, 0, 1), write(1, 2, 3)));
  const rows = Int32Array.of(0, 1);
  expect(staleness({ columns: columnsOf(twice), rows }, null)).toMatchObject({
    verdict: "inapplicable",
  });
  expect(measured([])).toMatchObject({ stale: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, deltaMs: 0 });
});
