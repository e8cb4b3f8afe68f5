import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { OperationEvent } from "../../proto/history.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { columnsOf, FAIL, type Part, partsByKey } from "../history/columns.ts";
import {
  bruteLinearizable,
  bruteOperations,
  faultOfCertificate,
  faultOfOrder,
  register,
} from "../search/index.ts";
import { explainable } from "../testdata/oracle.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { read, story, write } from "../testdata/story.ts";
import { canonical } from "../value.ts";
import { countViolations, zones } from "./zones.ts";

const model = register(null);
const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 12_000);

function partOf(operations: readonly Operation[]): Part {
  const columns = columnsOf(operations);
  return { columns, rows: Int32Array.from(operations.keys()) };
}

/** Against the definition where that is small enough; its proof by other code always. @returns verdict or class. */
function compare(operations: readonly Operation[], what: string): string {
  const part = partOf(operations);
  const decision = zones(part, null);
  if (decision.verdict === "inapplicable") {
    expect(countViolations(part, null), what).toBe(undefined);
    return "inapplicable";
  }
  if (operations.length < 8)
    expect(explainable(operations), what).toBe(decision.verdict === "valid");
  if (decision.verdict === "valid") {
    expect(countViolations(part, null), what).toBe(0);
    expect(faultOfOrder(part, model, decision.order), what).toBe(undefined);
    return "valid";
  }
  if (decision.verdict !== "invalid") throw new Error(`${what}: ${decision.verdict}`);
  expect(countViolations(part, null), what).toBeGreaterThan(0);
  const { certificate } = decision;
  expect(certificate.length, what).toBeLessThanOrEqual(6);
  expect(faultOfCertificate(part, model, certificate), what).toBe(undefined);
  expect(classesOf(part, certificate), what).toContain(decision.class);
  const shown = certificate.flatMap((row) => operations[row] ?? []);
  for (const op of shown) expect(stillRefuted(shown, op), `${what} without ${op.id}`).toBe(false);
  return decision.class;
}

/** What a certificate of these rows may be called. */
function classesOf({ columns }: Part, rows: readonly number[]): string[] {
  const { status, invoked, completed, output, input } = columns;
  const isRead = (row: number): boolean => columns.kinds[columns.f[row] ?? 0] === "read";
  const all = new Set(rows.map((row) => (isRead(row) ? output[row] : input[row])));
  if (all.size === 2) return ["stale read", "lost write", "new-old inversion"];
  const writes = rows.filter((row) => !isRead(row));
  if (writes.some((row) => status[row] === FAIL)) return ["aborted read"];
  const read = rows.find(isRead) ?? -1;
  if (writes.length === 0) return ["thin air"];
  return writes.every((row) => (invoked[row] ?? 0) > (completed[read] ?? 0)) ? ["future read"] : [];
}

/** Whether the operations without this one, and without what only it explains, have no legal order either. */
function stillRefuted(certificate: readonly Operation[], left: Operation): boolean {
  const value = canonical(left.input);
  const rest = certificate.filter(
    (op) =>
      op !== left &&
      !(left.f === "write" && op.f === "read" && canonical(op.output ?? null) === value),
  );
  return !bruteLinearizable(bruteOperations(partOf(rest), model), model, null);
}

describe("agrees with the definition, and its proofs hold", () => {
  test(`on random histories (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED);
    const met = new Map<string, number>();
    for (let i = 0; i < ROUNDS; i++) {
      const shape = { operations: 2 + (i % 7), processes: 2 + (i % 3), unique: i % 9 !== 0 };
      const operations = randomOperations(random, shape);
      const verdict = compare(operations, `history ${i}: ${tell(operations)}`);
      met.set(verdict, (met.get(verdict) ?? 0) + 1);
    }
    for (const verdict of [
      ...["valid", "inapplicable", "stale read", "lost write", "new-old inversion"],
      ...["thin air", "aborted read", "future read"],
    ])
      expect(met.get(verdict) ?? 0, verdict).toBeGreaterThan(ROUNDS / 1000);
  });

  test(`on long random histories (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED + 1);
    for (let i = 0; i < 200; i++) {
      const operations = randomOperations(random, { operations: 300, processes: 5, unique: true });
      compare(nearlyRight(operations, i % 4), `history ${i}`);
    }
  });

  test("on all histories of three processes with one operation each", () => {
    let histories = 0;
    for (const order of interleavings([0, 1, 2]))
      for (const acts of choices(3)) {
        const events = eventsOf(order, acts);
        compare(operationsOf({ ...story(), events }), JSON.stringify([order, acts]));
        histories++;
      }
    expect(histories).toBe(90 * 343);
  });
});

test("keys are parts, judged alone", () => {
  const operations = operationsOf(
    story(
      write(1, 0, 1, { key: "x" }),
      read(null, 2, 3, { key: "y" }),
      read(null, 4, 5, { key: "x" }),
    ),
  );
  const decisions = partsByKey(columnsOf(operations)).map((part) => zones(part, null));
  expect(decisions).toMatchObject([
    { verdict: "invalid", class: "lost write", certificate: [0, 2] },
    { verdict: "valid", order: Int32Array.of(1) },
  ]);
});

test("another object's operations are not for it", () => {
  const [op] = operationsOf(story(write(1, 0, 1)));
  if (op === undefined) throw new Error("there is one operation");
  expect(zones(partOf([{ ...op, f: "cas" }]), null)).toMatchObject({
    verdict: "inapplicable",
    reason: "a register has no cas",
  });
});

/** Reads answer what a register would have, applied as they complete, but for `wrong` of them. */
function nearlyRight(operations: readonly Operation[], wrong: number): Operation[] {
  const answers = new Map<number, Operation["output"]>();
  let state: Operation["output"] = null;
  const ends = operations.filter(({ status }) => status === "ok");
  for (const op of ends.sort((a, b) => (a.completed ?? 0) - (b.completed ?? 0)))
    if (op.f === "write") state = op.input;
    else answers.set(op.id, state);
  const reads = [...answers.keys()];
  for (let i = 0; i < wrong; i++)
    answers.delete(reads[Math.floor(((i + 1) * reads.length) / 5)] ?? 0);
  return operations.map((op) => (answers.has(op.id) ? { ...op, output: answers.get(op.id) } : op));
}

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
    const value = isInvocation ? null : act;
    return { ...base, f: "read", value, type: isInvocation ? "invoke" : "ok" };
  });
}
