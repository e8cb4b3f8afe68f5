/**
 * One history on trial: judged as users get it judged, through the router, and the answer checked in full against the
 * definition: the verdict, the order that explains it, the operations that refute it.
 */
import type { Operation } from "../../../proto/operation.ts";
import type { Part } from "../../history/columns.ts";
import { type Routed, route } from "../../linearizability/router.ts";
import { objectOf, type SequentialObject } from "../../models/catalogue.ts";
import type { Call, Perform } from "../../objects/testdata/oracle.ts";
import type { Budget } from "../../search/index.ts";
import { type Subject, valuesOf } from "./subject.ts";
import { callsOf, partOf, ranked, tell, truthOf } from "./told.ts";

/** The oracle takes seconds for more. */
const TRIED = 12;
/** Enough for all but the hardest large histories, which would take minutes. */
export const MODEST = {
  steps: 100_000,
  remembered: 500_000,
  frontierSteps: 60_000,
  breadth: 5_000,
};
/** Models may remember what they have seen: one object judges so many histories. */
const REUSED = 200;

export interface Judged {
  readonly route: string;
  readonly verdict: "valid" | "invalid" | "unknown";
  /** How many operations refute it, and by which class of reason. */
  readonly certificate: number;
  readonly class: string;
}

/** Something that the checker said and that is not so. */
export class MismatchError extends Error {
  override readonly name = "MismatchError";
  readonly subject: string;
  readonly operations: readonly Operation[];

  constructor(subject: string, operations: readonly Operation[], what: string) {
    super(`${subject}: ${what}\n${tell(operations)}`);
    this.subject = subject;
    this.operations = operations;
  }

  /** The same, and what was being looked at. */
  under(what: string): MismatchError {
    return new MismatchError(this.subject, this.operations, `${what}: ${this.message}`);
  }
}

/** Judges histories of one subject. */
export class Court {
  readonly subject: Subject;
  #object: SequentialObject | undefined;
  #judged = 0;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  get object(): SequentialObject {
    if (this.#object === undefined || this.#judged++ % REUSED === 0)
      this.#object = objectOf(this.subject.spec);
    return this.#object;
  }

  route(part: Part, budget: Partial<Budget> = {}): Routed {
    return route(part, this.object, budget);
  }

  /** Compares with the oracle. @throws MismatchError about the smallest history that shows it. */
  try(operations: readonly Operation[], truth?: boolean): Judged {
    const routed = this.route(partOf(operations));
    const fault = this.#faultOf(operations, routed, truth ?? truthOf(this.subject, operations));
    if (fault === undefined) return judgedOf(routed);
    const smallest = shrink(operations, (fewer) => this.#isWrong(fewer));
    const again = this.route(partOf(smallest));
    const found = this.#faultOf(smallest, again, truthOf(this.subject, smallest)) ?? fault;
    throw new MismatchError(this.subject.name, smallest, `${found}; ${wordsOf(again)}`);
  }

  /** For histories too large for the oracle: whatever is answered must prove itself. @throws MismatchError */
  prove(operations: readonly Operation[], expected?: "valid" | "invalid"): Judged {
    const routed = this.route(partOf(operations), MODEST);
    const { verdict } = routed.decision;
    const fault =
      expected !== undefined && verdict !== expected && !isHard(routed)
        ? `${verdict}, though certainly ${expected}`
        : faultOfProof(this.subject, operations, routed);
    if (fault === undefined) return judgedOf(routed);
    throw new MismatchError(this.subject.name, operations, `${fault}; ${wordsOf(routed)}`);
  }

  #isWrong(operations: readonly Operation[]): boolean {
    if (operations.length > TRIED) return false;
    const routed = this.route(partOf(operations));
    return this.#faultOf(operations, routed, truthOf(this.subject, operations)) !== undefined;
  }

  #faultOf(operations: readonly Operation[], routed: Routed, truth: boolean): string | undefined {
    const due = truth ? "valid" : "invalid";
    const { verdict } = routed.decision;
    if (verdict !== due) return `it says ${verdict} of what is ${due}`;
    return faultOfProof(this.subject, operations, routed);
  }
}

function wordsOf({ passed, decision }: Routed): string {
  const order = decision.verdict === "valid" ? { order: [...decision.order] } : {};
  return JSON.stringify({ passed, ...decision, ...order });
}

/** A spent budget, the only excuse there is. */
function isHard({ decision }: Routed): boolean {
  return decision.verdict === "unknown" && decision.reason.includes("budget");
}

