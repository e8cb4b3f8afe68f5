import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "./errors.ts";
import { makePlan, type Plan, type PlanOptions, planHash, planText } from "./plan.ts";
import {
  defineScenario,
  during,
  every,
  node,
  pause,
  registers,
  type Scenario,
  type ScenarioBody,
  skew,
} from "./scenario.ts";

const replica = node("register", { conflicts: "last-write-wins" });
const good = {
  claim: "An acknowledged write is not undone.",
  nodes: { n1: replica, n2: replica, n3: replica },
  workload: registers({ keys: 3, clients: 6, rate: "200/s", writes: 0.4 }),
  duration: "10s",
  check: [{ name: "lost-writes", options: {} }],
  expect: { invalid: ["lost-write"], also: ["non-linearizable"] },
} satisfies ScenarioBody<"n1" | "n2" | "n3">;
const story = defineScenario({
  ...good,
  faults: ({ n2, n3 }) => [
    during("1s", "3s", skew(n3, "-500ms")),
    every("2s", pause(n2), { for: "200ms" }),
  ],
});

function planOf(scenario: Scenario, options: Partial<PlanOptions> = {}): Plan {
  return makePlan("story", "story.ts", scenario, { seed: 1, calm: false, set: {}, ...options });
}

/** What a scenario file may hold when nobody has type-checked it. */
function untyped(change: object): Scenario {
  return defineScenario({ ...good, ...change } as unknown as ScenarioBody<string>);
}

describe("a plan", () => {
  test("holds the scenario with everything resolved", () => {
    expect(planOf(story)).toMatchObject({
      scenario: "story",
      seed: 1,
      calm: false,
      nodes: { n1: { system: "register", options: { readQuorum: 2, peerTimeoutMs: 1000 } } },
      workload: { clients: 6, timeoutNs: 1e9, pace: { loop: "open", perSecond: 200 } },
      durationNs: 10e9,
      expect: { invalid: ["lost-write"] },
      protocolTimeoutMs: 1000,
    });
  });

  test("is the same for the same seed, byte for byte, and the same as its file read back", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (seed) => {
        const text = planText(planOf(story, { seed }));
        expect(planText(planOf(story, { seed }))).toBe(text);
        expect(planText(JSON.parse(text) as Plan)).toBe(text);
      }),
      { numRuns: 20 },
    );
  });

  test("of another seed has other operations and other times of faults, and nothing else", () => {
    const [a, b] = [planOf(story, { seed: 1 }), planOf(story, { seed: 2 })];
    expect(a.workloadStream).not.toBe(b.workloadStream);
    expect(a.faults).not.toEqual(b.faults);
    const { seed, workloadStream, faults } = a;
    expect({ ...b, seed, workloadStream, faults }).toEqual(a);
  });

  test("has another hash when anything is different", () => {
    const plans = [
      planOf(story),
      planOf(story, { seed: 2 }),
      planOf(story, { calm: true }),
      planOf(story, { timeLimitNs: 9e9 }),
    ];
    expect(new Set(plans.map(planHash)).size).toBe(4);
    expect(planHash(planOf(story))).toBe(planHash(planOf(story)));
  });

  test("of a calm run has no faults and expects `valid`", () => {
    expect(planOf(story, { calm: true })).toMatchObject({
      calm: true,
      faults: [],
      expect: "valid",
    });
  });

  test("expects `valid` where the scenario says nothing", () => {
    expect(planOf(untyped({ expect: undefined })).expect).toBe("valid");
  });

  test("takes a limit of time instead of the scenario's duration, and refuses what does not fit", () => {
    expect(planOf(story, { timeLimitNs: 5e9 }).durationNs).toBe(5e9);
    expect(() => planOf(story, { timeLimitNs: 2e9 })).toThrow(/skew of n3: lasts to 3.000 s/);
  });

  test("has the smallest timeout of all nodes", () => {
    const nodes = {
      n1: node("lease", { leaseMs: 700 }),
      n2: node("lease", { peerTimeoutMs: 800, leaseMs: 900 }),
    };
    expect(planOf(untyped({ nodes })).protocolTimeoutMs).toBe(700);
  });
});

