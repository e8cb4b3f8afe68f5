import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import type { CheckResult } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { fault, read, story, write } from "../testdata/story.ts";
import { SESSION_GUARANTEES, sessionGuarantees } from "./session-guarantees.ts";
import { GUARANTEES, type Guarantee } from "./session-violations.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";
import { told } from "./testdata/told-sessions.ts";
import type { Evidence } from "./version-order.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_255);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 2_000);

function judged(history: History, evidence: Evidence = "real-time"): CheckResult {
  const spec = sessionGuarantees(GUARANTEES, { evidence });
  return SESSION_GUARANTEES.judge(recordingOf(history), spec);
}

/** Each order of the writes in which no older one follows a newer one. */
function linearOrders(
  writes: readonly Operation[],
  older: (a: Operation, b: Operation) => boolean,
): Operation[][] {
  if (writes.length === 0) return [[]];
  return writes.flatMap((first) => {
    const rest = writes.filter((one) => one !== first);
    if (rest.some((one) => older(one, first))) return [];
    return linearOrders(rest, older).map((order) => [first, ...order]);
  });
}

/** By definition, over all orders of versions that the evidence allows for. */
function expected(all: readonly Operation[], evidence: Evidence) {
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const writes = all.filter(({ f, status }) => f === "write" && status !== "fail");
  const source = (r: Operation) => writes.find((w) => w.key === r.key && w.input === r.output);
  const future = (r: Operation): boolean =>
    evidence === "real-time" && (r.completed ?? 0) < (source(r)?.id ?? -1);
  const reads = all.filter(
    (r) => r.f === "read" && r.status === "ok" && (r.output === null || source(r)) && !future(r),
  );
  const before = (a: Operation, b: Operation): boolean => a.process === b.process && a.id < b.id;
  const happened = closure(
    [...writes.filter((w) => w.status === "ok" || reads.some((r) => source(r) === w)), ...reads],
    (a, b) => before(a, b) || (b.f === "read" && source(b) === a),
  );
  const older = (a: Operation, b: Operation): boolean =>
    evidence === "happens-before"
      ? (happened.get(a)?.has(b) ?? false)
      : a !== b &&
        [a, ...reads.filter((r) => source(r) === a)].some((op) => (op.completed ?? 1e9) < b.id);
  if ([...happened].some(([op, later]) => later.has(op))) return undefined;
  for (const key of new Set(all.map((op) => op.key))) {
    const own = reads.filter((r) => r.key === key);
    const versions = writes.filter(
      (w) => w.key === key && (w.status === "ok" || own.some((r) => source(r) === w)),
    );
    const orders = linearOrders(versions, older);
    const place = (order: readonly Operation[], w: Operation | undefined): number =>
      w === undefined ? -1 : order.indexOf(w);
    const in_ = (name: string, r: Operation, knew: readonly (Operation | undefined)[]): void => {
      const broken = orders.filter((order) =>
        knew.some((w) => place(order, source(r)) < place(order, w)),
      );
      if (broken.length === orders.length) count(name);
      else if (broken.length > 0) count(`possible ${name}`);
    };
    for (const r of own) {
      in_(
        "read-your-writes",
        r,
        versions.filter((w) => before(w, r)),
      );
      const seen = own.filter((one) => before(one, r)).map(source);
      in_("monotonic-reads", r, seen);
      const a = source(r);
      if (a === undefined) continue;
      const later = seen.filter((b) => b !== undefined);
      if (later.some((b) => before(a, b))) count("monotonic-writes");
      if (later.some((b) => own.some((led) => source(led) === a && before(led, b))))
        count("writes-follow-reads");
    }
  }
  return counts;
}

function closure(
  ops: readonly Operation[],
  edge: (a: Operation, b: Operation) => boolean,
): Map<Operation, Set<Operation>> {
  const after = new Map(ops.map((a) => [a, new Set(ops.filter((b) => edge(a, b)))]));
  for (const k of ops)
    for (const a of ops)
      if (after.get(a)?.has(k)) for (const b of after.get(k) ?? []) after.get(a)?.add(b);
  return after;
}

