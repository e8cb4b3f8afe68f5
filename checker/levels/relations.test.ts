/** What holds between the levels, on random histories, and what must not change a verdict. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import type { Event, History } from "../../proto/history.ts";
import { operationsOf } from "../../proto/operation.ts";
import type { Validity } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { explainable } from "../testdata/oracle.ts";
import { CAUSAL, causal } from "./causal.ts";
import { REGULAR, regular, SAFE, safe } from "./regular.ts";
import { SEQUENTIAL, sequential } from "./sequential.ts";
import { SESSION_GUARANTEES, sessionGuarantees } from "./session-guarantees.ts";
import { GUARANTEES } from "./session-violations.ts";
import { STALENESS, staleness } from "./staleness.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_258);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 1_500);

function levelsOf(history: History) {
  const recording = recordingOf(history);
  const sessions = (evidence: "real-time" | "happens-before") =>
    SESSION_GUARANTEES.judge(recording, sessionGuarantees(GUARANTEES, { evidence })).verdict;
  return {
    sequential: SEQUENTIAL.judge(recording, sequential()).verdict,
    cm: CAUSAL.judge(recording, causal({ level: "cm" })).verdict,
    ccv: CAUSAL.judge(recording, causal({ level: "ccv" })).verdict,
    cc: CAUSAL.judge(recording, causal({ level: "cc" })).verdict,
    happensBefore: sessions("happens-before"),
    realTime: sessions("real-time"),
    regular: REGULAR.judge(recording, regular()).verdict,
    safe: SAFE.judge(recording, safe()).verdict,
    fresh: STALENESS.judge(recording, staleness({ withinMs: 0 })).verdict,
  };
}

type Levels = ReturnType<typeof levelsOf>;

/** The stronger level first. */
const IMPLIES: readonly (readonly [keyof Levels | "linearizable", keyof Levels])[] = [
  ["linearizable", "sequential"],
  ["linearizable", "realTime"],
  ["linearizable", "regular"],
  ["linearizable", "fresh"],
  ["sequential", "cm"],
  ["sequential", "ccv"],
  ["cm", "cc"],
  ["ccv", "cc"],
  ["cc", "happensBefore"],
  ["regular", "safe"],
];

function linearizable(history: History): Validity {
  const operations = operationsOf(history);
  const keys = [...new Set(operations.map(({ key }) => key))];
  return keys.every((key) => explainable(operations.filter((op) => op.key === key)))
    ? "valid"
    : "invalid";
}

test(`stronger levels imply weaker ones (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED);
  const met = new Map<string, number>();
  for (let i = 0; i < ROUNDS; i++) {
    const shape = {
      ...{ operations: 3 + (i % 7), sessions: 2 + (i % 3), keys: 1 + (i % 3) },
      ...{ unique: i % 5 !== 0, lost: 5, failed: 3, sane: 70 + (i % 4) * 10, hasty: (i % 3) * 20 },
    };
    const history = randomSessions(random, shape);
    const levels = { ...levelsOf(history), linearizable: linearizable(history) };
    for (const [strong, weak] of IMPLIES) {
      if (levels[strong] === "valid")
        expect(levels[weak], `${strong} => ${weak}: ${tell(history)}`).not.toBe("invalid");
      if (levels[strong] === "valid" && shape.unique)
        expect(levels[weak], `${strong} => ${weak}: ${tell(history)}`).toBe("valid");
      const apart = levels[strong] === "invalid" && levels[weak] === "valid";
      const name = `${strong} is stronger than ${weak}`;
      if (apart) met.set(name, (met.get(name) ?? 0) + 1);
    }
  }
  for (const [strong, weak] of IMPLIES) {
    const name = `${strong} is stronger than ${weak}`;
    // These are a few in a thousand, and among the goldens of the levels themselves.
    const rare = weak === "happensBefore" || (strong === "sequential" && weak === "ccv");
    if (!rare || ROUNDS >= 10_000) expect(met.get(name) ?? 0, name).toBeGreaterThan(0);
  }
});

const CHANGES: Readonly<Record<string, (event: Event) => Event>> = {
  "values have other names": (event) =>
    "value" in event && event.value !== null
      ? ({ ...event, value: { constructor: [event.value] } } as Event)
      : event,
  "keys have other names": (event) =>
    "key" in event && event.key !== undefined
      ? ({ ...event, key: `__proto__${event.key}` } as Event)
      : event,
  "processes have other numbers": (event) =>
    "process" in event ? ({ ...event, process: 1_000_000 - event.process * 7 } as Event) : event,
  "time is slower": (event) => ({ ...event, time: event.time * 1_000 }),
};

test.each(Object.keys(CHANGES))(`nothing changes when %s (seed ${SEED})`, (name) => {
  const random = xoroshiro128plus(SEED + 1);
  for (let i = 0; i < ROUNDS / 8; i++) {
    const shape = {
      ...{ operations: 4 + (i % 9), sessions: 2 + (i % 3), keys: 1 + (i % 3) },
      ...{ unique: i % 5 !== 0, lost: 5, failed: 3, sane: 60 + (i % 4) * 10, hasty: (i % 3) * 20 },
    };
    const history = randomSessions(random, shape);
    const events = history.events.map(CHANGES[name] ?? ((event) => event));
    expect(levelsOf({ ...history, events }), `history ${i}: ${tell(history)}`).toEqual(
      levelsOf(history),
    );
  }
});

test(`what is wrong stays wrong next to other keys and sessions (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED + 2);
  let wrong = 0;
  for (let i = 0; i < ROUNDS / 8; i++) {
    const shape = { sessions: 2, lost: 5, failed: 3, sane: 50, unique: true, hasty: 30 };
    const one = randomSessions(random, { ...shape, operations: 5 + (i % 5), keys: 2 });
    const other = randomSessions(random, { ...shape, operations: 4, keys: 1, sane: 100 });
    const foreign = other.events.map((event) =>
      "key" in event && event.key !== undefined
        ? ({ ...event, key: "other", process: event.process + 1_000 } as Event)
        : event,
    );
    const both = [...one.events, ...foreign].sort((a, b) => a.time - b.time);
    const events = both.map((event, index) => ({ ...event, index }));
    const [alone, together] = [levelsOf(one), levelsOf({ ...one, events })];
    for (const level of Object.keys(alone) as (keyof Levels)[]) {
      if (alone[level] !== "invalid") continue;
      wrong++;
      expect(together[level], `${level} of history ${i}: ${tell(one)}`).toBe("invalid");
    }
  }
  expect(wrong).toBeGreaterThan(ROUNDS / 20);
});
