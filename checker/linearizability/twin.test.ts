import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { OperationEvent } from "../../proto/history.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { register, registerModel } from "../models/register.ts";
import { explainable } from "../testdata/oracle.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { story } from "../testdata/story.ts";
import { bruteLinearizable } from "./brute.ts";
import { judgeKey } from "./judge.ts";
import { search } from "./search.ts";
import { faultOfOrder } from "./verify.ts";
import { zones } from "./zones.ts";

const model = registerModel(register());
const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);

/** All engines on one history, against the definition. @returns whether it was linearizable. */
function compare(operations: readonly Operation[], what: string): boolean {
  const truth = explainable(operations);
  const verdict = truth ? "valid" : "invalid";
  expect(judgeKey(operations, model, 100_000).verdict, what).toBe(verdict);
  const searched = search(operations, model, 100_000);
  expect(searched.found, what).toBe(truth ? "order" : "none");
  if (searched.found === "order")
    expect(faultOfOrder(searched.order, operations, model), what).toBe(undefined);
  const zoned = zones(operations, null);
  if (zoned !== undefined) expect(zoned.linearizable, what).toBe(truth);
  expect(bruteLinearizable(operations, model), what).toBe(truth);
  return truth;
}

describe("the engines agree with the definition", () => {
  for (const unique of [true, false])
    test(`on random histories with ${unique ? "unique" : "repeated"} values (seed ${SEED})`, () => {
      const random = xoroshiro128plus(SEED + (unique ? 0 : 1));
      const count = { valid: 0, invalid: 0 };
      for (let i = 0; i < 15_000; i++) {
        const operations = randomOperations(random, {
          operations: 2 + (i % 6),
          processes: 3,
          unique,
        });
        count[compare(operations, `history ${i}: ${tell(operations)}`) ? "valid" : "invalid"]++;
      }
      // Both answers must be common, or the comparison would say little.
      expect(count.valid).toBeGreaterThan(2_000);
      expect(count.invalid).toBeGreaterThan(2_000);
    });

  test("on all histories of three processes with one operation each", () => {
    let histories = 0;
    for (const order of interleavings([0, 1, 2]))
      for (const acts of choices(3)) {
        compare(
          operationsOf({ ...story(), events: eventsOf(order, acts) }),
          JSON.stringify([order, acts]),
        );
        histories++;
      }
    expect(histories).toBe(90 * 343);
  });
});

function tell(operations: readonly Operation[]): string {
  return operations
    .map((op) => `${op.f} ${op.input ?? op.output} ${op.status} [${op.id}, ${op.completed}]`)
    .join("; ");
}

/** Every order in which each of the processes begins once and ends once. */
function interleavings(processes: readonly number[]): number[][] {
  const all: number[][] = [];
  const extend = (prefix: number[]): void => {
    if (prefix.length === processes.length * 2) all.push(prefix);
    else
      for (const process of processes)
        if (prefix.filter((one) => one === process).length < 2) extend([...prefix, process]);
  };
  extend([]);
  return all;
}

const ACTS = ["write ok", "write info", "write fail", null, 0, 1, 2] as const;
type Act = (typeof ACTS)[number];

function choices(length: number): Act[][] {
  if (length === 0) return [[]];
  return choices(length - 1).flatMap((acts) => ACTS.map((act) => [...acts, act]));
}

function eventsOf(order: readonly number[], acts: readonly Act[]): OperationEvent[] {
  const begun = new Set<number>();
  return order.map((process, index) => {
    const act = acts[process] ?? null;
    const base = { index, time: index, process, key: "x", node: "n1" };
    const isInvocation = !begun.has(process);
    begun.add(process);
    if (typeof act === "string") {
      const status = act.slice("write ".length) as "ok" | "info" | "fail";
      return { ...base, f: "write", value: process, type: isInvocation ? "invoke" : status };
    }
    return {
      ...base,
      f: "read",
      value: isInvocation ? null : act,
      type: isInvocation ? "invoke" : "ok",
    };
  });
}
