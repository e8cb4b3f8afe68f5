import { describe, expect, test } from "vitest";
import type { Event, History, Unindexed } from "../proto/history.ts";
import type { AnomalyName, CheckResult, Expectation, Verdict } from "../proto/verdict.ts";
import { merge } from "../proto/verdict.ts";
import { foundIn, outcomeOf } from "./outcome.ts";
import { makePlan, type Plan } from "./plan.ts";
import { at, defineScenario, during, node, pause, registers, skew } from "./scenario.ts";

const SECOND = 1e9;
const lease = node("lease", { leaseMs: 600 });

function planOf(expectation: Expectation): Plan {
  const scenario = defineScenario({
    claim: "It holds.",
    nodes: { n1: lease, n2: lease, n3: lease },
    workload: registers({ keys: 1, clients: 1 }),
    faults: ({ n1, n2 }) => [during("1s", "2s", pause(n1)), at("3s", skew(n2, "1s"))],
    duration: "4s",
    check: [],
    expect: expectation,
  });
  return makePlan("story", "story.ts", scenario, { seed: 1, calm: false, set: {} });
}

function check(name: string, found: readonly AnomalyName[], unknown = false): CheckResult {
  return {
    check: { name, options: {} },
    verdict: found.length > 0 ? "invalid" : unknown ? "unknown" : "valid",
    reason: unknown ? "the budget was spent" : "",
    anomalies: [],
    found: Object.fromEntries(found.map((one) => [one, 1])),
    facts: {},
  };
}

function verdictOf(
  found: readonly AnomalyName[],
  more: { readonly failed?: string; readonly unknown?: boolean } = {},
): Verdict {
  const checks = [check("a", found), ...(more.unknown === true ? [check("b", [], true)] : [])];
  return {
    schema: 1,
    verdict: merge(checks.map(({ verdict }) => verdict)),
    assumptions: [
      { name: "well-formed", holds: true, detail: "it is" },
      ...(more.failed === undefined ? [] : [{ name: more.failed, holds: false, detail: "no" }]),
    ],
    checks,
  };
}

const fault = (id: number, node: string, f: string, time: number): Unindexed<Event> => ({
  type: "fault",
  time,
  id,
  phase: "begin",
  f,
  node,
  detail: {},
  evidence: {},
  effective: true,
});
const begun = [fault(0, "n1", "pause", SECOND), fault(1, "n2", "skew", 3 * SECOND)];
const drive: Unindexed<Event> = { type: "stage", time: 0.5 * SECOND, stage: "drive" };
const stall = (node: string, time: number, ms: number): Unindexed<Event> => ({
  type: "note",
  time,
  node,
  arrived: time,
  kind: "stall",
  ms,
});

const stop: Unindexed<Event> = { type: "stage", time: 99 * SECOND, stage: "stop" };

/** Of a run that came to its end. */
function historyOf(...events: readonly Unindexed<Event>[]): History {
  return {
    header: { testbed: "history", schema: 1, scenario: "story", seed: 1, versions: {} },
    events: [...events, stop].map((event, index) => ({ ...event, index }) as Event),
  };
}
const calm = historyOf(drive, ...begun);

const lost: Expectation = { invalid: ["lost-write"], also: ["non-linearizable"] };

describe("verdict against expectation", () => {
  test.each<[string, Expectation, readonly AnomalyName[], string, string]>([
    ["nothing found, nothing declared", "valid", [], "expected", "valid, as expected"],
    [
      "found what was declared",
      lost,
      ["lost-write"],
      "expected",
      "invalid, as expected: lost-write",
    ],
    [
      "found it and what may come along",
      lost,
      ["lost-write", "non-linearizable"],
      "expected",
      "invalid, as expected: lost-write (also non-linearizable)",
    ],
    [
      "found what nobody declared",
      "valid",
      ["lost-write"],
      "unexpected",
      "invalid, and not as declared: lost-write",
    ],
    [
      "found what was declared and something else",
      lost,
      ["lost-write", "split-brain"],
      "unexpected",
      "invalid, and not as declared: split-brain (besides lost-write)",
    ],
    ["did not find it", lost, [], "unexpected", "valid, but lost-write was declared"],
    [
      "found only what may come along",
      lost,
      ["non-linearizable"],
      "unexpected",
      "invalid, but without the declared lost-write",
    ],
    [
      "found one of two",
      { invalid: ["lost-write", "split-brain"] },
      ["lost-write"],
      "unexpected",
      "invalid, but without the declared split-brain",
    ],
  ])("%s", (_what, expectation, found, outcome, sentence) => {
    expect(outcomeOf(verdictOf(found), planOf(expectation), calm)).toEqual({
      outcome,
      sentence,
      reasons: [],
    });
  });
});