describe("agrees with the definition over all orders of versions", () => {
  test.each(["real-time", "happens-before"] as const)(`by %s (seed ${SEED})`, (evidence) => {
    const random = xoroshiro128plus(SEED);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      const shape = {
        ...{ operations: 3 + (i % 9), sessions: 2 + (i % 3), keys: 1 + (i % 2) },
        ...{ unique: true, lost: 5, failed: 5, sane: (i % 4) * 30, hasty: (i % 3) * 40 },
      };
      const history = randomSessions(random, shape);
      const result = judged(history, evidence);
      const counts = expected(operationsOf(history), evidence);
      if (counts === undefined) {
        if (evidence === "happens-before") expect(result.verdict).toBe("unknown");
        continue;
      }
      const what = `history ${i}: ${tell(history)} ${JSON.stringify([...counts])}`;
      for (const name of GUARANTEES) {
        expect(result.found[name] ?? 0, `${name} ${what}`).toBe(counts.get(name) ?? 0);
        met.set(name, (met.get(name) ?? 0) + Math.sign(counts.get(name) ?? 0));
      }
      const possible = (name: Guarantee): number => counts.get(`possible ${name}`) ?? 0;
      expect(result.facts["possibleReadYourWrites"], what).toBe(possible("read-your-writes"));
      expect(result.facts["possibleMonotonicReads"], what).toBe(possible("monotonic-reads"));
      met.set(result.verdict, (met.get(result.verdict) ?? 0) + 1);
    }
    for (const name of [...GUARANTEES, "valid", "invalid", "unknown"])
      expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 1000);
  });
});

describe("a client that goes to a replica that lags", () => {
  const p = (process: number, node: string) => ({ process, node });
  const history = story(
    write(1, 0, 10, p(1, "n1")),
    write(2, 20, 30, p(1, "n1")),
    read(1, 40, 50, p(1, "n2")),
    read(2, 22, 35, p(2, "n1")),
    read(1, 42, 52, p(2, "n2")),
    read(1, 11, 12, p(3, "n1")),
    write(3, 60, 70, p(3, "n1")),
    read(3, 72, 80, p(4, "n1")),
    read(1, 82, 90, p(4, "n2")),
    fault("partition", "n2", 15, 95),
  );

  test("breaks all four, and each is explained", () => {
    const result = judged(history);
    expect(result.verdict).toBe("invalid");
    expect(result.found).toEqual({
      "read-your-writes": 1,
      "monotonic-reads": 2,
      "monotonic-writes": 1,
      "writes-follow-reads": 1,
    });
    expect(result.anomalies).toMatchSnapshot();
    expect(judged(history, "happens-before").anomalies).toMatchSnapshot();
  });

  test("and those that nobody asked for are not told", () => {
    const spec = sessionGuarantees(["monotonic-writes"]);
    const result = SESSION_GUARANTEES.judge(recordingOf(history), spec);
    expect(result.found).toEqual({ "monotonic-writes": 1 });
    expect(result.anomalies.map(({ name }) => name)).toEqual(["monotonic-writes"]);
  });
});

describe("nothing is certain", () => {
  test("of writes that overlap, which either may be the newer one", () => {
    const history = story(
      write(1, 0, 20, { process: 1 }),
      write(2, 5, 25, { process: 2 }),
      read(1, 30, 40, { process: 2 }),
    );
    expect(judged(history)).toMatchObject({
      verdict: "valid",
      facts: { possibleReadYourWrites: 1, possibleMonotonicReads: 0 },
    });
  });

  test("across a lost answer, after which the client has another number", () => {
    const history = story(
      write(1, 0, 10, { process: 1 }),
      write(2, 20, 30, { process: 1, status: "info" }),
      read(1, 40, 50, { process: 2 }),
    );
    expect(judged(history).verdict).toBe("valid");
  });

  test("by happens-before of writes whose writers never heard of each other", () => {
    const history = story(
      write(1, 0, 10, { process: 1 }),
      write(2, 20, 30, { process: 2 }),
      read(1, 40, 50, { process: 2 }),
    );
    expect(judged(history, "happens-before").verdict).toBe("valid");
    expect(judged(history).found).toEqual({ "read-your-writes": 1 });
  });

  test("of what cannot be judged", () => {
    expect(judged(told("x=1 x=1 x:1")).verdict).toBe("unknown");
    expect(judged(told("x=1 x:7")).verdict).toBe("unknown");
    expect(judged(told("x:1 y=1", "y:1 x=1"), "happens-before").verdict).toBe("unknown");
    expect(judged(story()).verdict).toBe("unknown");
  });
});

test("options that do not exist or fit are refused by name", () => {
  const validate = (options: Record<string, string | readonly string[]>) =>
    SESSION_GUARANTEES.validate({ name: "session-guarantees", options });
  expect(() => validate({ names: [] })).toThrow(
    'the check session-guarantees has no option "names"; it has guarantees and evidence and initial',
  );
  expect(() => validate({ guarantees: ["read-your-reads"] })).toThrow(
    'there is no session guarantee "read-your-reads"; there are read-your-writes,',
  );
  expect(() => validate({ guarantees: [] })).toThrow("must be a list of some of read-your-writes,");
  expect(() => validate({ evidence: "stamps" })).toThrow(
    "must be one of real-time, happens-before",
  );
  expect(validate({})).toEqual(sessionGuarantees());
});
