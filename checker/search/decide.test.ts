import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { FAIL, INFO, NEVER, OK, type Part } from "../history/columns.ts";
import { decide } from "./decide.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import { type Action, describeAction, type Model } from "./model.ts";
import { counter } from "./models/counter.ts";
import { keyValue } from "./models/key-value.ts";
import { multiRegister } from "./models/multi-register.ts";
import { mutex } from "./models/mutex.ts";
import { casRegister, register } from "./models/register.ts";
import { queue, stack } from "./models/sequence.ts";
import { set } from "./models/set.ts";
import { ALL_RULES } from "./rules.ts";
import { taskOf } from "./task.ts";
import {
  drawOf,
  partOf,
  type Recorded,
  randomOperations,
  type Subject,
  tell,
} from "./testdata/random-part.ts";
import {
  CAS_REGISTER,
  COUNTER,
  KEY_VALUE,
  MULTI_REGISTER,
  MUTEX,
  QUEUE,
  REGISTER,
  SET,
  STACK,
} from "./testdata/subjects.ts";
import { timelineOf } from "./timeline.ts";
import { faultOfCertificate, faultOfOrder } from "./verify.ts";
import { refuteWindow } from "./window.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_262);
const MORE = Math.max(1, Number(process.env["TESTBED_FUZZ"] ?? 0) / 20_000);

type Call = readonly [f: string, input: Json, output: Json | "?" | "failed"];

/** Operations one after another; `?` never returns. */
function sequence(...calls: readonly Call[]): Recorded[] {
  return calls.map(([f, input, output], i) => {
    const status = output === "?" ? INFO : output === "failed" ? FAIL : OK;
    const completed = status === INFO ? NEVER : 2 * i + 1;
    return {
      f,
      input,
      output: status === OK ? output : undefined,
      status,
      invoked: 2 * i,
      completed,
    };
  });
}

function verdict<State>(model: Model<State>, ...calls: readonly Call[]): string {
  return decide(partOf(sequence(...calls)), model).verdict;
}

describe("what the models mean", () => {
  test("a register answers with what was last written", () => {
    expect(verdict(register(0), ["write", 1, null], ["read", null, 1])).toBe("valid");
    expect(verdict(register(0), ["write", 1, null], ["read", null, 0])).toBe("invalid");
    expect(verdict(register(0), ["write", 1, "?"], ["read", null, 0])).toBe("valid");
    expect(verdict(register(0), ["write", 1, "failed"], ["read", null, 1])).toBe("invalid");
    expect(verdict(register({ a: [1] }), ["read", null, { a: [1] }])).toBe("valid");
    expect(verdict(register(), ["write", "1", null], ["read", null, 1])).toBe("invalid");
  });

  test("a cas writes only where it finds the old value, and a failed one did not find it", () => {
    const cas = casRegister(0);
    expect(verdict(cas, ["cas", [0, 1], true], ["read", null, 1])).toBe("valid");
    expect(verdict(cas, ["cas", [2, 1], true])).toBe("invalid");
    expect(verdict(cas, ["cas", [2, 1], "failed"], ["read", null, 0])).toBe("valid");
    expect(verdict(cas, ["cas", [0, 1], "failed"])).toBe("invalid");
    expect(verdict(cas, ["cas", [0, 1], false])).toBe("invalid");
    expect(verdict(cas, ["cas", [0, 1], "?"], ["read", null, 0])).toBe("valid");
    expect(verdict(cas, ["cas", [0, 1], "?"], ["read", null, 1])).toBe("valid");
    expect(verdict(cas, ["cas", [2, 1], "?"], ["read", null, 1])).toBe("invalid");
  });

  test("a store of strings appends", () => {
    const kv = keyValue();
    expect(verdict(kv, ["put", "a", null], ["append", "b", null], ["get", null, "ab"])).toBe(
      "valid",
    );
    expect(verdict(kv, ["append", "a", null], ["append", "b", null], ["get", null, "ba"])).toBe(
      "invalid",
    );
  });

  test("several registers are read and written together", () => {
    const two = multiRegister({ a: 0, b: 0 });
    expect(verdict(two, ["write", { a: 1 }, null], ["read", null, { a: 1, b: 0 }])).toBe("valid");
    expect(verdict(two, ["write", { a: 1, b: 1 }, null], ["read", null, { b: 0 }])).toBe("invalid");
    expect(() => verdict(two, ["write", { c: 1 }, null])).toThrow("there is no register c");
  });

  test("a mutex is held once", () => {
    expect(verdict(mutex(), ["acquire", null, null], ["release", null, null])).toBe("valid");
    expect(verdict(mutex(), ["acquire", null, null], ["acquire", null, null])).toBe("invalid");
    expect(verdict(mutex(), ["acquire", null, null], ["acquire", null, false])).toBe("valid");
    expect(verdict(mutex(), ["acquire", null, false])).toBe("invalid");
    expect(verdict(mutex(true), ["acquire", null, null])).toBe("invalid");
  });

  test("a set keeps what was added", () => {
    expect(verdict(set(), ["add", 1, null], ["add", "1", true], ["read", null, ["1", 1]])).toBe(
      "valid",
    );
    expect(verdict(set(), ["add", 1, null], ["read", null, []])).toBe("invalid");
    expect(verdict(set([1]), ["add", 1, false], ["remove", 1, true], ["contains", 1, false])).toBe(
      "valid",
    );
    expect(verdict(set([1]), ["add", 1, true])).toBe("invalid");
  });

  test("a counter sums", () => {
    expect(verdict(counter(), ["add", 2, 2], ["add", -1, null], ["read", null, 1])).toBe("valid");
    expect(verdict(counter(), ["add", 2, null], ["read", null, 0])).toBe("invalid");
  });

  test("a queue gives the oldest, a stack the newest", () => {
    const fill = (put: string): Call[] => [
      [put, 1, null],
      [put, 2, null],
    ];
    expect(verdict(queue(), ...fill("enqueue"), ["dequeue", null, 1])).toBe("valid");
    expect(verdict(queue(), ...fill("enqueue"), ["dequeue", null, 2])).toBe("invalid");
    expect(verdict(stack(), ...fill("push"), ["pop", null, 2])).toBe("valid");
    expect(verdict(stack(), ...fill("push"), ["pop", null, 1])).toBe("invalid");
    expect(verdict(queue(), ["enqueue", 1, null], ["dequeue", null, null])).toBe("invalid");
    expect(verdict(queue(), ...fill("enqueue"), ["dequeue", null, "?"], ["dequeue", null, 2])).toBe(
      "valid",
    );
  });

  test("a model may be anybody's", () => {
    const flag: Model<boolean> = {
      name: "flag",
      kinds: ["raise", "look"],
      initial: false,
      step: (up, op) => (op.f === "raise" ? true : op.output === up ? up : undefined),
      stateKey: Number,
      pure: (op) => op.f === "look",
      blind: (op) => op.f === "raise",
    };
    expect(verdict(flag, ["look", null, false], ["raise", null, null], ["look", null, true])).toBe(
      "valid",
    );
    expect(verdict(flag, ["raise", null, null], ["look", null, false])).toBe("invalid");
    expect(verdict(flag, ["lower", null, null])).toBe("inapplicable");
    expect(describeAction(flag, { f: "look", input: null, output: true })).toBe("look -> true");
    expect(describeAction(flag, { f: "raise", input: 1, output: undefined })).toBe("raise 1 -> ?");
  });
});