describe("a run in which too little happened is inconclusive, never green", () => {
  test("an assumption that does not hold", () => {
    const verdict = verdictOf([], { failed: "some-reads" });
    expect(outcomeOf(verdict, planOf("valid"), calm)).toEqual({
      outcome: "inconclusive",
      sentence: "inconclusive: some-reads: no",
      reasons: ["some-reads: no"],
    });
  });

  test("also where an anomaly was declared and not found: it had no chance to show", () => {
    const verdict = verdictOf([], { failed: "some-reads" });
    expect(outcomeOf(verdict, planOf(lost), calm).outcome).toBe("inconclusive");
  });

  test("also where the declared anomaly was found", () => {
    const verdict = verdictOf(["lost-write"], { failed: "some-reads" });
    expect(outcomeOf(verdict, planOf(lost), calm).outcome).toBe("inconclusive");
  });

  test("a fault that was planned and never began", () => {
    const outcome = outcomeOf(
      verdictOf([]),
      planOf("valid"),
      historyOf(drive, ...begun.slice(0, 1)),
    );
    expect(outcome.outcome).toBe("inconclusive");
    expect(outcome.reasons).toEqual(["faults-took-effect: skew of n2 was planned and never began"]);
  });

  test("a check that came to no end", () => {
    const outcome = outcomeOf(verdictOf([], { unknown: true }), planOf("valid"), calm);
    expect(outcome).toMatchObject({
      outcome: "inconclusive",
      reasons: ["b: the budget was spent"],
    });
  });

  test("a check that came to no end while the declared anomaly was not found by the others", () => {
    const outcome = outcomeOf(verdictOf([], { unknown: true }), planOf(lost), calm);
    expect(outcome.outcome).toBe("inconclusive");
  });

  test("all reasons are told", () => {
    const verdict = verdictOf([], { failed: "some-reads", unknown: true });
    expect(outcomeOf(verdict, planOf("valid"), historyOf(drive)).reasons).toHaveLength(4);
  });
});

describe("an anomaly that nobody declared is masked by nothing of that", () => {
  test.each([
    ["a failed assumption", verdictOf(["split-brain"], { failed: "some-reads" }), calm],
    ["a check without an end", verdictOf(["split-brain"], { unknown: true }), calm],
    ["a fault that never began", verdictOf(["split-brain"]), historyOf(drive)],
  ])("not by %s", (_what, verdict, history) => {
    for (const expectation of ["valid", lost] as const)
      expect(outcomeOf(verdict, planOf(expectation), history)).toMatchObject({
        outcome: "unexpected",
        sentence: expect.stringContaining("split-brain"),
      });
  });
});

describe("on a machine that was too busy to be believed", () => {
  // A quarter of 600 ms is 150 ms.
  const busy = historyOf(drive, ...begun, stall("n3", 3.5 * SECOND, 150));

  test("what contradicts the expectation is inconclusive, and it is said who stood still", () => {
    for (const [found, expectation] of [
      [["split-brain"], "valid"],
      [[], lost],
    ] as const)
      expect(outcomeOf(verdictOf(found), planOf(expectation), busy)).toEqual({
        outcome: "inconclusive",
        sentence: "inconclusive: machine too busy",
        reasons: ["n3 stood still for 150 ms, more than a quarter of 600 ms"],
      });
  });

  test("what is as declared stays so", () => {
    expect(outcomeOf(verdictOf([]), planOf("valid"), busy).outcome).toBe("expected");
    expect(outcomeOf(verdictOf(["lost-write"]), planOf(lost), busy).outcome).toBe("expected");
  });

  test.each<[string, Unindexed<Event>, string]>([
    ["too short to matter", stall("n3", 3.5 * SECOND, 149), "unexpected"],
    ["before anything was asked", stall("n3", 0.4 * SECOND, 400), "unexpected"],
    ["our own pause, noticed on waking up", stall("n1", 2.01 * SECOND, 1010), "unexpected"],
    ["another node's during that pause", stall("n3", 2.01 * SECOND, 1010), "inconclusive"],
    ["the paused node's, long after it went on", stall("n1", 3.8 * SECOND, 400), "inconclusive"],
    ["a node's whose fault is no pause", stall("n2", 3.5 * SECOND, 500), "inconclusive"],
    ["the controller's", stall("controller", 3 * SECOND, 200), "inconclusive"],
  ])("a stall: %s", (_what, note, outcome) => {
    const history = historyOf(drive, ...begun, note);
    expect(outcomeOf(verdictOf(["split-brain"]), planOf("valid"), history).outcome).toBe(outcome);
  });
});

test("a run that was cut short is never green, whatever its history shows", () => {
  const { events, ...rest } = calm;
  const cut = { ...rest, events: events.slice(0, -1) };
  const outcome = outcomeOf(verdictOf([]), planOf("valid"), cut);
  expect(outcome.outcome).toBe("inconclusive");
  expect(outcome.sentence).toContain("the run did not finish");
});

test("names found by several checks are told once", () => {
  const verdict = verdictOf(["lost-write"]);
  const twice = { ...verdict, checks: [...verdict.checks, ...verdict.checks] };
  expect(foundIn(twice)).toEqual(["lost-write"]);
});
