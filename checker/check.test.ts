import { describe, expect, test } from "vitest";
import type { History } from "../proto/history.ts";
import { decodeHistory, encodeHistory } from "../proto/history-codec.ts";
import type { CheckSpec } from "../proto/verdict.ts";
import { guarded } from "./check.ts";
import {
  check,
  InvalidCheckError,
  linearizable,
  lostWrites,
  register,
  splitBrain,
  validateCheck,
} from "./index.ts";
import { fault, finalRead, type Part, read, stage, story, write } from "./testdata/story.ts";

const specs = [linearizable(register()), lostWrites(), splitBrain()];

function assumption(name: string, ...parts: Part[]) {
  return check(story(...parts), specs).assumptions.find((one) => one.name === name);
}

test("the verdict of several checks is the worst of theirs", () => {
  const stale = story(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), finalRead(2, 6, 7));
  const verdict = check(stale, specs);
  expect(verdict.checks.map((one) => one.verdict)).toEqual(["invalid", "valid", "unknown"]);
  expect(verdict.verdict).toBe("invalid");
  expect(check(stale, []).verdict).toBe("unknown");
});

test("a history read back from its file has the same verdict, and the verdict is plain JSON", () => {
  const history = story(
    write(1, 0, 1),
    write(2, 2, 3),
    fault("pause", "n1", 2, 6),
    finalRead(1, 4, 5),
  );
  const again = check(decodeHistory(encodeHistory(history)), specs);
  expect(again).toEqual(check(history, specs));
  expect(JSON.parse(JSON.stringify(again))).toEqual(again);
});

describe("a malformed history is unknown, and the failed assumption names the event", () => {
  const broken: Record<string, { history: History; says: string }> = {
    "two open operations of one process": {
      history: story(write(1, 0, 5, { process: 1 }), write(2, 1, 4, { process: 1 })),
      says: "event 1: process 1 invokes while its operation 0 is open",
    },
    "a process that acts again after info": {
      history: retired(),
      says: "event 2: process 1 acts again after info",
    },
    "a missing event": {
      history: { ...story(), events: story(write(1, 0, 1)).events.slice(1) },
      says: "event 1: stands where 0 was expected",
    },
  };
  for (const [name, { history, says }] of Object.entries(broken))
    test(name, () => {
      const verdict = check(history, specs);
      expect(verdict.verdict).toBe("unknown");
      expect(verdict.assumptions).toEqual([{ name: "well-formed", holds: false, detail: says }]);
      expect(verdict.checks.map((one) => one.verdict)).toEqual(["unknown", "unknown", "unknown"]);
    });
});

function retired(): History {
  const { events } = story(write(1, 0, 1, { process: 1 }), write(2, 2, 3, { process: 1 }));
  return {
    ...story(),
    events: events.map((event, i) =>
      i === 1 && "process" in event ? { ...event, type: "info" } : event,
    ),
  };
}

test("a checker that crashes is unknown", () => {
  const result = guarded(splitBrain(), () => {
    throw new Error("no such thing");
  });
  expect(result).toMatchObject({
    verdict: "unknown",
    reason: "the checker crashed: no such thing",
  });
});

describe("assumptions", () => {
  const calm = [write(1, 0, 1), read(1, 2, 3)];

  test("hold for a sound run, and never change a verdict", () => {
    const sound = check(
      story(
        ...calm,
        fault("pause", "n1", 10, 200),
        write(2, 50, 51),
        stage("read", 300),
        finalRead(2, 301, 302),
      ),
      specs,
    );
    expect(sound.assumptions.map(({ name, holds }) => [name, holds])).toEqual([
      ["well-formed", true],
      ["ok-operations", true],
      ["faults-took-effect", true],
      ["ok-under-fault", true],
      ["final-reads", true],
    ]);
  });
  test("some operation of each kind completed ok", () => {
    expect(assumption("ok-operations")).toMatchObject({
      holds: false,
      detail: "the history has no operations",
    });
    expect(
      assumption("ok-operations", write(1, 0, 1), read(1, 2, 3, { status: "fail" })),
    ).toMatchObject({
      holds: false,
      detail: "no read completed ok, of 2 operations",
    });
  });
  test("every fault began, ended, and both took effect", () => {
    for (const end of ["begin", "end", "ended"] as const)
      expect(
        assumption("faults-took-effect", ...calm, fault("pause", "n1", 10, 20, end))?.holds,
        end,
      ).toBe(false);
    expect(assumption("faults-took-effect", ...calm, fault("pause", "n1", 10, 20))?.holds).toBe(
      true,
    );
  });
  test("something succeeded under every fault that is not short", () => {
    const failed = assumption("ok-under-fault", ...calm, fault("pause", "n1", 10, 200));
    const late = write(9, 100, 210);
    expect(assumption("ok-under-fault", ...calm, late, fault("pause", "n1", 10, 200))?.holds).toBe(
      false,
    );
    expect(failed?.holds).toBe(false);
    expect(failed?.detail).toContain("pause on n1 from 0.010 s to 0.200 s");
    expect(assumption("ok-under-fault", ...calm, fault("pause", "n1", 10, 110))?.holds).toBe(true);
    expect(assumption("ok-under-fault", ...calm, fault("pause", "n1", 2, 200))?.holds).toBe(true);
  });
  test("every written key was read in the end, where there is a stage for it", () => {
    expect(assumption("final-reads", ...calm)).toBe(undefined);
    expect(assumption("final-reads", ...calm, stage("read", 10))).toMatchObject({ holds: false });
    expect(assumption("final-reads", ...calm, stage("read", 10), finalRead(1, 11, 12))?.holds).toBe(
      true,
    );
    expect(
      assumption(
        "final-reads",
        ...calm,
        stage("read", 10),
        finalRead(1, 11, 12, { status: "fail" }),
      )?.holds,
    ).toBe(false);
  });
});

describe("checks as data", () => {
  test("survive a plan", () => {
    for (const spec of specs)
      expect(validateCheck(JSON.parse(JSON.stringify(spec)) as CheckSpec)).toEqual(spec);
  });
  const wrong: Record<string, { spec: CheckSpec; says: string }> = {
    "a misspelt check": {
      spec: { name: "linearisable", options: {} },
      says: 'no check "linearisable"',
    },
    "an unknown option": {
      spec: { name: "lost-writes", options: { budget: 3 } },
      says: 'lost-writes has no option "budget"; it has none',
    },
    "no model": { spec: { name: "linearizable", options: {} }, says: "needs the option model" },
    "an unknown model": {
      spec: { name: "linearizable", options: { model: { name: "quilt" } } },
      says: '"quilt"',
    },
    "an unknown option of a model": {
      spec: { name: "linearizable", options: { model: { name: "register", size: 1 } } },
      says: 'no option "size"',
    },
    "a budget that is no number": {
      spec: { name: "linearizable", options: { model: register(), budget: "much" } },
      says: "whole number of steps",
    },
  };
  for (const [name, { spec, says }] of Object.entries(wrong))
    test(`${name} is refused`, () => {
      expect(() => validateCheck(spec)).toThrow(InvalidCheckError);
      expect(() => validateCheck(spec)).toThrow(says);
      expect(() => check(story(), [spec])).toThrow(says);
    });
});
