/**
 * Puts a procedure to the test: random histories (of a correct object, of one whose answers were tampered with, of
 * answers that are guessed) and small ones, each verdict against the oracle and the general search, each order replayed,
 * each certificate decided anew.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Json } from "../../../proto/json.ts";
import type { Part } from "../../history/columns.ts";
import type { Decision } from "../../history/decision.ts";
import { decide } from "../../search/decide.ts";
import type { Model } from "../../search/model.ts";
import { faultOfCertificate, faultOfOrder } from "../../search/verify.ts";
import { type Call, explainable, faultOf, type Perform } from "./oracle.ts";
import { type Act, endOf, partOfTold, story, type Told } from "./told.ts";

export type Draw = (from: number, to: number) => number;

export interface Subject {
  readonly initial: Json;
  readonly perform: Perform;
  readonly decide: (part: Part) => Decision;
  /** The same object for the general search. */
  readonly twin: Twin;
  /** The kinds whose answer `false` says that the object refused; with `failed`, a failure says it as well. */
  readonly refuses?: { readonly kinds: readonly string[]; readonly failed: boolean };
  /** What a process does next; `serial` is 1, 2, 3, ... */
  readonly invoke: (draw: Draw, serial: number, process: number) => Pick<Act, "f" | "input">;
  /** Some answer, right or wrong. */
  readonly guess: (draw: Draw, f: string, serial: number) => Json;
  /** What is left of a certificate once the rest is deleted from the history; by itself if there is nothing to do. */
  readonly project?: (certificate: readonly Call[], all: readonly Call[]) => readonly Call[];
  /** All that the operation at this place of a history of `count` may be; one that brings a value brings `place + 1`. */
  readonly acts: (place: number, count: number) => readonly Act[];
  /** It matters who does what. */
  readonly byProcess?: boolean;
}

/** What the general search, which shares no code with the procedures, says of a part. */
export interface Twin {
  readonly decide: (part: Part) => Decision;
  readonly faultOfOrder: (part: Part, order: Int32Array) => string | undefined;
  readonly faultOfCertificate: (part: Part, rows: readonly number[]) => string | undefined;
}

export function twinOf<State>(model: () => Model<State>): Twin {
  return {
    decide: (part) => decide(part, model(), BUDGET),
    faultOfOrder: (part, order) => faultOfOrder(part, model(), order),
    faultOfCertificate(part, rows) {
      if (rows.length <= TRIED) return faultOfCertificate(part, model(), rows);
      const { verdict } = decide({ ...part, rows: Int32Array.from(rows) }, model(), BUDGET);
      return verdict === "valid" ? "the certificate has a legal order by the search" : undefined;
    },
  };
}

export interface Tally {
  valid: number;
  invalid: number;
  inapplicable: number;
  readonly classes: Map<string, number>;
  compared: number;
}

/** The model takes its time, the general search more: they are asked about every so many histories. */
const REPLAYED = 4;
const SEARCHED = 32;
/** The orders of more operations than this are not tried; the general search decides then. */
const TRIED = 14;
/** Once in so many histories one of so many operations. */
const [EVERY, MANY] = [250, 40];
const BUDGET = { steps: 5_000, frontierSteps: 5_000 };

/** Decides one history and compares. @throws Error that tells the history, when something is wrong. */
export function compare(
  subject: Subject,
  told: readonly Told[],
  tally: Tally,
  part = partOfTold(told),
): void {
  const decision = subject.decide(part);
  const turn = told.length > TRIED ? 0 : tally.compared++;
  const wrong =
    (told.length > TRIED ? undefined : faultOfDecision(subject, told, decision)) ??
    faultByTwin(subject.twin, part, decision, turn);
  if (wrong !== undefined) throw new Error(`${wrong}; ${JSON.stringify(decision)}\n${story(told)}`);
  if (decision.verdict === "unknown") throw new Error("a procedure decides or is inapplicable");
  tally[decision.verdict]++;
  if (decision.verdict === "invalid")
    tally.classes.set(decision.class, (tally.classes.get(decision.class) ?? 0) + 1);
}

