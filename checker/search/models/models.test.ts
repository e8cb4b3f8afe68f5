/**
 * Every model against an object of the same kind that shares no code with it, on random sequences: it accepts what the
 * object answers and nothing else, its keys tell the same states apart, and it keeps its promises.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../proto/json.ts";
import * as oracle from "../../objects/testdata/oracle.ts";
import type { Action, Model } from "../model.ts";
import { counter, fetchAndAdd } from "./counter.ts";
import { rwLock, semaphore } from "./lock.ts";
import { log } from "./log.ts";
import { priorityQueue } from "./priority-queue.ts";
import { rmwRegister } from "./register.ts";
import { queue, stack } from "./sequence.ts";
import { set } from "./set.ts";
import { transactions } from "./transactions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_264);
const RUNS = 150;
const STEPS = 14;

interface Plain {
  readonly initial: Json;
  readonly perform: oracle.Perform;
  readonly calls: readonly (readonly [f: string, input: Json])[];
  /** By kind, answers that are not always right. Other kinds have an answer that says nothing. */
  readonly answers: Readonly<Record<string, readonly Json[]>>;
  /** The kinds of which the answer `false` says that the object would have refused. */
  readonly refuses?: readonly string[];
}

class Comparison<State> {
  readonly #model: Model<State>;
  readonly #plain: Plain;
  readonly #keys = new Map<string, string | number>();
  readonly #met = new Map<string | number, { state: State; truth: Json }>();
  readonly #blind = new Map<string, string | number>();

  constructor(model: Model<State>, plain: Plain) {
    this.#model = model;
    this.#plain = plain;
    this.#meet(model.initial, plain.initial);
  }

