/**
 * What the types of a scenario refuse: `npm run typecheck` fails when one of these lines compiles. A scenario file is
 * run without being type-checked, so each is refused at run time too, and that is what the tests say.
 */
import { describe, expect, test } from "vitest";
import { linearizable, lostWrites, register } from "../checker/index.ts";
import { UsageError } from "./errors.ts";
import {
  at,
  defineScenario,
  drift,
  during,
  every,
  kill,
  node,
  pause,
  registers,
  type Scenario,
  skew,
  step,
} from "./index.ts";
import { makePlan, type Plan } from "./plan.ts";

const replica = node("register", { conflicts: "hybrid" });
const good = {
  claim: "An acknowledged write is not undone.",
  nodes: { n1: replica, n2: replica, n3: replica },
  workload: registers({ keys: 3, clients: 6, rate: "200/s" }),
  duration: "10s",
  check: [linearizable(register()), lostWrites()],
} as const;

function planOf(scenario: Scenario): Plan {
  return makePlan("story", "story.ts", scenario, { seed: 1, calm: false, set: {} });
}

/** Refused as the user's mistake, with these words. */
function refused(make: () => Scenario, says: RegExp): void {
  expect(() => planOf(make())).toThrow(UsageError);
  expect(() => planOf(make())).toThrow(says);
}

describe("what compiles", () => {
  test("is a plan, with every kind of fault and expectation", () => {
    const granted = node("lease");
    const scenario = defineScenario({
      ...good,
      nodes: { n1: granted, n2: granted, n3: granted },
      faults: ({ n1, n2, n3, leader }) => [
        during("1s", "2s", skew(n1, "-500ms")),
        during("1s", "2s", step(n2, "1m")),
        during("1s", "2s", drift(n3, "-200ppm")),
        during("2.5s", "3s", pause(leader)),
        at("9s", kill(n1)),
        every("4s", pause(n2), { for: "100ms" }),
      ],
      expect: { invalid: ["lost-write"], also: ["non-linearizable", "split-brain"] },
    });
    expect(planOf(scenario).faults.map(({ fault }) => fault.fault)).toEqual([
      "skew",
      "step",
      "drift",
      "pause",
      "pause",
      "pause",
      "kill",
    ]);
  });

  test("parameters have the types of their defaults", () => {
    const scenario = defineScenario({ clients: 3, calm: false }, ({ clients, calm }) => {
      const twice: number = clients * 2;
      const not: boolean = !calm;
      return { ...good, workload: registers({ keys: not ? 1 : 2, clients: twice }) };
    });
    expect(planOf(scenario).workload).toMatchObject({ keys: 1, clients: 6 });
  });
});

describe("what does not compile is refused at run time too", () => {
  test("a node that the scenario does not have", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error There is no n9.
          faults: ({ n9 }) => [during("1s", "2s", pause(n9))],
        }),
      /there is no such node: n9; there are n1, n2, n3/,
    );
  });

  test("a duration without a unit", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error Ten of what?
          duration: "10",
        }),
      /"10" is no duration/,
    );
    refused(
      () =>
        defineScenario({
          ...good,
          faults: ({ n1 }) => [
            // @ts-expect-error Two of what?
            during("1s", "2", pause(n1)),
          ],
        }),
      /"2" is no duration/,
    );
    refused(
      () =>
        defineScenario({
          ...good,
          faults: ({ n1 }) => [
            // @ts-expect-error Half a thousand of what?
            at("1s", skew(n1, "-500")),
          ],
        }),
      /"-500" is no duration/,
    );
  });

  test("a rate that is none", () => {
    // @ts-expect-error Per what?
    expect(() => registers({ keys: 1, clients: 1, rate: "200" })).toThrow(/"200" is no rate/);
    // @ts-expect-error Of what?
    expect(() => drift({ name: "n1" }, "200")).toThrow(/"200" is no rate/);
  });

  test("a misspelt anomaly", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error It is called lost-write.
          expect: { invalid: ["lost-writes"] },
        }),
      /expect: expected .*lost-write/,
    );
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error It is called split-brain.
          expect: { invalid: ["lost-write"], also: ["splitbrain"] },
        }),
      /expect: expected .*split-brain/,
    );
  });

  test("an unknown system", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error There is none yet.
          nodes: { n1: node("raft") },
        }),
      /nodes\.n1: unknown system "raft"/,
    );
  });

  test("an unknown option of a system, or one of another system", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error There are readQuorum and writeQuorum.
          nodes: { n1: node("register", { quorum: 2 }) },
        }),
      /nodes\.n1: system register, quorum/,
    );
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error The register has no lease.
          nodes: { n1: node("register", { leaseMs: 600 }) },
        }),
      /nodes\.n1: system register, leaseMs/,
    );
  });

  test("a value that an option does not take", () => {
    refused(
      () =>
        defineScenario({
          ...good,
          // @ts-expect-error Say which: last-write-wins, lamport, hybrid or logical.
          nodes: { n1: node("register", { conflicts: "lww" }) },
        }),
      /nodes\.n1: system register, conflicts/,
    );
  });

  test("a scenario without a claim, or with a field of its own", () => {
    const { claim, ...unclaimed } = good;
    refused(
      // @ts-expect-error What is claimed?
      () => defineScenario(unclaimed),
      /claim/,
    );
    refused(
      () =>
        defineScenario({
          ...good,
          claim,
          // @ts-expect-error It is called faults.
          nemesis: () => [],
        }),
      /nemesis/,
    );
  });
});
