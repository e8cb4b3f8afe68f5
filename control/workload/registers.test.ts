import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registers } from "../scenario.ts";
import type { Generator, Input } from "./generator.ts";
import { registersGenerator } from "./registers.ts";
import type { RegistersWorkload } from "./workload.ts";

const SECOND = 1e9;
const MS = 1e6;

interface Asked extends Input {
  readonly thread: number;
  readonly atNs: number;
}

interface Answer {
  readonly afterNs: number;
  readonly status: "ok" | "fail" | "info";
}

/** Drives a generator as the interpreter does, in simulated time. */
function simulate(
  workload: RegistersWorkload,
  stream: number,
  untilNs: number,
  serve: (nth: number) => Answer,
): Asked[] {
  let generator: Generator = registersGenerator(workload, stream);
  let nowNs = 0;
  const asked: Asked[] = [];
  const open = new Map<number, { doneNs: number; status: Answer["status"] }>();
  for (;;) {
    const free = Array.from({ length: workload.clients }, (_, thread) => thread).filter(
      (thread) => !open.has(thread),
    );
    const [step, after] = generator.next({ nowNs, free });
    generator = after;
    if (step.step === "invoke") {
      expect(free).toContain(step.thread);
      const { afterNs, status } = serve(asked.length);
      open.set(step.thread, { doneNs: nowNs + afterNs, status });
      asked.push({ ...step.input, thread: step.thread, atNs: nowNs });
      continue;
    }
    expect(step.untilNs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowNs);
    const [first] = [...open].sort(([, a], [, b]) => a.doneNs - b.doneNs);
    const nextNs = Math.min(step.untilNs ?? Number.POSITIVE_INFINITY, first?.[1].doneNs ?? 1e300);
    if (nextNs > untilNs) return asked;
    nowNs = nextNs;
    if (first !== undefined && first[1].doneNs <= nowNs) {
      const [thread, { status }] = first;
      open.delete(thread);
      generator = generator.completed({ thread, status, nowNs });
    }
  }
}

const inputs = (asked: readonly Asked[]) => asked.map(({ f, key, value }) => ({ f, key, value }));
const quick = (): Answer => ({ afterNs: 2 * MS, status: "ok" });
const seeds = fc.integer();
const open = registers({ keys: 3, clients: 6, rate: "200/s", writes: 0.4 });
const closed = registers({ keys: 3, clients: 4, writes: 0.4, think: "10ms", backoff: "50ms" });

/** Answers after other times and with other outcomes than `quick`, differently for each n. */
const anyAnswers = fc
  .array(
    fc.record({
      afterNs: fc.integer({ min: 1, max: 60 }).map((ms) => ms * MS),
      status: fc.constantFrom<Answer["status"]>("ok", "fail", "info"),
    }),
    { minLength: 1 },
  )
  .map((all) => (nth: number) => all[nth % all.length] ?? quick());