  /** @returns how many states were met. */
  run(): number {
    const random = xoroshiro128plus(SEED);
    const { calls } = this.#plain;
    for (let run = 0; run < RUNS; run++) {
      // From anywhere that was ever reached: no state may have been spoilt by what came after it.
      const known = [...this.#met.values()];
      let at = known[run % 4 === 0 ? 0 : uniformInt(random, 0, known.length - 1)];
      for (let step = 0; step < STEPS && at !== undefined; step++) {
        const [f, input] = calls[uniformInt(random, 0, calls.length - 1)] ?? ["", null];
        at = this.#step(at, { f, input, output: undefined, process: uniformInt(random, 0, 2) });
      }
    }
    return this.#met.size;
  }

  #step(at: { state: State; truth: Json }, open: Action): { state: State; truth: Json } {
    const { perform, answers, refuses = [] } = this.#plain;
    const { state, truth } = at;
    const { f, input, process = 0 } = open;
    const done = perform(truth, { f, input, process });
    const told = JSON.stringify([truth, f, input]);
    for (const output of answers[f] ?? [])
      if (done === undefined || JSON.stringify(output) !== JSON.stringify(done.output))
        expect(
          this.#model.step(state, { ...open, output }),
          `${told} ${JSON.stringify(output)}`,
        ).toBe(undefined);
    if (refuses.includes(f)) {
      const refused = this.#after(state, { ...open, output: false });
      expect(refused === undefined, told).toBe(done !== undefined);
      if (refused !== undefined) this.#meet(refused, truth);
    }
    if (done === undefined) {
      expect(this.#model.blind(open)).toBe(false);
      return at;
    }
    for (const output of [undefined, done.output]) {
      const after = this.#after(state, { ...open, output });
      if (after === undefined) throw new Error(`refused what happened: ${told}`);
      this.#meet(after, done.state);
    }
    this.#meet(state, truth);
    const after = this.#model.step(state, { ...open, output: done.output }) ?? state;
    return { state: after, truth: done.state };
  }

  /** A step, and whether what was promised of it holds. */
  #after(state: State, action: Action): State | undefined {
    const { pure, blind, stateKey } = this.#model;
    const after = this.#model.step(state, action);
    if (after === undefined) expect(blind(action)).toBe(false);
    else if (pure(action)) expect(stateKey(after)).toBe(stateKey(state));
    else if (blind(action)) {
      const name = JSON.stringify(action);
      expect(stateKey(after)).toBe(this.#blind.get(name) ?? stateKey(after));
      this.#blind.set(name, stateKey(after));
    }
    return after;
  }

  #meet(state: State, truth: Json): void {
    const [text, key] = [JSON.stringify(truth), this.#model.stateKey(state)];
    expect(key, text).toBe(this.#keys.get(text) ?? key);
    this.#keys.set(text, key);
    expect(JSON.stringify(this.#met.get(key)?.truth ?? truth)).toBe(text);
    if (!this.#met.has(key)) this.#met.set(key, { state, truth });
  }
}

function statesOf<State>(model: Model<State>, plain: Plain): number {
  return new Comparison(model, plain).run();
}

describe(`models agree with plain objects on random sequences (seed ${SEED})`, () => {
  test("a register with every update", () => {
    const plain: Plain = {
      initial: null,
      perform: oracle.register,
      calls: [
        ["read", null],
        ["write", 1],
        ["write", { a: 2 }],
        ["swap", 3],
        ["cas", [1, { a: 2 }]],
        ["cas", [3, 1]],
      ],
      answers: { read: [null, 1, { a: 2 }, 3], swap: [null, 1, { a: 2 }, 3] },
      refuses: ["cas"],
    };
    expect(statesOf(rmwRegister(), plain)).toBe(4);
  });

  test("a counter, and numbers that are handed out", () => {
    const sums = Array.from({ length: 12 }, (_, i) => i);
    const plain: Plain = {
      initial: 0,
      perform: oracle.counter,
      calls: [
        ["add", 1],
        ["add", null],
        ["increment", null],
        ["read", null],
      ],
      answers: { read: sums },
    };
    expect(statesOf(counter(), plain)).toBeGreaterThan(100);
    const handed: Plain = {
      initial: 0,
      perform: oracle.fetchAndAdd,
      calls: [
        ["fetch-and-add", 1],
        ["fetch-and-add", null],
      ],
      answers: { "fetch-and-add": sums },
    };
    expect(statesOf(fetchAndAdd(), handed)).toBeGreaterThan(100);
  });

  test("a queue, a stack and a priority queue", () => {
    const plain = (put: string, take: string, perform: oracle.Perform): Plain => ({
      initial: [],
      perform,
      calls: [
        [put, 1],
        [put, 2],
        [put, 3],
        [take, null],
        [take, null],
        [take, null],
      ],
      answers: { [take]: [null, 1, 2, 3] },
    });
    expect(statesOf(queue(), plain("enqueue", "dequeue", oracle.queue))).toBeGreaterThan(100);
    expect(statesOf(stack(), plain("push", "pop", oracle.stack))).toBeGreaterThan(100);
    const numbers = statesOf(priorityQueue(), plain("insert", "poll", oracle.priorityQueue));
    expect(numbers).toBeGreaterThan(100);
  });

  test("a set, by element and as a whole", () => {
    const elements: Plain = {
      initial: [],
      perform: oracle.elementSet,
      calls: ["add", "remove", "contains"].flatMap((f) => [1, 2, 3].map((x) => [f, x] as const)),
      answers: { add: [true, false], remove: [true, false], contains: [true, false] },
    };
    expect(statesOf(set(), elements)).toBe(8);
    const whole: Plain = {
      initial: [],
      perform: oracle.growSet,
      calls: [
        ["add", 1],
        ["add", 2],
        ["add", 3],
        ["read", null],
      ],
      answers: { read: [[], [1], [1, 2], [2, 3], [1, 2, 3], [4], null] },
    };
    expect(statesOf(set(), whole)).toBe(8);
  });

  test("a log", () => {
    const plain: Plain = {
      initial: [],
      perform: oracle.log,
      calls: [
        ["append", "a"],
        ["append", "b"],
        ["read", 0],
        ["read", 1],
        ["read", 2],
        ["read", -1],
      ],
      answers: { append: [0, 1, 2, 3, null], read: ["a", "b", "c", null] },
    };
    expect(statesOf(log(), plain)).toBeGreaterThan(100);
  });

  test("locks", () => {
    const plain = (perform: oracle.Perform, modes: readonly Json[]): Plain => ({
      initial: [],
      perform,
      calls: [
        ...modes.map((mode) => ["acquire", mode] as const),
        ["release", null],
        ["release", null],
      ],
      answers: {},
      refuses: ["acquire", "release"],
    });
    expect(statesOf(semaphore(1), plain(oracle.lock(1, false), [null]))).toBe(4);
    expect(statesOf(semaphore(2), plain(oracle.lock(2, false), [null]))).toBe(10);
    const modes = ["read", "write"];
    expect(statesOf(rwLock(), plain(oracle.lock(99, true), modes))).toBeGreaterThan(20);
    expect(statesOf(rwLock(2), plain(oracle.lock(2, true), modes))).toBe(13);
  });

  test("transactions", () => {
    const plain: Plain = {
      initial: { x: 1 },
      perform: oracle.transactions,
      calls: [
        ["txn", [["r", "x", null]]],
        [
          "txn",
          [
            ["w", "x", 2],
            ["r", "x", null],
            ["append", "y", 1],
          ],
        ],
        [
          "txn",
          [
            ["r", "y", null],
            ["w", "x", null],
          ],
        ],
        [
          "txn",
          [
            ["append", "__proto__", 1],
            ["r", "__proto__", null],
            ["w", "y", [2]],
          ],
        ],
        ["txn", [["append", "x", 1]]],
        [
          "txn",
          [
            ["w", "y", null],
            ["w", "__proto__", null],
          ],
        ],
      ],
      answers: {
        txn: [
          [["r", "x", 1]],
          [["r", "x", 2]],
          [["r", "x", null]],
          [
            ["r", "y", [1]],
            ["w", "x", null],
          ],
          [
            ["w", "x", 2],
            ["r", "x", 1],
            ["append", "y", 1],
          ],
        ],
      },
    };
    expect(statesOf(transactions({ x: 1 }), plain)).toBeGreaterThan(20);
    const bad = { f: "txn", input: [["x", "y", 1]], output: undefined };
    expect(() => transactions().step(new Map(), bad)).toThrow(TypeError);
  });
});

test("a history of a hundred thousand elements is replayed in no time", () => {
  const started = performance.now();
  const replay = <State>(model: Model<State>, actions: (i: number) => Action): void => {
    let state: State | undefined = model.initial;
    for (let i = 0; i < 100_000 && state !== undefined; i++) state = model.step(state, actions(i));
    expect(state, model.name).toBeDefined();
  };
  replay(log(), (i) => ({ f: "append", input: i, output: i }));
  replay(queue(), (i) => ({ f: "enqueue", input: i, output: null }));
  replay(set(), (i) => ({ f: "add", input: i, output: true }));
  replay(priorityQueue(), (i) => ({ f: "insert", input: -i, output: null }));
  expect(performance.now() - started).toBeLessThan(5_000);
});
