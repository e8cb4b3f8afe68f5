import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import type { CheckResult } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { fault, read, story, write } from "../testdata/story.ts";
import { REGULAR, regular, SAFE, safe } from "./regular.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_254);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 2_000);

function judged(history: History, name: "regular" | "safe"): CheckResult {
  const recording = recordingOf(history);
  return name === "regular" ? REGULAR.judge(recording, regular()) : SAFE.judge(recording, safe());
}

const NEVER = Number.POSITIVE_INFINITY;
const endOf = (op: Operation): number => (op.status === "info" ? NEVER : (op.completed ?? NEVER));

/** By definition: how many reads are wrong. */
function wrongReads(operations: readonly Operation[], name: "regular" | "safe"): number {
  return operations.filter((read) => {
    if (read.f !== "read" || read.status !== "ok") return false;
    const writes = operations.filter(
      ({ f, status, key }) => f === "write" && status !== "fail" && key === read.key,
    );
    const concurrent = writes.some((w) => w.id < endOf(read) && endOf(w) > read.id);
    if (name === "safe" && concurrent) return false;
    const gone = (end: number): boolean =>
      writes.some((other) => other.id > end && endOf(other) < read.id);
    const source = writes.some(
      (w) => w.input === read.output && w.id < endOf(read) && !gone(endOf(w)),
    );
    return !source && !(read.output === null && !gone(-1));
  }).length;
}

describe("agrees with the definition", () => {
  test.each(["regular", "safe"] as const)(`%s (seed ${SEED})`, (name) => {
    const random = xoroshiro128plus(SEED);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS * 2; i++) {
      const shape = {
        ...{ operations: 2 + (i % 11), sessions: 2 + (i % 3), keys: 1 + (i % 2) },
        ...{ unique: i % 3 !== 0, lost: i % 5, failed: 5, sane: (i % 4) * 30 },
      };
      const history = randomSessions(random, shape);
      const result = judged(history, name);
      const wrong = wrongReads(operationsOf(history), name);
      expect(result.found[`non-${name}`] ?? 0, `history ${i}: ${tell(history)}`).toBe(wrong);
      expect(result.verdict).toBe(wrong > 0 ? "invalid" : "valid");
      for (const kind of [result.verdict, ...result.anomalies.map((one) => one.class)])
        met.set(kind, (met.get(kind) ?? 0) + 1);
    }
    for (const kind of ["valid", "invalid", "stale read", "thin air", "aborted read"])
      expect(met.get(kind) ?? 0, kind).toBeGreaterThan(ROUNDS / 1000);
  });
});

describe("a stale read", () => {
  const history = story(
    write(1, 0, 10, { process: 1 }),
    write(2, 20, 30, { process: 1 }),
    read(1, 40, 50, { process: 2, node: "n2" }),
    fault("partition", "n2", 15, 60),
  );

  test("is neither regular nor safe, and is explained", () => {
    const result = judged(history, "regular");
    expect(result).toMatchObject({ verdict: "invalid", found: { "non-regular": 1 } });
    expect(result.anomalies).toMatchSnapshot();
    expect(judged(history, "safe")).toMatchObject({ verdict: "invalid", found: { "non-safe": 1 } });
  });

  test("is safe during a write", () => {
    const busy = story(write(1, 0, 10), write(2, 20, 30), read(1, 40, 50), write(3, 45, 60));
    expect(judged(busy, "regular").verdict).toBe("invalid");
    expect(judged(busy, "safe")).toMatchObject({
      verdict: "valid",
      facts: { reads: 1, overlappingReads: 1 },
    });
  });
});

test("new and old in turn are regular while the write goes on", () => {
  const history = story(write(1, 0, 5), write(2, 10, 50), read(2, 12, 14), read(1, 20, 30));
  expect(judged(history, "regular").verdict).toBe("valid");
});

test("a value may be written again, by whom it may", () => {
  const again = [write(1, 0, 5), write(2, 10, 15), write(1, 20, 25)];
  expect(judged(story(...again, read(1, 30, 40)), "regular").verdict).toBe("valid");
  expect(judged(story(...again, read(2, 30, 40)), "regular").verdict).toBe("invalid");
  expect(judged(story(...again, read(null, 30, 40)), "regular").verdict).toBe("invalid");
  expect(judged(story(...again, write(null, 26, 28), read(null, 30, 40)), "safe").verdict).toBe(
    "valid",
  );
});

test("what is no register, and what is nothing, is unknown", () => {
  const odd = story(write(1, 0, 5).map((event) => ({ ...event, f: "cas" }) as never));
  expect(judged(odd, "safe")).toMatchObject({
    verdict: "unknown",
    reason: "a register has no cas",
  });
  expect(judged(story(), "regular").verdict).toBe("unknown");
});

test("options that do not exist are refused by name", () => {
  const spec = { name: "regular", options: { initial: 3, inital: 4 } };
  expect(() => REGULAR.validate(spec)).toThrow(
    'the check regular has no option "inital"; it has initial',
  );
  expect(SAFE.validate({ name: "safe", options: {} })).toEqual(safe());
  expect(SAFE.validate({ name: "safe", options: { initial: 3 } })).toEqual(safe({ initial: 3 }));
});