describe.each([
  ["open", open],
  ["closed", closed],
] as const)("a generator for registers with %s loop", (_loop, workload) => {
  test("writes each value once in a run, reads none", () => {
    fc.assert(
      fc.property(seeds, anyAnswers, (seed, serve) => {
        const asked = simulate(workload, seed, 2 * SECOND, serve);
        const written = asked.filter(({ f }) => f === "write").map(({ value }) => value);
        expect(new Set(written).size).toBe(written.length);
        expect(written).not.toContain(null);
        for (const { f, value } of asked) if (f === "read") expect(value).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test.each([1, 2, 3])("keeps the share of writes and uses all keys (seed %d)", (seed) => {
    const asked = simulate(workload, seed, 10 * SECOND, quick);
    const writes = asked.filter(({ f }) => f === "write").length / asked.length;
    // At least 2000 operations: a standard deviation of 0.011.
    expect(writes).toBeGreaterThan(0.34);
    expect(writes).toBeLessThan(0.46);
    for (const key of ["k1", "k2", "k3"]) {
      const share = asked.filter((one) => one.key === key).length / asked.length;
      expect(share).toBeGreaterThan(0.27);
      expect(share).toBeLessThan(0.4);
    }
    expect(new Set(asked.map((one) => one.key)).size).toBe(3);
  });

  test("writes only, or reads only, when that is asked for", () => {
    const f = (writes: number) =>
      new Set(simulate({ ...workload, writes }, 1, SECOND, quick).map((one) => one.f));
    expect(f(1)).toEqual(new Set(["write"]));
    expect(f(0)).toEqual(new Set(["read"]));
  });

  test("asks for other things with another seed", () => {
    const first = inputs(simulate(workload, 1, SECOND, quick));
    const second = inputs(simulate(workload, 2, SECOND, quick));
    expect(first).not.toEqual(second);
  });
});

describe("an open loop", () => {
  test("keeps its rate while clients are free, and does not march in step", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const asked = simulate(open, seed, 10 * SECOND, quick);
        expect(Math.abs(asked.length - 2000)).toBeLessThanOrEqual(1);
        for (const [n, { atNs }] of asked.entries()) {
          expect(atNs).toBeGreaterThanOrEqual(n * 5 * MS);
          expect(atNs).toBeLessThanOrEqual((n + 1) * 5 * MS);
        }
        expect(new Set(asked.map(({ atNs }) => atNs % (5 * MS))).size).toBeGreaterThan(1000);
      }),
      { numRuns: 5 },
    );
  });

  test("catches up with what fell due while no client was free", () => {
    const stuck = (nth: number): Answer => ({
      afterNs: nth < open.clients ? 3 * SECOND : MS,
      status: "ok",
    });
    const asked = simulate(open, 1, 10 * SECOND, stuck);
    expect(asked.length).toBeGreaterThanOrEqual(1990);
    const whileStuck = asked.filter(({ atNs }) => atNs > SECOND && atNs < 2.9 * SECOND);
    expect(whileStuck).toEqual([]);
  });

  test("uses all its clients", () => {
    const threads = new Set(simulate(open, 1, SECOND, quick).map(({ thread }) => thread));
    expect(threads.size).toBe(6);
  });

  test("asks for the same operations in the same order, whatever the completions", () => {
    fc.assert(
      fc.property(seeds, anyAnswers, (seed, serve) => {
        const calm = inputs(simulate(open, seed, 2 * SECOND, quick));
        const disturbed = inputs(simulate(open, seed, 2 * SECOND, serve));
        const length = Math.min(calm.length, disturbed.length);
        expect(length).toBeGreaterThan(0);
        expect(disturbed.slice(0, length)).toEqual(calm.slice(0, length));
      }),
      { numRuns: 30 },
    );
  });
});

describe("a closed loop", () => {
  const byThread = (asked: readonly Asked[], thread: number) =>
    asked.filter((one) => one.thread === thread);

  test("asks the same of each client in the same order, whatever the completions", () => {
    fc.assert(
      fc.property(seeds, anyAnswers, (seed, serve) => {
        const calm = simulate(closed, seed, 2 * SECOND, quick);
        const disturbed = simulate(closed, seed, 2 * SECOND, serve);
        for (let thread = 0; thread < closed.clients; thread++) {
          const [a, b] = [inputs(byThread(calm, thread)), inputs(byThread(disturbed, thread))];
          const length = Math.min(a.length, b.length);
          expect(length).toBeGreaterThan(0);
          expect(b.slice(0, length)).toEqual(a.slice(0, length));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("begins at once with every client", () => {
    const first = simulate(closed, 1, 0, quick);
    expect(first.map(({ thread, atNs }) => [thread, atNs])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
  });

  test.each<[string, Answer["status"], number]>([
    ["thinks after an answer", "ok", 10 * MS],
    ["holds back longer after a refusal", "fail", 50 * MS],
    ["and after it learnt nothing", "info", 50 * MS],
  ])("%s", (_what, status, pauseNs) => {
    const asked = simulate(closed, 1, 20 * SECOND, () => ({ afterNs: 7 * MS, status }));
    const pauses: number[] = [];
    for (let thread = 0; thread < closed.clients; thread++) {
      const times = byThread(asked, thread).map(({ atNs }) => atNs);
      for (const [n, atNs] of times.slice(1).entries())
        pauses.push(atNs - (times[n] ?? 0) - 7 * MS);
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2 * pauseNs);
    const mean = pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length;
    expect(mean).toBeGreaterThan(0.75 * pauseNs);
    expect(mean).toBeLessThan(1.25 * pauseNs);
  });

  test("clients that were answered at the same moment do not march in step", () => {
    const asked = simulate(closed, 1, SECOND, () => ({ afterNs: 7 * MS, status: "ok" }));
    const second = [0, 1, 2, 3].map((thread) => byThread(asked, thread)[1]?.atNs);
    expect(new Set(second).size).toBe(4);
  });

  test("a client that waits does not hold up the others", () => {
    const asked = simulate(closed, 1, SECOND, (nth) => ({
      afterNs: nth === 0 ? 5 * SECOND : MS,
      status: "ok",
    }));
    expect(byThread(asked, 0)).toHaveLength(1);
    expect(byThread(asked, 1).length).toBeGreaterThan(50);
  });
});