describe("a field that is wrong is refused by file, field and what it wants", () => {
  const { workload } = good;
  test.each<[string, object, RegExp]>([
    ["no claim", { claim: "" }, /claim/],
    ["a claim that is no text", { claim: 3 }, /claim: .*string/],
    ["no nodes", { nodes: {} }, /nodes: there must be at least one node/],
    ["nodes that are missing", { nodes: undefined }, /nodes/],
    ["a node that is named leader", { nodes: { leader: replica } }, /a node's name is like n1/],
    ["a node's name that is no file name", { nodes: { "../x": replica } }, /name is like n1/],
    [
      "an unknown system",
      { nodes: { n1: { system: "raft", options: {} } } },
      /nodes\.n1: unknown system "raft"; there are: register, lease/,
    ],
    [
      "an unknown option",
      { nodes: { n1: { system: "register", options: { quorum: 1 } } } },
      /nodes\.n1: system register, quorum: /,
    ],
    [
      "a wrong value of an option",
      { nodes: { n1: { system: "lease", options: { leaseMs: "600ms" } } } },
      /nodes\.n1: system lease, leaseMs: .*number.*"600ms"/,
    ],
    ["no workload", { workload: undefined }, /workload/],
    ["an unknown workload", { workload: { ...workload, workload: "bank" } }, /workload\.workload/],
    ["no keys", { workload: { ...workload, keys: 0 } }, /workload\.keys: .*>=1.*0/],
    ["half a client", { workload: { ...workload, clients: 1.5 } }, /workload\.clients/],
    ["too many clients", { workload: { ...workload, clients: 1001 } }, /workload\.clients/],
    ["more writes than all", { workload: { ...workload, writes: 1.1 } }, /workload\.writes/],
    ["no time to wait", { workload: { ...workload, timeoutNs: 0 } }, /workload\.timeoutNs/],
    ["an unknown pace", { workload: { ...workload, pace: { loop: "spiral" } } }, /pace\.loop/],
    ["a duration without a unit", { duration: "10" }, /duration: "10" is no duration; write/],
    ["a duration that is a number", { duration: 10 }, /duration: .*string/],
    ["no duration", { duration: "0s" }, /duration: must be positive/],
    ["a negative duration", { duration: "-5s" }, /duration: must be positive/],
    ["faults that are a list", { faults: [] }, /faults: expected a function/],
    [
      "a fault of a node that there is not",
      {
        faults: ({ n9 }: Record<string, { name: string }>) => [
          during("1s", "2s", pause(n9 as never)),
        ],
      },
      /faults: there is no such node: n9; there are n1, n2, n3/,
    ],
    [
      "a fault without a unit",
      { faults: ({ n1 }: never) => [during("1" as "1s", "2s", pause(n1))] },
      /faults: during: "1" is no duration/,
    ],
    [
      "a fault after the end",
      { faults: ({ n1 }: never) => [during("1s", "20s", pause(n1))] },
      /faults: pause of n1: lasts to 20.000 s, the run only to 10.000 s/,
    ],
    ["checks that are missing", { check: undefined }, /check/],
    ["a check that is a word", { check: ["linearizable"] }, /check\.0/],
    [
      "a misspelt anomaly",
      { expect: { invalid: ["lost-writes"] } },
      /expect: expected .*lost-write, .*non-linearizable, .*split-brain/,
    ],
    ["invalid, but nothing named", { expect: { invalid: [] } }, /expect/],
    ["an expectation of its own", { expect: "unknown" }, /expect/],
    ["an unknown field", { nemesis: [] }, /nemesis/],
  ])("%s", (_what, change, says) => {
    const make = (): Plan => planOf(untyped(change));
    expect(make).toThrow(UsageError);
    expect(make).toThrow(/^story\.ts: /);
    expect(make).toThrow(says);
  });

  test("a build function that returns nothing", () => {
    const scenario = defineScenario({ n: 1 }, (() => undefined) as never);
    expect(() => planOf(scenario)).toThrow(/^story\.ts: scenario: /);
  });
});

describe("--set", () => {
  const varied = defineScenario(
    { clients: 6, conflicts: "hybrid", gentle: false, rate: "200/s" },
    ({ clients, conflicts, gentle }) => ({
      ...good,
      nodes: { n1: node("register", { conflicts: conflicts as "hybrid" }) },
      workload: registers({ keys: gentle ? 1 : 3, clients }),
    }),
  );
  const set = (given: Record<string, string>): Plan => planOf(varied, { set: given });

  test("leaves defaults where nothing is set", () => {
    expect(set({}).parameters).toEqual({
      clients: 6,
      conflicts: "hybrid",
      gentle: false,
      rate: "200/s",
    });
  });

  test("gives numbers, texts and truth by the type of the default", () => {
    const plan = set({ clients: "12", conflicts: "lamport", gentle: "true", rate: "7" });
    expect(plan.parameters).toEqual({
      clients: 12,
      conflicts: "lamport",
      gentle: true,
      rate: "7",
    });
    expect(plan.workload).toMatchObject({ clients: 12, keys: 1 });
    expect(plan.nodes["n1"]?.options).toMatchObject({ conflicts: "lamport" });
  });

  test.each([
    [{ clints: "3" }, /has no parameter clints; it has: clients, conflicts, gentle, rate/],
    [{ toString: "3" }, /has no parameter toString/],
    [{ clients: "many" }, /parameter clients: got many, wants a number/],
    [{ clients: "" }, /parameter clients: got , wants a number/],
    [{ clients: "Infinity" }, /wants a number/],
    [{ gentle: "yes" }, /parameter gentle: got yes, wants true or false/],
    [{ clients: "0" }, /workload\.clients/],
    [{ conflicts: "lww" }, /nodes\.n1: system register, conflicts/],
  ])("refuses %j", (given, says) => {
    expect(() => set(given as unknown as Record<string, string>)).toThrow(UsageError);
    expect(() => set(given as unknown as Record<string, string>)).toThrow(says);
  });

  test("of a scenario without parameters says that it has none", () => {
    expect(() => planOf(story, { set: { clients: "1" } })).toThrow("it has none");
  });
});
