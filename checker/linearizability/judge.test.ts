import { describe, expect, test } from "vitest";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { check } from "../check.ts";
import { columnsOf, partsByKey } from "../history/columns.ts";
import { objectOf } from "../models/catalogue.ts";
import { register } from "../models/model-spec.ts";
import { fault, type Part, read, story, write } from "../testdata/story.ts";
import { linearizable } from "./linearizable.ts";
import { route } from "./router.ts";

function judged(...parts: Part[]) {
  const verdict = check(story(...parts), [linearizable(register())]);
  const [result] = verdict.checks;
  if (result === undefined) throw new Error("one check was asked for");
  return result;
}

function operations(...parts: Part[]): Operation[] {
  return operationsOf(story(...parts));
}

describe("histories that are linearizable", () => {
  const valid: Record<string, Part[]> = {
    "a read of a key never written": [read(null, 0, 1)],
    "a write and then a read of it": [write(1, 0, 1), read(1, 2, 3)],
    "a read of the old value during a write": [write(1, 0, 1), write(2, 2, 5), read(1, 3, 4)],
    "two concurrent writes, read in either order": [write(1, 0, 5), write(2, 1, 4), read(1, 6, 7)],
    "a write of unknown outcome that is read much later": [
      write(1, 0, 0, { status: "info" }),
      read(null, 1, 2),
      read(1, 3, 4),
    ],
    "a write of unknown outcome that is never read": [
      write(1, 0, 0, { status: "info" }),
      read(null, 1, 2),
    ],
    "a failed write that is not read": [write(1, 0, 1, { status: "fail" }), read(null, 2, 3)],
    "a read that failed": [write(1, 0, 1), read(null, 2, 3, { status: "fail" })],
    "the same value twice, with another between": [
      write(1, 0, 1),
      write(2, 2, 3),
      write(1, 4, 5),
      read(1, 6, 7),
    ],
    "keys are judged apart": [write(1, 0, 1, { key: "x" }), read(null, 2, 3, { key: "y" })],
  };
  for (const [name, parts] of Object.entries(valid))
    test(name, () =>
      expect(judged(...parts)).toMatchObject({ verdict: "valid", anomalies: [], found: {} }),
    );
});

describe("histories that are not, each with its class and its smallest witness", () => {
  const invalid: Record<string, { parts: Part[]; class: string; operations: number }> = {
    "a read of the old value after the new one was acknowledged": {
      parts: [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), read(2, 6, 7)],
      class: "stale read",
      operations: 3,
    },
    "an acknowledged value that was seen, but never again": {
      parts: [write(1, 0, 1), write(2, 2, 6), read(2, 3, 4), read(1, 7, 8)],
      class: "stale read",
      operations: 3,
    },
    "an acknowledged value that nobody ever sees": {
      parts: [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), read(1, 6, 7)],
      class: "lost write",
      operations: 3,
    },
    "an acknowledged first write that nobody ever sees": {
      parts: [write(1, 0, 1), read(null, 2, 3)],
      class: "lost write",
      operations: 2,
    },
    "two readers during one write, new before old": {
      parts: [write(1, 0, 1), write(2, 2, 9), read(2, 3, 4), read(1, 5, 6)],
      class: "new-old inversion",
      operations: 4,
    },
    "concurrent writes read as 1, 2, 1": {
      parts: [write(1, 0, 20), write(2, 1, 21), read(1, 2, 3), read(2, 4, 5), read(1, 6, 7)],
      class: "new-old inversion",
      operations: 5,
    },
    "a value read before it was written": {
      parts: [read(1, 0, 1), write(1, 2, 3)],
      class: "future read",
      operations: 2,
    },
    "a value that nobody wrote": {
      parts: [write(1, 0, 1), read(7, 2, 3)],
      class: "thin air",
      operations: 1,
    },
    "a value whose write failed": {
      parts: [write(1, 0, 1, { status: "fail" }), read(1, 2, 3)],
      class: "aborted read",
      operations: 2,
    },
    "stale although the old value was written twice": {
      parts: [write(1, 0, 1), write(1, 2, 3), write(2, 4, 5), read(1, 6, 7), read(2, 8, 9)],
      class: "stale read",
      operations: 2,
    },
    "read too early, although written twice later": {
      parts: [read(1, 0, 1), write(1, 2, 3), write(1, 4, 5)],
      class: "future read",
      operations: 2,
    },
  };
  for (const [name, { parts, class: kind, operations: size }] of Object.entries(invalid))
    test(name, () => {
      const result = judged(...parts);
      expect(result.verdict).toBe("invalid");
      expect(result.found).toEqual({ "non-linearizable": 1 });
      const [anomaly] = result.anomalies;
      expect(anomaly).toMatchObject({
        name: "non-linearizable",
        grade: "proven",
        class: kind,
        key: "x",
      });
      expect(anomaly?.operations).toHaveLength(size);
    });
});

