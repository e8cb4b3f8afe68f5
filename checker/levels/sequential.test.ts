import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { operationsOf } from "../../proto/operation.ts";
import type { CheckResult } from "../../proto/verdict.ts";
import { recordingOf } from "../history/recording.ts";
import { casRegister, queue, register } from "../models/model-spec.ts";
import { story, write } from "../testdata/story.ts";
import { SEQUENTIAL, type SequentialSpec, sequential } from "./sequential.ts";
import { randomSessions, tell } from "./testdata/random-sessions.ts";
import { sequentiallyExplained } from "./testdata/sequential-oracle.ts";
import { told } from "./testdata/told-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_257);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 1_000);

function judged(history: History, spec: SequentialSpec = sequential()): CheckResult {
  return SEQUENTIAL.judge(recordingOf(history), spec);
}

/** With the models that hold. */
const GOLDENS: readonly {
  readonly name: string;
  readonly sessions: readonly string[];
  readonly valid: boolean;
  readonly route: string;
  readonly shows?: string;
}[] = [
  { name: "linearizable", sessions: ["x=1 x:1 y=2", "x:1"], valid: true, route: "zones" },
  {
    name: "sequential, though no read is fresh",
    sessions: ["x=1 x=2 y=1", "y:- y:- y:- x:- x:1 y:- x:2 y:1"],
    valid: true,
    route: "search",
  },
  {
    name: "nobody sees the other's write (Dekker)",
    sessions: ["x=1 y:-", "y=1 x:-"],
    valid: false,
    route: "saturation",
    shows: "CyclicOrder",
  },
  {
    name: "each key by itself in order, but not together",
    sessions: ["x=1 y:- y=2", "y=1 x:- x=2", "x:1 x:2", "y:1 y:2"],
    valid: false,
    route: "saturation",
    shows: "CyclicOrder",
  },
  {
    name: "two sessions see two writes in two orders",
    sessions: ["x=1", "x=2", "x:1 x:2", "x:2 x:1"],
    valid: false,
    route: "bad patterns",
    shows: "CyclicCF",
  },
  {
    name: "an effect without its cause",
    sessions: ["x=1 y=1", "y:1 x:-"],
    valid: false,
    route: "bad patterns",
    shows: "WriteCOInitRead",
  },
  {
    name: "a value of nobody's",
    sessions: ["x:3"],
    valid: false,
    route: "bad patterns",
    shows: "thin air",
  },
  {
    name: "values that come again, in no order",
    sessions: ["x=1 x=1", "x=2 x:1 x:2 x:1 x:2"],
    valid: false,
    route: "search",
    shows: "no sequential order",
  },
  {
    name: "values that come again, in order",
    sessions: ["x=1 x=2 x=1", "x:- x:1 x:2 x:1"],
    valid: true,
    route: "search",
  },
];

test.each(GOLDENS)("$name", ({ sessions, valid, route, shows }) => {
  const result = judged(told(...sessions));
  expect(result.verdict, result.reason).toBe(valid ? "valid" : "invalid");
  expect(result.facts["route"]).toBe(route);
  expect(result.found).toEqual(valid ? {} : { "non-sequential": 1 });
  expect(result.anomalies[0]?.class).toBe(shows);
  expect(result.anomalies).toMatchSnapshot();
});

describe("agrees with the definition", () => {
  const compare = (history: History, what: string, met: Map<string, number>): void => {
    const expected = sequentiallyExplained(operationsOf(history)) ? "valid" : "invalid";
    const result = judged(history);
    expect(result.verdict, `${what} ${result.reason} ${tell(history)}`).toBe(expected);
    const classes = result.anomalies.map((one) => one.class);
    for (const name of [result.verdict, `${result.facts["route"]}`, ...classes])
      met.set(name, (met.get(name) ?? 0) + 1);
  };

  test.each([true, false])(`values unique: %s (seed ${SEED})`, (unique) => {
    const random = xoroshiro128plus(SEED);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      const shape = {
        ...{ operations: 3 + (i % 8), sessions: 2 + (i % 3), keys: 1 + (i % 3) },
        ...{ unique, lost: 5, failed: 3, sane: 60 + (i % 4) * 10, hasty: (i % 3) * 30 },
      };
      compare(randomSessions(random, shape), `history ${i}`, met);
    }
    const routes = unique ? ["zones", "search", "bad patterns"] : ["search"];
    for (const name of ["valid", "invalid", ...routes])
      expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 300);
    if (!unique) expect(met.get("no sequential order") ?? 0).toBeGreaterThan(ROUNDS / 100);
  });

  test.each([
    ["with answers changed", nearlySequential, "search"],
    ["behind store buffers", buffered, "CyclicOrder"],
  ] as const)(`%s (seed ${SEED})`, (_, make, often) => {
    const random = xoroshiro128plus(SEED + 1);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) compare(make(random, i), `history ${i}`, met);
    for (const name of ["valid", "invalid", "search", often])
      expect(met.get(name) ?? 0, name).toBeGreaterThan(ROUNDS / 200);
  });
});