describe("decisions", () => {
  test("a certificate names the few operations that contradict each other", () => {
    const calls: Call[] = [];
    for (let i = 0; i < 400; i++) calls.push(["write", i % 5, null], ["read", null, i % 5]);
    calls[501] = ["read", null, 2];
    const decision = decide(partOf(sequence(...calls)), casRegister(0));
    expect(decision).toEqual({
      verdict: "invalid",
      route: "search: cas-register, window",
      class: "no legal order",
      certificate: [500, 501],
    });
  });

  test("without finitely many states, a certificate is made small from the beginning on", () => {
    const calls: Call[] = [];
    for (let i = 1; i <= 40; i++) calls.push(["enqueue", i, null]);
    for (let i = 1; i <= 40; i++) calls.push(["dequeue", null, i === 20 ? 21 : i]);
    const decision = decide(partOf(sequence(...calls)), queue());
    expect(decision).toMatchObject({ verdict: "invalid", certificate: [19, 20, 59] });
  });

  test("an empty history and one of lost operations only are valid", () => {
    expect(decide(partOf([]), register())).toMatchObject({
      verdict: "valid",
      order: new Int32Array(),
    });
    expect(verdict(register(), ["write", 1, "?"], ["read", null, "?"])).toBe("valid");
  });

  test("more operations open at once than there are slots: unknown", () => {
    const wide = Array.from({ length: 65 }, (_, i) => {
      return { f: "write", input: i, output: null, status: OK, invoked: i, completed: 100 + i };
    });
    expect(decide(partOf(wide), register())).toMatchObject({
      verdict: "unknown",
      reason: "at least 65 operations are open at once",
    });
    expect(decide(partOf(wide.slice(1)), register()).verdict).toBe("valid");
    const read = { f: "read", input: null, output: 99, status: OK, invoked: 70, completed: 80 };
    expect(decide(partOf([...wide, read]), register())).toMatchObject({
      verdict: "invalid",
      certificate: [65],
    });
  });

  /** Forty adds at once, and a sum that they cannot make: 2^40 subsets. */
  const hard = [
    ...Array.from({ length: 40 }, (_, i) => {
      return { f: "add", input: 2 ** i, output: null, status: OK, invoked: i, completed: 200 + i };
    }),
    { f: "read", input: null, output: 0.5, status: OK, invoked: 50, completed: 60 },
  ];
  const small = { steps: 1000, frontierSteps: 1000, breadth: 1000, stall: 100, remembered: 1000 };

  test.each([
    ["steps", { ...small, remembered: 1e6, steps: 100 }, "steps"],
    ["memory", { ...small, steps: 1e6, remembered: 500 }, ""],
    ["breadth", { ...small, frontierSteps: 1e6, breadth: 100 }, ""],
  ])("a spent budget ends as unknown: %s", (_, budget, reason) => {
    const decision = decide(partOf(hard), counter(), budget);
    expect(decision).toMatchObject({ verdict: "unknown" });
    if (decision.verdict !== "unknown") return;
    expect(decision.reason).toContain(`the budget is spent (${reason}`);
    expect(decision.window).toContain(40);
  });
});

