import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { operationsOf } from "../../proto/operation.ts";
import type { CheckResult } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { read, story, write } from "../testdata/story.ts";
import { CAUSAL, causal } from "./causal.ts";
import type { CausalLevel } from "./causal-patterns.ts";
import { causallyExplained } from "./testdata/causal-oracle.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";
import { told } from "./testdata/told-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_253);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 2_000);
const LEVELS: readonly CausalLevel[] = ["cc", "ccv", "cm"];

function judged(history: History, level: CausalLevel): CheckResult {
  return CAUSAL.judge(recordingOf(history), causal({ level }));
}

/** With the levels that hold. */
const GOLDENS: readonly {
  readonly name: string;
  readonly sessions: readonly string[];
  readonly holds: readonly CausalLevel[];
  readonly shows?: readonly string[];
}[] = [
  { name: "nothing but writes", sessions: ["x=1 x=2", "x=3"], holds: ["cc", "ccv", "cm"] },
  {
    name: "sequential, though no read is fresh",
    sessions: ["x=1 x=2 y=1", "x:- x:1 y:- x:2 y:1"],
    holds: ["cc", "ccv", "cm"],
  },
  {
    name: "each session sees the other's write last",
    sessions: ["x=1 x:2", "x=2 x:1"],
    holds: ["cc", "cm"],
    shows: ["CyclicCF"],
  },
  {
    name: "one order of writes, but not for one session's memory",
    sessions: ["z=1 x=1 y=1", "x=2 z:- y:1 x:2"],
    holds: ["cc", "ccv"],
    shows: ["WriteHBInitRead"],
  },
  {
    name: "a session that forgets what it has seen",
    sessions: ["x=1", "x=2 x:1 x:2"],
    holds: ["cc"],
    shows: ["CyclicCF", "CyclicHB"],
  },
  {
    name: "an effect without its cause",
    sessions: ["x=1 x=2", "x:2 y=1", "y:1 x:1"],
    holds: [],
    shows: ["WriteCORead"],
  },
  {
    name: "an effect before anything",
    sessions: ["x=1 y=1", "y:1 x:-"],
    holds: [],
    shows: ["WriteCOInitRead"],
  },
  {
    name: "reads that make each other possible",
    sessions: ["x:1 y=1", "y:1 x=1"],
    holds: [],
    shows: ["CyclicCO"],
  },
  { name: "a value of nobody's", sessions: ["x=1 x:7"], holds: [], shows: ["thin air"] },
  {
    name: "two sessions see two writes in two orders",
    sessions: ["x=1", "x=2", "x:1 x:2", "x:2 x:1"],
    holds: ["cc", "cm"],
    shows: ["CyclicCF"],
  },
];

describe.each(GOLDENS)("$name", ({ sessions, holds, shows = [] }) => {
  test.each(LEVELS)("%s", (level) => {
    const result = judged(told(...sessions), level);
    const valid = holds.includes(level);
    expect(result.verdict, result.reason).toBe(valid ? "valid" : "invalid");
    expect(result.found).toEqual(valid ? {} : { "non-causal": 1 });
    if (!valid) expect(shows).toContain(result.anomalies[0]?.class);
    expect(result.anomalies).toMatchSnapshot();
  });
});

describe("what cannot be judged is unknown", () => {
  test("a value that was written twice, unless the rest shows a violation", () => {
    const twice = told("x=1 x=2", "x=1 x:2");
    expect(judged(twice, "ccv")).toMatchObject({ verdict: "unknown", facts: { leftOut: 2 } });
    expect(judged(twice, "ccv").reason).toContain("1 was written to x more than once");
    const wrong = told("x=1 x=2 y=1", "x=1 x:2 y:1", "y:1 x:2 x:-");
    expect(judged(wrong, "ccv").verdict).toBe("invalid");
  });

  test("another object, and no operations", () => {
    const odd = story(write(1, 0, 5).map((event) => ({ ...event, f: "cas" }) as never));
    expect(judged(odd, "cc")).toMatchObject({
      verdict: "unknown",
      reason: "a register has no cas",
    });
    expect(judged(story(), "cc").verdict).toBe("unknown");
  });
});

test("time is no part of it: a read may return what is written later", () => {
  const history = story(
    ...["x"].flatMap(() => [write(1, 50, 60, { process: 1 })]),
    told("x:1").events.map(({ index: _, ...event }) => ({ ...event, process: 2 }) as never),
  );
  expect(judged(history, "ccv").verdict).toBe("valid");
});

