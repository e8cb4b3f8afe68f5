/** Histories as the suite makes them: operations by the ranks of their events, and the same for the oracle. */
import type { Operation } from "../../../proto/operation.ts";
import { columnsOf, type Part } from "../../history/columns.ts";
import { type Call, explainable } from "../../objects/testdata/oracle.ts";
import type { Act, Subject } from "./subject.ts";

/** @param end ignored unless the operation returned. */
export function operation(act: Act, process: number, begin: number, end: number): Operation {
  const status = act.status ?? "ok";
  const completed = status === "info" ? undefined : end;
  return {
    id: begin,
    process,
    f: act.f,
    key: "x",
    input: act.input,
    output: status === "ok" ? (act.output ?? null) : undefined,
    node: "n1",
    status,
    // Several events have the same time: order is by rank alone.
    invokedAt: begin >> 1,
    completed,
    completedAt: completed === undefined ? undefined : completed >> 1,
    error: undefined,
    seen: undefined,
    request: undefined,
    final: false,
  };
}

export function partOf(operations: readonly Operation[]): Part {
  const columns = columnsOf(operations);
  return { columns, rows: Int32Array.from(operations, (_, row) => row) };
}

/** By row; `undefined` where nothing happened. */
export function callsOf(
  { refuses, plain }: Subject,
  operations: readonly Operation[],
): (Call | undefined)[] {
  return operations.map((op) => {
    const { f, process, input, output, id, completed } = op;
    const answers = refuses?.kinds.includes(f) === true;
    const refused = answers && (output === false || (op.status === "fail" && refuses.failed));
    if (op.status === "fail" && !refused) return undefined;
    const call = {
      f,
      process,
      input,
      output,
      begin: id,
      end: completed ?? Number.POSITIVE_INFINITY,
    };
    if (refused) return { ...call, refused };
    return plain === undefined ? call : plain(call);
  });
}

/** What the definition says of a small history. */
export function truthOf(subject: Subject, operations: readonly Operation[]): boolean {
  const calls = callsOf(subject, operations).filter((call) => call !== undefined);
  return explainable(calls, subject.initial, subject.perform);
}

/** Of one operation a line. */
export function tell(operations: readonly Operation[]): string {
  return operations
    .map((op, row) => {
      const answer = op.status === "ok" ? ` -> ${JSON.stringify(op.output)}` : "";
      const words = `${op.f} ${JSON.stringify(op.input)}${answer} ${op.status}`;
      return `${row}: p${op.process} ${words} [${op.id}, ${op.completed ?? ""}]`;
    })
    .join("\n");
}

/** In the order of their invocations, with ranks 0, 1, 2, ... */
export function ranked(operations: readonly Operation[]): Operation[] {
  const events = operations
    .flatMap((op) => (op.completed === undefined ? [op.id] : [op.id, op.completed]))
    .sort((a, b) => a - b);
  const ranks = new Map(events.map((event, rank) => [event, rank]));
  const rankOf = (event: number): number => ranks.get(event) ?? event;
  return operations
    .map((op) => ({
      ...op,
      id: rankOf(op.id),
      invokedAt: rankOf(op.id) >> 1,
      completed: op.completed === undefined ? undefined : rankOf(op.completed),
      completedAt: op.completed === undefined ? undefined : rankOf(op.completed) >> 1,
    }))
    .sort((a, b) => a.id - b.id);
}