const SUBJECTS = [
  REGISTER,
  CAS_REGISTER,
  KEY_VALUE,
  MULTI_REGISTER,
  MUTEX,
  SET,
  COUNTER,
  QUEUE,
  STACK,
] as readonly unknown[] as readonly Subject<unknown>[];

/** The history within so many operations that take all the time and do nothing. */
function padded(operations: readonly Recorded[], pads: number): Recorded[] {
  const wait = { f: "wait", input: null, output: null, status: OK };
  const shifted = operations.map((op) => {
    const completed = op.completed === NEVER ? NEVER : op.completed + pads;
    return { ...op, invoked: op.invoked + pads, completed };
  });
  const waits = Array.from({ length: pads }, (_, i) => {
    return { ...wait, invoked: i, completed: 10_000 + i };
  });
  return [...waits, ...shifted];
}

function waiting<State>(model: Model<State>): Model<State> {
  const waits = (action: Action): boolean => action.f === "wait";
  return {
    ...model,
    kinds: [...model.kinds, "wait"],
    step: (state, action) => (waits(action) ? state : model.step(state, action)),
    pure: (action) => waits(action) || model.pure(action),
    blind: (action) => !waits(action) && model.blind(action),
  };
}

function longer<State>(subject: Subject<State>, round: number): Recorded[] {
  const draw = drawOf(xoroshiro128plus(SEED + round));
  return randomOperations(draw, subject, {
    operations: draw(10, 40),
    processes: draw(2, 6),
    lost: draw(0, 2) * 3,
    failed: draw(0, 1) * 10,
    wrong: draw(0, 1) * 8,
  });
}

function verify<State>(part: Part, model: Model<State>): string {
  const decision = decide(part, model);
  if (decision.verdict === "valid")
    expect(faultOfOrder(part, model, decision.order)).toBe(undefined);
  if (decision.verdict === "invalid" && decision.certificate.length <= 20)
    expect(faultOfCertificate(part, model, decision.certificate)).toBe(undefined);
  return decision.verdict;
}

describe(`longer histories (seed ${SEED})`, () => {
  const limits = { steps: 50_000, remembered: 1e6, stall: 1e6, breadth: 20_000 };
  test.each(SUBJECTS.map((subject) => [subject.model.name, subject] as const))(
    "%s: the engines agree, in one word of slots and in two",
    { timeout: 3_600_000 },
    (_, subject) => {
      const { model } = subject;
      const count = { order: 0, none: 0 };
      for (let round = 0; round < 150 * MORE; round++) {
        const operations = longer(subject, round);
        const what = `history ${round}: ${tell(operations)}`;
        const part = partOf(operations);
        const task = taskOf(part, model, 1e6);
        const line = timelineOf(task);
        if (typeof line === "number") throw new RangeError("too wide");
        const { found } = new DepthFirst(task, line).run(limits);
        const breadthFirst = frontier(task, line, limits).found;
        if (found === "budget" || breadthFirst === "budget") continue;
        expect(breadthFirst, what).toBe(found);
        expect(["order", "none"], what).toContain(found);
        const expected = found === "order" ? "valid" : "invalid";
        expect(verify(part, model), what).toBe(expected);
        const wide = partOf(padded(operations, 29));
        expect(verify(wide, waiting(model)), what).toBe(expected);
        const wideTask = taskOf(wide, waiting(model), 1e6);
        const wideLine = timelineOf(wideTask, { ...ALL_RULES, dominance: round % 2 === 0 });
        if (typeof wideLine === "number") throw new RangeError("too wide");
        const wideDepthFirst = new DepthFirst(wideTask, wideLine).run(limits).found;
        expect(["budget", found], what).toContain(wideDepthFirst);
        expect(["budget", found], what).toContain(frontier(wideTask, wideLine, limits).found);
        if (found === "order")
          for (let layer = 0; layer < line.layers; layer += 5)
            expect(refuteWindow(task, line, layer, limits), what).toBe(undefined);
        count[found === "order" ? "order" : "none"]++;
      }
      expect(Math.min(count.order, count.none), JSON.stringify(count)).toBeGreaterThan(10);
    },
  );
});
