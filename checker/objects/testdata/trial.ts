/**
 * Puts a procedure to the test: random histories (of a correct object, of one whose answers were tampered with, of
 * answers that are guessed) and all histories of three operations, each verdict against the oracle, each order
 * replayed, each certificate decided anew.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { columnsOf, type Part } from "../../history/columns.ts";
import type { Decision } from "../../history/decision.ts";
import { type Call, explainable, faultOf, type Perform } from "./oracle.ts";

export type Draw = (from: number, to: number) => number;

export interface Act {
  readonly f: string;
  readonly input: Json;
  readonly status?: "ok" | "fail" | "info";
  readonly output?: Json;
  readonly process?: number;
}

export interface Subject {
  readonly initial: Json;
  readonly perform: Perform;
  readonly decide: (part: Part) => Decision;
  /** What a process does next; `serial` is 1, 2, 3, ... */
  readonly invoke: (draw: Draw, serial: number, process: number) => Pick<Act, "f" | "input">;
  /** Some answer, right or wrong. */
  readonly guess: (draw: Draw, f: string, serial: number) => Json;
  /** What is left of a certificate once the rest is deleted from the history; by itself if there is nothing to do. */
  readonly project?: (certificate: readonly Call[], all: readonly Call[]) => readonly Call[];
  /** All that an operation of a small history may be. */
  readonly acts: readonly Act[];
  /** The same process goes on after `info`. */
  readonly processes?: number;
}

export interface Tally {
  valid: number;
  invalid: number;
  inapplicable: number;
  readonly classes: Map<string, number>;
}

export function operation(act: Act, process: number, begin: number, end: number): Operation {
  const status = act.status ?? "ok";
  return {
    id: begin,
    process,
    f: act.f,
    key: "x",
    input: act.input,
    output: status === "ok" ? (act.output ?? null) : undefined,
    node: "n1",
    status,
    invokedAt: begin,
    completed: status === "info" ? undefined : end,
    completedAt: status === "info" ? undefined : end,
    error: undefined,
    seen: undefined,
    request: undefined,
    final: false,
  };
}

/** A history told in short: acts with their first and last rank. */
export function partOf(told: readonly (Act & { readonly at: readonly [number, number] })[]): Part {
  const operations = told
    .map((act, i) => operation(act, act.process ?? i, act.at[0], act.at[1]))
    .sort((a, b) => a.id - b.id);
  return whole(operations);
}

function whole(operations: readonly Operation[]): Part {
  const columns = columnsOf(operations);
  return { columns, rows: Int32Array.from(operations, (_, row) => row) };
}

/** Decides one history and compares. @throws Error that tells the history, when something is wrong. */
export function compare(subject: Subject, operations: readonly Operation[], tally: Tally): void {
  const decision = subject.decide(whole(operations));
  const wrong = faultOfDecision(subject, operations, decision);
  if (wrong !== undefined) {
    const story = operations.map(
      (op, row) =>
        `${row}: p${op.process} ${op.f} ${JSON.stringify(op.input)} -> ${JSON.stringify(op.output)} ` +
        `${op.status} [${op.id}, ${op.completed}]`,
    );
    throw new Error(`${wrong}; ${JSON.stringify(decision)}\n${story.join("\n")}`);
  }
  if (decision.verdict !== "unknown") tally[decision.verdict]++;
  if (decision.verdict === "invalid")
    tally.classes.set(decision.class, (tally.classes.get(decision.class) ?? 0) + 1);
}

function faultOfDecision(
  { initial, perform, project }: Subject,
  operations: readonly Operation[],
  decision: Decision,
): string | undefined {
  const byRow = operations.map(callOf);
  const calls = byRow.filter((_, row) => operations[row]?.status !== "fail");
  const take = (rows: Iterable<number>): Call[] =>
    [...rows].flatMap((row) => (operations[row]?.status === "fail" ? [] : (byRow[row] ?? [])));
  if (decision.verdict === "inapplicable") return undefined;
  const truth = explainable(calls, initial, perform);
  if (decision.verdict !== (truth ? "valid" : "invalid")) return `the oracle says ${truth}`;
  if (decision.verdict === "valid") {
    if (take(decision.order).length !== decision.order.length) return "the order has foreign rows";
    return faultOf(take(decision.order), calls, initial, perform);
  }
  if (decision.verdict !== "invalid") return undefined;
  const part = take(decision.certificate);
  if (explainable(part, initial, perform)) return "the certificate has a legal order";
  if (project !== undefined && explainable(project(part, calls), initial, perform))
    return "what is left once the rest is deleted has a legal order";
  return undefined;
}

function callOf({ f, process, input, output, id, completed }: Operation): Call {
  return { f, process, input, output, begin: id, end: completed ?? Number.POSITIVE_INFINITY };
}

export function newTally(): Tally {
  return { valid: 0, invalid: 0, inapplicable: 0, classes: new Map() };
}

