import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { columnsOf, type Part } from "../history/columns.ts";
import { objectOf } from "../models/catalogue.ts";
import * as models from "../models/model-spec.ts";
import type { Model } from "../search/index.ts";
import { route } from "./router.ts";

type Told = readonly [f: string, input: Json, output?: Json];

/** Operations one after another; without an answer the outcome is unknown. */
function sequence(...told: Told[]): Part {
  const operations = told.map(([f, input, output], i) => ({
    id: 2 * i,
    process: i,
    f,
    key: "x",
    input,
    output,
    node: "n1",
    status: output === undefined ? ("info" as const) : ("ok" as const),
    invokedAt: 2 * i,
    completed: output === undefined ? undefined : 2 * i + 1,
    completedAt: output === undefined ? undefined : 2 * i + 1,
    error: undefined,
    seen: undefined,
    request: undefined,
    final: false,
  }));
  const columns = columnsOf(operations);
  return { columns, rows: Int32Array.from(operations.keys()) };
}

interface Case {
  readonly spec: models.ModelSpec;
  readonly told: readonly Told[];
  readonly by: string;
}

const right: Record<string, Case> = {
  "registers of unique values by zones": {
    spec: models.register(),
    told: [
      ["write", 1, 1],
      ["read", null, 1],
      ["write", 2, 2],
      ["read", null, 2],
    ],
    by: "zones",
  },
  "registers of repeated values by search": {
    spec: models.register(),
    told: [
      ["write", 1, 1],
      ["write", 2, 2],
      ["write", 1, 1],
      ["read", null, 1],
    ],
    by: "search: register, depth first",
  },
  "a cas-register without cas by zones": {
    spec: models.casRegister(),
    told: [
      ["write", 1, 1],
      ["read", null, 1],
    ],
    by: "zones",
  },
  "compare-and-set to unique values by chains": {
    spec: models.casRegister(0),
    told: [
      ["cas", [0, 1], true],
      ["cas", [1, 2], true],
      ["read", null, 2],
    ],
    by: "chains",
  },
  "compare-and-set to repeated values by search": {
    spec: models.casRegister(0),
    told: [
      ["cas", [0, 1], true],
      ["cas", [1, 0], true],
      ["cas", [0, 1], true],
      ["read", null, 1],
    ],
    by: "search: cas-register, depth first",
  },
  "a counter of ones by slots": {
    spec: models.counter(),
    told: [
      ["add", 1, null],
      ["add", 1, null],
      ["read", null, 2],
    ],
    by: "counter",
  },
  "a counter of other numbers by search": {
    spec: models.counter(),
    told: [
      ["add", 5, null],
      ["add", 1, null],
      ["read", null, 6],
    ],
    by: "search: counter, depth first",
  },
  "tickets by their numbers": {
    spec: models.fetchAndAdd(),
    told: [
      ["fetch-and-add", 1, 0],
      ["fetch-and-add", 1, 1],
    ],
    by: "fetch-and-add",
  },
  "a set, by element": {
    spec: models.set(),
    told: [
      ["add", "a", true],
      ["contains", "a", true],
      ["remove", "a", true],
    ],
    by: "set-element",
  },
  "a set that only grows, by its reads": {
    spec: models.set(),
    told: [
      ["add", "a", null],
      ["read", null, ["a"]],
      ["add", "b", null],
      ["read", null, ["a", "b"]],
    ],
    by: "grow-set",
  },
  "a queue by its patterns": {
    spec: models.queue(),
    told: [
      ["enqueue", 1, null],
      ["enqueue", 2, null],
      ["dequeue", null, 1],
      ["dequeue", null, 2],
    ],
    by: "queue",
  },
  "a queue of repeated values by search": {
    spec: models.queue(),
    told: [
      ["enqueue", 1, null],
      ["enqueue", 1, null],
      ["dequeue", null, 1],
      ["dequeue", null, 1],
    ],
    by: "search: queue, depth first",
  },
  "a stack by peeling": {
    spec: models.stack(),
    told: [
      ["push", 1, null],
      ["push", 2, null],
      ["pop", null, 2],
      ["pop", null, 1],
    ],
    by: "stack",
  },
  "a priority queue by coverage": {
    spec: models.priorityQueue(),
    told: [
      ["insert", 2, null],
      ["insert", 1, null],
      ["poll", null, 1],
      ["poll", null, 2],
    ],
    by: "priority-queue",
  },
  "a log by its offsets": {
    spec: models.log(),
    told: [
      ["append", "a", 0],
      ["append", "b", 1],
      ["read", 1, "b"],
    ],
    by: "log",
  },
  "strings by search": {
    spec: models.keyValue(),
    told: [
      ["put", "a", null],
      ["append", "b", null],
      ["get", null, "ab"],
    ],
    by: "search: key-value, depth first",
  },
  "registers together by search": {
    spec: models.multiRegister({ x: 0, y: 0 }),
    told: [
      ["write", { x: 1, y: 1 }, null],
      ["read", null, { x: 1, y: 1 }],
    ],
    by: "search: multi-register, depth first",
  },
};