test("names and values that objects have of themselves are nothing special", () => {
  const at = (process: number, key: string) => ({ process, key });
  const history = story(
    write("__proto__", 0, 1, at(1, "constructor")),
    write("toString", 2, 3, at(1, "__proto__")),
    read("toString", 4, 5, at(2, "__proto__")),
    read(null, 6, 7, at(2, "constructor")),
  );
  expect(judged(history, "cc")).toMatchObject({
    verdict: "invalid",
    anomalies: [{ class: "WriteCOInitRead", key: "constructor" }],
  });
});

test("options that do not exist or fit are refused by name", () => {
  const validate = (options: Record<string, string>) =>
    CAUSAL.validate({ name: "causal", options });
  expect(() => validate({ levle: "cc" })).toThrow(
    'the check causal has no option "levle"; it has level and initial',
  );
  expect(() => validate({ level: "sc" })).toThrow(
    'the option level of causal must be one of cc, ccv, cm, not "sc"',
  );
  expect(validate({})).toEqual(causal());
});

/** Moves, changes or drops a word of one of the sessions. */
function mutate(sessions: string[][], random: RandomGenerator): void {
  const draw = (to: number): number => uniformInt(random, 0, to);
  const session = sessions[draw(sessions.length - 1)] ?? [];
  const at = draw(Math.max(0, session.length - 1));
  const word = session[at];
  if (word === undefined) return;
  const kind = draw(3);
  session.splice(at, 1);
  if (kind === 1) session.splice(draw(session.length), 0, word);
  if (kind === 2) session.splice(at, 0, `${"xyz"[draw(2)]}${word.slice(1)}`);
  if (kind === 3) session.splice(at, 0, `${word.slice(0, 2)}${1 + draw(2)}`);
}

function writesIn(sessions: readonly (readonly string[])[]): string[] {
  return sessions.flat().filter((word) => word.includes("="));
}

describe("agrees with the definition", () => {
  const compare = (history: History, least: boolean, what: string, met: Map<string, number>) => {
    const operations = operationsOf(history);
    for (const level of LEVELS) {
      const result = judged(history, level);
      const expected = causallyExplained(operations, level, least) ? "valid" : "invalid";
      expect(result.verdict, `${what} ${level} ${result.reason} ${tell(history)}`).toBe(expected);
      for (const name of [`${level} ${result.verdict}`, ...result.anomalies.map((a) => a.class)])
        met.set(name, (met.get(name) ?? 0) + 1);
    }
  };

  test(`with any causal order, on up to 5 operations (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS / 2; i++) {
      const shape = {
        ...{ operations: 3 + (i % 3), sessions: 1 + (i % 3), keys: 1 + (i % 2) },
        ...{ unique: true, lost: 8, failed: 5, sane: (i % 4) * 30 },
      };
      compare(randomSessions(random, shape), false, `history ${i}`, met);
    }
    for (const name of ["cc valid", "cc invalid", "WriteCOInitRead", "thin air"])
      expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 300);
  });

  test(`with the least causal order, on up to 9 operations (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED + 1);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      const shape = {
        ...{ operations: 5 + (i % 5), sessions: 2 + (i % 3), keys: 1 + (i % 3) },
        ...{ unique: true, lost: 5, failed: 3, sane: 60 + (i % 4) * 10, hasty: (i % 3) * 40 },
      };
      compare(randomSessions(random, shape), true, `history ${i}`, met);
    }
    for (const level of LEVELS)
      for (const verdict of ["valid", "invalid"])
        expect(met.get(`${level} ${verdict}`) ?? 0).toBeGreaterThan(ROUNDS / 20);
    for (const name of [
      ...["CyclicCO", "WriteCOInitRead", "WriteCORead", "CyclicCF", "CyclicHB"],
      ...["thin air", "aborted read"],
    ])
      expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 1000);
  });

  test(`next to the goldens (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED + 2);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      const golden = GOLDENS[i % GOLDENS.length]?.sessions ?? [];
      const sessions = golden.map((text) => text.split(" "));
      for (let changes = i % 4; changes > 0; changes--) mutate(sessions, random);
      const history = told(...sessions.map((words) => words.join(" ")));
      const writes = writesIn(sessions);
      if (history.events.length > 0 && new Set(writes).size === writes.length)
        compare(history, true, `${i}: ${JSON.stringify(sessions)}`, met);
    }
    expect(met.get("WriteHBInitRead") ?? 0).toBeGreaterThan(ROUNDS / 100);
    expect(met.get("cm invalid") ?? 0).toBeGreaterThan(ROUNDS / 20);
  });
});
