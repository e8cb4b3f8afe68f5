import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import type { CheckResult } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { fault, read, story, write } from "../testdata/story.ts";
import { STALENESS, staleness } from "./staleness.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";
import { told } from "./testdata/told-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_256);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 2_000);

type Bounds = { readonly withinMs?: number; readonly versions?: number };

function judged(history: History, bounds: Bounds = {}): CheckResult {
  return STALENESS.judge(recordingOf(history), staleness(bounds));
}

/** By definition: for each read that has a source the milliseconds and the versions that it was behind. */
function stale(
  operations: readonly Operation[],
): { readonly ms: number; readonly behind: number }[] {
  const writes = operations.filter(({ f, status }) => f === "write" && status !== "fail");
  const reads = operations.filter(({ f, status }) => f === "read" && status === "ok");
  const sourceOf = (r: Operation) => writes.find((w) => w.key === r.key && w.input === r.output);
  const sourced = reads.filter((r) => {
    const source = sourceOf(r);
    return source === undefined ? r.output === null : source.id < (r.completed ?? 0);
  });
  const effect = (w: Operation): number =>
    Math.min(
      ...[w, ...sourced.filter((r) => sourceOf(r) === w)].map((op) => op.completedAt ?? 1e99),
    );
  return sourced.map((r) => {
    const source = sourceOf(r);
    const since = source === undefined ? -1 : effect(source);
    const newer = writes.filter((w) => w.key === r.key && w.invokedAt > since).map(effect);
    const over = Math.min(...newer, 1e99);
    return {
      ms: Math.max(0, r.invokedAt - over) / 1e6,
      behind: newer.filter((time) => time < r.invokedAt).length,
    };
  });
}

test(`agrees with the definition (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED);
  const met = new Map<string, number>();
  for (let i = 0; i < ROUNDS; i++) {
    const shape = {
      ...{ operations: 3 + (i % 12), sessions: 2 + (i % 3), keys: 1 + (i % 2) },
      ...{ unique: true, lost: 5, failed: 5, sane: (i % 4) * 30 },
    };
    const history = randomSessions(random, shape);
    const events = history.events.map((event) => ({ ...event, time: event.time * 1e6 }));
    const bounds = [{}, { withinMs: i % 5 }, { versions: i % 3 }, { withinMs: 2, versions: 1 }];
    const { withinMs = 1e99, versions = 1e99 } = bounds[i % 4] ?? {};
    const result = judged({ ...history, events }, bounds[i % 4]);
    const reads = stale(operationsOf({ events }));
    const tooOld = reads.filter(({ ms, behind }) => ms > withinMs || behind > versions).length;
    const what = `history ${i}: ${tell(history)}`;
    expect(result.found["stale-read"] ?? 0, what).toBe(tooOld);
    expect(result.facts["maxMs"], what).toBe(Math.max(0, ...reads.map(({ ms }) => ms)));
    const most = Math.max(0, ...reads.map(({ behind }) => behind));
    expect(result.facts["maxVersionsBehind"], what).toBe(most);
    if (tooOld > 0) expect(result.verdict).toBe("invalid");
    else expect(result.verdict).toBe(result.facts["strays"] === 0 ? "valid" : "unknown");
    met.set(result.verdict, (met.get(result.verdict) ?? 0) + 1);
  }
  for (const name of ["valid", "invalid", "unknown"])
    expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 50);
});

describe("a read that is 30 ms and two versions behind", () => {
  const history = story(
    write(1, 0, 10, { process: 1 }),
    write(2, 12, 20, { process: 1 }),
    write(3, 25, 30, { process: 1 }),
    read(1, 50, 55, { process: 2, node: "n2" }),
    fault("pause", "n2", 15, 45),
  );

  test.each([
    [{}, "valid"],
    [{ withinMs: 30 }, "valid"],
    [{ withinMs: 29.9 }, "invalid"],
    [{ versions: 2 }, "valid"],
    [{ versions: 1 }, "invalid"],
    [{ withinMs: 0, versions: 5 }, "invalid"],
  ] as const)("with %j is %s", (bounds, verdict) => {
    expect(judged(history, bounds).verdict).toBe(verdict);
  });

  test("is explained", () => {
    const result = judged(history, { withinMs: 20 });
    expect(result).toMatchObject({
      reason:
        "1 answered read, 1 stale (p50 30.0 ms, p99 30.0 ms, at most 30.0 ms); 1 read older than 20 ms",
      facts: { reads: 1, stale: 1, maxMs: 30, maxVersionsBehind: 2 },
    });
    expect(result.anomalies).toMatchSnapshot();
  });

  test("also where it is the initial value that is old", () => {
    const old = story(write(1, 0, 10, { process: 1 }), read(null, 20, 30, { process: 2 }));
    expect(judged(old, { versions: 0 }).anomalies).toMatchSnapshot();
  });
});

test("what cannot be measured is unknown", () => {
  expect(judged(told("x=1 x=1")).verdict).toBe("unknown");
  expect(judged(story()).verdict).toBe("unknown");
});

test("options that do not exist or fit are refused by name", () => {
  const validate = (options: Record<string, number>) =>
    STALENESS.validate({ name: "staleness", options });
  expect(() => validate({ within: 3 })).toThrow(
    'the check staleness has no option "within"; it has withinMs and versions and initial',
  );
  expect(() => validate({ withinMs: -1 })).toThrow("must be a number that is not negative, not -1");
  expect(validate({})).toEqual(staleness());
  expect(validate({ withinMs: 3 })).toEqual(staleness({ withinMs: 3 }));
});