export function fuzzSize(): number {
  return Number(process.env["TESTBED_FUZZ"] ?? 20_000);
}

export const SEED: number = Number(process.env["TESTBED_SEED"] ?? 20_263);

export function fuzz(subject: Subject, count: number, seed = SEED): Tally {
  const random = xoroshiro128plus(seed);
  const draw: Draw = (from, to) => uniformInt(random, from, to);
  const tally = newTally();
  for (let i = 0; i < count; i++) {
    const operations = simulate(subject, draw, 2 + (i % 7), 2 + (i % 3));
    compare(subject, i % 4 === 0 ? operations : tamper(subject, draw, operations), tally);
  }
  return tally;
}

interface Running {
  readonly act: Pick<Act, "f" | "input">;
  readonly begin: number;
  readonly process: number;
  done: { readonly output: Json } | "refused" | undefined;
}

/** A correct object under concurrent processes, some of which never hear an answer. */
function simulate(subject: Subject, draw: Draw, count: number, width: number): Operation[] {
  const slots: (Running | undefined)[] = Array.from({ length: width });
  const owners = Array.from({ length: width }, (_, i) => i);
  const operations: Operation[] = [];
  let [state, time, begun, next] = [subject.initial, 0, 0, width];
  while (begun < count || slots.some((slot) => slot !== undefined)) {
    const slot = draw(0, width - 1);
    const running = slots[slot];
    const process = owners[slot] ?? 0;
    if (running === undefined) {
      if (begun >= count) continue;
      const act = subject.invoke(draw, ++begun, process);
      slots[slot] = { act, begin: time++, process, done: undefined };
    } else if (running.done === undefined && draw(0, 9) > 0) {
      const done = subject.perform(state, { ...running.act, process });
      if (done !== undefined) state = done.state;
      running.done = done ?? "refused";
    } else {
      const status =
        running.done === undefined || draw(0, 11) === 0
          ? "info"
          : running.done === "refused"
            ? "fail"
            : "ok";
      const output = typeof running.done === "object" ? running.done.output : (null as Json);
      operations.push(
        operation({ ...running.act, status, output }, process, running.begin, time++),
      );
      if (status === "info") owners[slot] = next++;
      slots[slot] = undefined;
    }
  }
  return operations.sort((a, b) => a.id - b.id);
}

/** One or two answers exchanged, guessed or forgotten. */
function tamper(subject: Subject, draw: Draw, operations: readonly Operation[]): Operation[] {
  const after = [...operations];
  for (let change = draw(1, 3); change > 0; change--) {
    const place = draw(0, after.length - 1);
    const op = after[place];
    const other = after[draw(0, after.length - 1)];
    if (op === undefined || other === undefined) continue;
    if (op.status === "fail" && draw(0, 1) === 0) {
      // A failure that was none; its answer is guessed.
      after[place] = { ...op, status: "ok", output: subject.guess(draw, op.f, after.length) };
    } else if (op.status === "ok") {
      const fate = draw(0, 9);
      if (fate === 0) after[place] = { ...op, status: "fail", output: undefined };
      else {
        const like = other.f === op.f && other.status === "ok" ? other.output : undefined;
        const output = fate < 5 ? like : subject.guess(draw, op.f, after.length);
        after[place] = { ...op, output: output ?? subject.guess(draw, op.f, after.length) };
      }
    }
  }
  return after;
}

/** All histories of three operations: every order of their six events, every choice of what they are. */
export function smallScope(subject: Subject): Tally {
  const tally = newTally();
  for (const shape of shapes(3))
    for (const a of subject.acts)
      for (const b of subject.acts)
        for (const c of subject.acts) {
          const acts = [a, b, c];
          const operations = shape.map(([begin, end], i) =>
            operation(acts[i] ?? a, acts[i]?.process ?? i, begin, end),
          );
          if (sequentialEach(operations)) compare(subject, operations, tally);
        }
  return tally;
}

/** Intervals in the order of their beginnings. */
function shapes(count: number): (readonly [number, number])[][] {
  const all: (readonly [number, number])[][] = [];
  const extend = (begun: number[], ends: number[], time: number): void => {
    if (ends.filter((end) => end >= 0).length === count) {
      all.push(begun.map((begin, i) => [begin, ends[i] ?? 0] as const));
      return;
    }
    if (begun.length < count) extend([...begun, time], [...ends, -1], time + 1);
    for (const i of begun.keys())
      if ((ends[i] ?? 0) < 0) extend(begun, ends.with(i, time), time + 1);
  };
  extend([], [], 0);
  return all;
}

function sequentialEach(operations: readonly Operation[]): boolean {
  return operations.every((op, i) =>
    operations.every(
      (other, j) =>
        j <= i ||
        op.process !== other.process ||
        (op.completed !== undefined && op.completed < other.id),
    ),
  );
}