export function judgedOf({ decision }: Routed): Judged {
  const refuted = decision.verdict === "invalid";
  return {
    route: decision.route,
    verdict: decision.verdict,
    certificate: refuted ? decision.certificate.length : 0,
    class: refuted ? decision.class : "",
  };
}

/** What is wrong with the proof that comes with a verdict. */
function faultOfProof(
  subject: Subject,
  operations: readonly Operation[],
  { decision }: Routed,
): string | undefined {
  if (decision.verdict === "valid")
    return faultOfOrder(subject, callsOf(subject, operations), [...decision.order]);
  if (decision.verdict === "invalid")
    return faultOfCertificate(subject, operations, decision.certificate);
  return decision.reason.startsWith("BUG") ? decision.reason : undefined;
}

/** Replays the order, one operation after the other. */
function faultOfOrder(
  { initial, perform }: Subject,
  calls: readonly (Call | undefined)[],
  order: readonly number[],
): string | undefined {
  const missing = new Set([...calls.keys()].filter((row) => Number.isFinite(calls[row]?.end)));
  const placed = new Set<number>();
  let state = initial;
  let latestBegin = Number.NEGATIVE_INFINITY;
  for (const row of order) {
    const call = calls[row];
    if (call === undefined) return `row ${row} of the order did not happen`;
    if (placed.has(row)) return `row ${row} is twice in the order`;
    placed.add(row);
    missing.delete(row);
    if (call.end < latestBegin) return `row ${row} stands behind what began when it was over`;
    latestBegin = Math.max(latestBegin, call.begin);
    const done = perform(state, call);
    if (!isPossible(call, done)) return `row ${row} cannot happen where it stands`;
    state = done === undefined ? state : done.state;
  }
  return missing.size === 0 ? undefined : `rows ${[...missing].join(", ")} are not in the order`;
}

function isPossible(call: Call, done: ReturnType<Perform>): boolean {
  if (call.refused === true) return done === undefined;
  // What could not happen and was never answered may well stand there: it did nothing.
  if (!Number.isFinite(call.end)) return true;
  return done !== undefined && JSON.stringify(done.output) === JSON.stringify(call.output);
}

/**
 * Its rows have no legal order by themselves. Nor has, where values can be told apart, the history without all that is
 * on other values: what else there is cannot have helped.
 */
function faultOfCertificate(
  subject: Subject,
  operations: readonly Operation[],
  certificate: readonly number[],
): string | undefined {
  if (certificate.length === 0) return "no operation refutes it";
  if (new Set(certificate).size < certificate.length) return "a row is twice in the certificate";
  const rows = certificate.flatMap((row) => operations[row] ?? []);
  if (rows.length < certificate.length) return "the certificate has foreign rows";
  if (rows.length > TRIED) return undefined;
  if (truthOf(subject, rows)) return "the certificate has a legal order";
  const rest = onValuesOf(subject, operations, rows);
  if (rest.length > TRIED || !truthOf(subject, rest)) return undefined;
  return "the values of the certificate by themselves have a legal order";
}

/** What is left once all is deleted that is on no value of these operations, nor on one that led to them. */
function onValuesOf(
  subject: Subject,
  operations: readonly Operation[],
  certificate: readonly Operation[],
): readonly Operation[] {
  const project = subject.values?.project;
  if (project === undefined) return operations;
  const named = new Set(certificate.flatMap((op) => valuesOf(subject, op)));
  for (;;) {
    const size = named.size;
    const rest = project(operations, (value) => named.has(value));
    const kept = new Set(rest.map((op) => op.id));
    if (certificate.some((op) => op.status !== "fail" && !kept.has(op.id))) return operations;
    if (certificate.some((op) => subject.refuses?.failed === true && op.status === "fail"))
      return operations;
    for (const op of operations)
      if (kept.has(op.id)) for (const value of valuesOf(subject, op)) named.add(value);
    if (named.size === size) return rest;
  }
}

/** The smallest history that is still wrong, as far as leaving out one operation after the other leads. */
export function shrink(
  operations: readonly Operation[],
  isWrong: (operations: readonly Operation[]) => boolean,
): readonly Operation[] {
  let smallest = operations;
  for (let tries = operations.length; tries > 0; tries--) {
    const fewer = smallest
      .map((_, row) => ranked(smallest.filter((__, other) => other !== row)))
      .find(isWrong);
    if (fewer === undefined) return smallest;
    smallest = fewer;
  }
  return smallest;
}