function faultOfDecision(
  { initial, perform, project, refuses }: Subject,
  told: readonly Told[],
  decision: Decision,
): string | undefined {
  if (decision.verdict === "inapplicable" || decision.verdict === "unknown") return undefined;
  const byRow = told.map((one): Call | undefined => {
    const output = (one.status ?? "ok") === "ok" ? (one.output ?? null) : undefined;
    const refused = output === false || (one.status === "fail" && refuses?.failed === true);
    const call = { ...one, output };
    if (refused && refuses?.kinds.includes(one.f) === true) return { ...call, refused };
    return one.status === "fail" ? undefined : call;
  });
  const take = (rows: Iterable<number>): Call[] => [...rows].flatMap((row) => byRow[row] ?? []);
  const calls = take(byRow.keys());
  const truth = explainable(calls, initial, perform);
  if (decision.verdict !== (truth ? "valid" : "invalid")) return `the oracle says ${truth}`;
  if (decision.verdict === "valid") {
    if (take(decision.order).length !== decision.order.length) return "the order has foreign rows";
    return faultOf(take(decision.order), calls, initial, perform);
  }
  const part = take(decision.certificate);
  if (explainable(part, initial, perform)) return "the certificate has a legal order";
  if (project !== undefined && explainable(project(part, calls), initial, perform))
    return "what is left once the rest is deleted has a legal order";
  return undefined;
}

function faultByTwin(twin: Twin, part: Part, decision: Decision, turn: number): string | undefined {
  if (turn % REPLAYED !== 0) return undefined;
  if (turn % SEARCHED === 0 && (decision.verdict === "valid" || decision.verdict === "invalid")) {
    const { verdict } = twin.decide(part);
    if (verdict !== decision.verdict && verdict !== "unknown")
      return `the general search says ${verdict}`;
  }
  if (decision.verdict === "valid") return twin.faultOfOrder(part, decision.order);
  if (decision.verdict === "invalid") return twin.faultOfCertificate(part, decision.certificate);
  return undefined;
}

export function newTally(): Tally {
  return { valid: 0, invalid: 0, inapplicable: 0, classes: new Map(), compared: 0 };
}

/** From so many histories on they are longer, too. */
const LONG = 100_000;

export function fuzzSize(): number {
  return Number(process.env["TESTBED_FUZZ"] ?? 5_000);
}

export const SEED: number = Number(process.env["TESTBED_SEED"] ?? 20_263);

export function fuzz(subject: Subject, count: number, seed = SEED): Tally {
  const random = xoroshiro128plus(seed);
  const draw: Draw = (from, to) => uniformInt(random, from, to);
  const tally = newTally();
  const longest = count >= LONG ? 12 : 8;
  for (let i = 0; i < count; i++) {
    const shape = {
      count: i % EVERY === EVERY - 1 ? MANY : 2 + (i % (longest - 1)),
      width: 2 + (i % 4),
      heard: i % 5 === 0 ? 2 : 11,
    };
    const operations = simulate(subject, draw, shape);
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
function simulate(
  subject: Subject,
  draw: Draw,
  { count, width, heard }: { count: number; width: number; heard: number },
): Told[] {
  const slots: (Running | undefined)[] = Array.from({ length: width });
  const owners = Array.from({ length: width }, (_, i) => i);
  const operations: Told[] = [];
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
      const answers = subject.refuses?.kinds.includes(running.act.f) === true;
      const status: Act["status"] =
        running.done === undefined || draw(0, heard) === 0
          ? "info"
          : running.done === "refused"
            ? answers && draw(0, 1) === 0
              ? "ok"
              : "fail"
            : "ok";
      const output: Json =
        running.done === "refused"
          ? false
          : running.done === undefined
            ? null
            : running.done.output;
      const act = { ...running.act, status, ...(status === "ok" ? { output } : {}) } as const;
      const end = endOf(act, time++);
      operations.push({ ...act, process, begin: running.begin, end });
      if (status === "info") owners[slot] = next++;
      slots[slot] = undefined;
    }
  }
  return operations.sort((a, b) => a.begin - b.begin);
}

/** One or two answers exchanged, guessed or forgotten. */
function tamper(subject: Subject, draw: Draw, operations: readonly Told[]): Told[] {
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
      if (fate === 0) after[place] = { ...op, status: "fail" };
      else {
        const like = other.f === op.f && other.status === "ok" ? other.output : undefined;
        const output = fate < 5 ? like : subject.guess(draw, op.f, after.length);
        after[place] = { ...op, output: output ?? subject.guess(draw, op.f, after.length) };
      }
    }
  }
  return after;
}
