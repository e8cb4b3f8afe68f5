/** The verdict does not depend on who decides: every procedure by itself, none of them, and the stream. */
import type { Operation } from "../../../proto/operation.ts";
import { columnsOf } from "../../history/columns.ts";
import { Interner } from "../../history/intern.ts";
import { partsOf } from "../../linearizability/judge.ts";
import { type Routed, route } from "../../linearizability/router.ts";
import { objectOf } from "../../models/catalogue.ts";
import { casRegister } from "../../models/model-spec.ts";
import { RegisterStream } from "../../register/stream.ts";
import { prefix } from "./laws.ts";
import type { Subject } from "./subject.ts";
import { partOf } from "./told.ts";
import { MismatchError, MODEST } from "./trial.ts";

/** By the name of each way to decide it; what a spent budget left open is not there. */
export function verdictsOf(
  { spec }: Subject,
  operations: readonly Operation[],
): Map<string, string> {
  const part = partOf(operations);
  const object = objectOf(spec);
  const verdicts = new Map<string, string>();
  const note = (way: string, { decision }: Routed): void => {
    const spent = decision.verdict === "unknown" && decision.reason.includes("budget");
    if (!spent) verdicts.set(`${way}: ${decision.route}`, decision.verdict);
  };
  note("all", route(part, object, MODEST));
  for (const [number, procedure] of object.procedures.entries())
    note(`procedure ${number}`, route(part, { ...object, procedures: [procedure] }, MODEST));
  note("search", route(part, { ...object, procedures: [] }, MODEST));
  if (spec.name === "register")
    for (const failures of ["ignored", "observed"] as const)
      note(failures, route(part, objectOf(casRegister(spec.initial, { failures })), MODEST));
  return verdicts;
}

/** @throws MismatchError when two ways to decide disagree. */
export function agree(subject: Subject, operations: readonly Operation[]): number {
  const verdicts = verdictsOf(subject, operations);
  if (new Set(verdicts.values()).size > 1 || [...verdicts.values()].includes("unknown")) {
    const said = [...verdicts].map((pair) => pair.join(" = ")).join(", ");
    throw new MismatchError(subject.name, operations, `the routes disagree: ${said}`);
  }
  return verdicts.size;
}

/**
 * Tells a stream of a register the history, event by event.
 * @returns the rank of the event after which it raised an alarm; `undefined` where it did not, or cannot judge.
 */
export function alarmOf(operations: readonly Operation[]): number | undefined {
  const values = new Interner();
  const stream = new RegisterStream(values.id(null));
  const events = operations
    .flatMap((op) => [
      { op, rank: op.id, begins: true },
      ...(op.completed === undefined ? [] : [{ op, rank: op.completed, begins: false }]),
    ])
    .sort((a, b) => a.rank - b.rank);
  for (const { op, rank, begins } of events) {
    const value = values.id(op.f === "read" ? (op.output ?? null) : op.input);
    if (begins && op.f === "read") stream.invokeRead(rank);
    else if (begins) stream.invokeWrite(value, rank);
    else if (op.f === "read" && op.status === "fail") stream.dropRead(op.id, rank);
    else if (op.f === "read") stream.okRead(op.id, value, rank);
    else if (op.status === "fail") stream.failWrite(value, rank);
    else stream.okWrite(value, rank);
    if (stream.alarm?.kind === "written twice") return undefined;
    if (stream.alarm !== undefined) return rank;
  }
  return undefined;
}

/**
 * Other operations of the same processes, on another key, in between: both are judged as if alone.
 * @throws MismatchError
 */
export function amongOtherKeys(
  subject: Subject,
  operations: readonly Operation[],
  others: readonly Operation[],
): void {
  const object = objectOf(subject.spec);
  if (object.spans !== "key") return;
  const apart = (op: Operation, key: string, shift: number): Operation => ({
    ...op,
    key,
    id: 2 * op.id + shift,
    completed: op.completed === undefined ? undefined : 2 * op.completed + shift,
  });
  const both = [
    ...operations.map((op) => apart(op, "x", 0)),
    ...others.map((op) => apart(op, "__proto__", 1)),
  ].sort((a, b) => a.id - b.id);
  const parts = partsOf(columnsOf(both), object);
  for (const [i, alone] of [operations, others].entries()) {
    const key = ["x", "__proto__"][i];
    const part = parts.find(
      ({ columns, rows }) => columns.keys[columns.key[rows[0] ?? 0] ?? 0] === key,
    );
    const verdict = part && route(part, object, MODEST).decision.verdict;
    const due = route(partOf(alone), object, MODEST).decision.verdict;
    if (verdict !== due)
      throw new MismatchError(subject.name, both, `key ${key} is ${verdict}, and alone ${due}`);
  }
}

/**
 * Compares at the event of the alarm and the one before, or after every event: then all prefixes are compared.
 * @throws MismatchError unless the stream raises its alarm at the end of the first prefix that is not legal.
 */
export function followStream(
  subject: Subject,
  operations: readonly Operation[],
  everywhere: boolean,
): "valid" | "invalid" {
  const object = objectOf(subject.spec);
  const last = Math.max(...operations.map(({ id, completed }) => Math.max(id, completed ?? 0)));
  const alarm = alarmOf(operations);
  const first = alarm ?? last + 1;
  const ranks = everywhere ? [...Array(last + 1).keys()] : [first - 1, Math.min(first, last)];
  for (const rank of ranks.filter((one) => one >= 0)) {
    const { verdict } = route(partOf(prefix(operations, rank)), object).decision;
    if (verdict !== (rank < first ? "valid" : "invalid"))
      throw new MismatchError(
        subject.name,
        operations,
        `the stream raises its alarm at ${alarm}; what had happened by ${rank} is ${verdict}`,
      );
  }
  return alarm === undefined ? "valid" : "invalid";
}