/** A sequence of operations dealt out to sessions, all at once in time, with up to two answers changed. */
function nearlySequential(random: RandomGenerator, i: number, length = 10): History {
  const draw = (to: number): number => uniformInt(random, 0, to);
  const width = 2 + (i % 3);
  const sessions: string[][] = Array.from({ length: width }, () => []);
  const state = new Map<string, string>();
  for (let op = 1; op <= length; op++) {
    const key = "xy"[draw(1)] ?? "x";
    const session = sessions[draw(width - 1)] ?? [];
    if (draw(1) === 0) {
      state.set(key, `${op}`);
      session.push(`${key}=${op}`);
    } else session.push(`${key}:${state.get(key) ?? "-"}`);
  }
  for (let changes = i % 3; changes > 0; changes--) {
    const session = sessions[draw(width - 1)] ?? [];
    const at = draw(Math.max(0, session.length - 1));
    const word = session[at];
    if (word?.includes(":") !== true) continue;
    const written = sessions.flat().filter((one) => one.startsWith(`${word[0]}=`));
    const other = written[draw(Math.max(0, written.length - 1))]?.slice(2) ?? "-";
    session[at] = `${word[0]}:${draw(4) === 0 ? "-" : other}`;
  }
  // The last session comes last in time, too, so that it has seen it all by then.
  const wait = sessions.slice(0, -1).map((words) => words.length);
  const late = Array.from({ length: i % 2 === 0 ? Math.max(...wait) : 0 }, () => "w:-");
  sessions.at(-1)?.unshift(...late);
  return told(...sessions.map((words) => words.join(" ")));
}

/** Each session sees its own writes at once, others those that left its buffer: two threads on most processors. */
function buffered(random: RandomGenerator, i: number, length = 6 + (i % 5)): History {
  const draw = (to: number): number => uniformInt(random, 0, to);
  const sessions = Array.from({ length: 2 + (i % 2) }, () => ({
    words: [] as string[],
    buffer: [] as (readonly [string, string])[],
  }));
  const memory = new Map<string, string>();
  for (let op = 1; op <= length; op++) {
    const session = sessions[draw(sessions.length - 1)];
    if (session === undefined) continue;
    const key = "xyz"[draw(1 + (i % 2))] ?? "x";
    const own = session.buffer.findLast(([name]) => name === key)?.[1];
    if (draw(1) === 0) {
      session.buffer.push([key, `${op}`]);
      session.words.push(`${key}=${op}`);
    } else session.words.push(`${key}:${own ?? memory.get(key) ?? "-"}`);
    const next = draw(3) === 0 ? sessions[draw(sessions.length - 1)]?.buffer.shift() : undefined;
    if (next !== undefined) memory.set(...next);
  }
  return told(...sessions.map(({ words }) => words.join(" ")));
}

test("a longer history that was sequential is found to be so", () => {
  const random = xoroshiro128plus(SEED + 2);
  for (let i = 0; i < 24; i += 6) {
    const result = judged(nearlySequential(random, i, 2_000));
    expect(result).toMatchObject({ verdict: "valid", facts: { route: "search" } });
  }
});

test("with a spent budget it is unknown", () => {
  const random = xoroshiro128plus(SEED + 3);
  const sessions = Array.from({ length: 12 }, () =>
    Array.from({ length: 12 }, () => {
      const value = uniformInt(random, 1, 3);
      return uniformInt(random, 0, 1) === 0 ? `x=${value}` : `x:${value}`;
    }).join(" "),
  );
  const result = judged(
    told(...sessions, "x:1 x:2 x:3 x:-"),
    sequential(register(), { budget: 10 }),
  );
  expect(result.verdict).toBe("unknown");
  expect(result.reason).toContain("its budget is spent");
});

describe("other objects", () => {
  const queued = (...acts: readonly (readonly [number, string, number | null])[]): History =>
    story(
      ...acts.map(([process, f, value], i) =>
        write(value, i * 10, i * 10 + 5, { process }).map((event) => {
          const input = f === "enqueue" ? value : null;
          return {
            ...event,
            f,
            value: "type" in event && event.type === "ok" ? value : input,
          } as never;
        }),
      ),
    );

  test("a queue may be late, but stays in order", () => {
    const late = queued(
      [1, "enqueue", 1],
      [1, "enqueue", 2],
      [2, "dequeue", null],
      [2, "dequeue", 1],
    );
    expect(judged(late, sequential(queue())).verdict).toBe("valid");
    const crossed = queued(
      [1, "enqueue", 1],
      [1, "enqueue", 2],
      [2, "dequeue", 2],
      [2, "dequeue", 1],
    );
    const result = judged(crossed, sequential(queue()));
    expect(result).toMatchObject({ verdict: "invalid", found: { "non-sequential": 1 } });
    expect(result.anomalies).toMatchSnapshot();
  });

  test("a cas-register reads what a plain one reads", () => {
    for (const sessions of [
      ["x=1 x:1", "x:-"],
      ["x=1", "x:1 x:-"],
    ])
      expect(judged(told(...sessions), sequential(casRegister())).verdict).toBe(
        judged(told(...sessions)).verdict,
      );
  });

  test("what the object does not know is unknown", () => {
    expect(judged(told("x=1"), sequential(queue()))).toMatchObject({
      verdict: "unknown",
      reason: "a queue has no write",
    });
    expect(judged(story()).verdict).toBe("unknown");
  });
});

test("options that do not exist or fit are refused by name", () => {
  const validate = (options: Record<string, number>) =>
    SEQUENTIAL.validate({ name: "sequential", options });
  expect(() => validate({ bugdet: 3 })).toThrow(
    'the check sequential has no option "bugdet"; it has model and budget',
  );
  expect(() => validate({ budget: 1.5 })).toThrow("must be a whole number, not 1.5");
  expect(() => validate({ model: 3 })).toThrow("needs the option model, one of ");
  expect(validate({})).toEqual(sequential());
});