test("the argument is two-sided, names operations, times and faults, and ends in what would be valid", () => {
  const [anomaly] = judged(
    write(1, 1000, 1100, { process: 1, node: "n1" }),
    write(2, 1200, 1300, { process: 2, node: "n2" }),
    read(1, 1500, 1600, { process: 3, node: "n3" }),
    read(2, 1700, 1800, { process: 3, node: "n3" }),
    fault("pause", "n3", 1150, 1550),
    fault("pause", "n2", 1650, 1750),
  ).anomalies;
  expect(anomaly?.summary).toBe(
    "n3 answered a read of x with 1 at 1.600 s, though the newer 2 had been acknowledged at 1.300 s.",
  );
  expect(anomaly?.because).toEqual([
    "1 must come before 2: write 1 (op 0, process 1, n1) was acknowledged at 1.100 s, and write 2 (op 3, process 2, n2) was invoked only afterwards, at 1.200 s.",
    "2 must come before 1: write 2 (op 3, process 2, n2) was acknowledged at 1.300 s, and read of 1 (op 5, process 3, n3) was invoked only afterwards, at 1.500 s.",
    "No order of the operations on x explains both.",
    "Faults meanwhile: pause on n3 from 1.150 s to 1.550 s.",
    "It would have been valid had the read (op 5, process 3, n3) returned 2, or been invoked before 1.300 s.",
  ]);
  expect(anomaly?.nodes).toEqual(["n1", "n2", "n3"]);
});

test("every key that violates is told; all conflicts are counted; five are told where there are more", () => {
  const stale = (key: string, at: number): Part[] => [
    write(at, at, at + 1, { key }),
    write(at + 1, at + 2, at + 3, { key }),
    read(at, at + 4, at + 5, { key }),
    read(at + 1, at + 6, at + 7, { key }),
  ];
  const one = judged(...[10, 20, 30, 40, 50, 60, 70].flatMap((at) => stale("x", at)));
  expect(one.found).toEqual({ "non-linearizable": 7 });
  expect(one.anomalies).toHaveLength(5);
  const seven = judged(...[10, 20, 30, 40, 50, 60, 70].flatMap((at) => stale(`k${at}`, at)));
  expect(new Set(seven.anomalies.map(({ key }) => key)).size).toBe(7);
});

test("a conflict hides no other: both values inside the span of a third are counted", () => {
  const { found } = judged(
    ...[write(1, 0, 1), read(1, 20, 21)],
    ...[write(2, 2, 3), read(2, 4, 5)],
    ...[write(3, 6, 7), read(3, 8, 9)],
  );
  expect(found).toEqual({ "non-linearizable": 2 });
});

test("an operation that the model does not know leaves its key undecided", () => {
  const history = story(write(1, 0, 1), read(1, 2, 3));
  const strange = {
    ...history,
    events: history.events.map((event) => ("f" in event ? { ...event, f: "cas" } : event)),
  };
  const [result] = check(strange, [linearizable(register())]).checks;
  expect(result).toMatchObject({ verdict: "unknown" });
  expect(result?.reason).toContain("cas");
});

test("a history without operations is unknown, not valid", () => {
  expect(judged()).toMatchObject({ verdict: "unknown", reason: "the history has no operations" });
});

test("a spent budget is unknown and says so", () => {
  const parts = Array.from({ length: 12 }, (_, i) => write(i % 3, i, 100 + i));
  const ops = operations(...parts, read(0, 200, 201), read(1, 202, 203));
  const [part] = partsByKey(columnsOf(ops));
  if (part === undefined) throw new Error("there are operations");
  const spent = { steps: 0, frontierSteps: 10, breadth: 2, stall: 5 };
  const { decision } = route(part, objectOf(register()), spent);
  expect(decision).toMatchObject({ verdict: "unknown" });
  expect(decision.verdict === "unknown" && decision.reason).toContain("budget");
  expect(route(part, objectOf(register())).decision.verdict).toBe("invalid");
});

test("the initial value may be another", () => {
  const history = story(read(0, 0, 1), write(1, 2, 3), read(1, 4, 5));
  expect(check(history, [linearizable(register(0))]).verdict).toBe("valid");
  expect(check(history, [linearizable(register())]).verdict).toBe("invalid");
});

test("a long history of repeated values is searched without recursion", () => {
  const parts = Array.from({ length: 5_000 }, (_, i) => [
    write(i % 5, 4 * i, 4 * i + 1, { process: 1 }),
    read(i % 5, 4 * i + 2, 4 * i + 3, { process: 1 }),
  ]).flat();
  expect(judged(...parts)).toMatchObject({
    verdict: "valid",
    facts: { routes: { "search: register, depth first": expect.stringContaining("1 key") } },
  });
});