describe("the route follows from what the history contains", () => {
  for (const [name, { spec, told, by }] of Object.entries(right))
    test(name, () => {
      const { decision } = route(sequence(...told), objectOf(spec));
      expect(decision).toMatchObject({ verdict: "valid", route: by });
      const [last] = told.slice(-1);
      if (last === undefined) return;
      const strange = typeof last[2] === "boolean" ? !last[2] : "an answer from nowhere";
      const wrong = sequence(...told.slice(0, -1), [last[0], last[1], strange]);
      expect(route(wrong, objectOf(spec)).decision.verdict).toBe("invalid");
    });
});

test("what was passed over is said, with the reason", () => {
  const { passed } = route(
    sequence(["cas", [0, 1], true], ["cas", [1, 0], true], ["cas", [0, 1], true]),
    objectOf(models.casRegister(0)),
  );
  expect(passed).toHaveLength(2);
  expect(passed[0]).toContain("zones: a register has no cas");
  expect(passed[1]).toContain("chains: ");
});

test("elements of a set are searched one by one, and their orders make one order", () => {
  const told: Told[] = [];
  // What an addition did that answers nothing, is open.
  for (let i = 0; i < 60; i++)
    told.push(["add", i, null], ["add", i, null], ["remove", i, true], ["contains", i, false]);
  const { decision } = route(sequence(...told), objectOf(models.set()));
  expect(decision).toMatchObject({
    verdict: "valid",
    route: "search: set, depth first, element by element",
  });
  const broken = sequence(...told, ["add", "z", true], ["contains", "z", false]);
  const refuted = route(broken, objectOf(models.set())).decision;
  expect(refuted).toMatchObject({ verdict: "invalid" });
  expect(refuted.verdict === "invalid" && refuted.certificate.length).toBeLessThan(5);
});

test("a model that throws decides nothing, and what it said is told", () => {
  const model: Model<number> = {
    name: "moody",
    kinds: ["read"],
    initial: 0,
    step: () => {
      throw new TypeError("not today");
    },
    stateKey: Number,
    pure: () => false,
    blind: () => false,
  };
  const { decision } = route(sequence(["read", null, 1]), objectOf(models.custom(model)));
  expect(decision).toMatchObject({ verdict: "unknown" });
  expect(decision.verdict === "unknown" && decision.reason).toContain("moody failed: not today");
});

test("a value from nowhere is seen at once, however many operations are open", () => {
  const lost: Told[] = Array.from({ length: 400 }, (_, i) => ["cas", [i % 5, (i + 1) % 5]]);
  const spent = { steps: 10, frontierSteps: 10, breadth: 1, stall: 1 };
  const judge = (...told: Told[]) =>
    route(sequence(...told), objectOf(models.casRegister(0)), spent).decision;
  expect(judge(...lost, ["read", null, 9])).toMatchObject({
    verdict: "invalid",
    class: "thin air",
  });
  const early = judge(...lost, ["cas", [9, 1], true], ["write", 9, 9], ["write", 9, 9]);
  expect(early).toMatchObject({
    verdict: "invalid",
    class: "future read",
    certificate: [400, 401],
  });
  // What a compare-and-set puts there itself is no source of what it needs.
  expect(judge(...lost, ["cas", [9, 9], true])).toMatchObject({
    verdict: "invalid",
    class: "thin air",
  });
});
