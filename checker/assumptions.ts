/**
 * What must hold before a verdict means anything: that operations succeeded, that the faults were
 * real, that something succeeded under them, and that the end was looked at. Assumptions never
 * change a checker's verdict; who compares it with an expectation calls a run in which one failed
 * inconclusive.
 */
import type { History } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import type { Assumption } from "../proto/verdict.ts";
import { type FaultSpan, faultSpans, faultText } from "./faults.ts";
import { counted } from "./wording.ts";

/** A shorter fault may well pass between two operations. Nanoseconds. */
const SHORT_FAULT = 100_000_000;

export function assumptionsOf(history: History, operations: readonly Operation[]): Assumption[] {
  const faults = faultSpans(history.events);
  return [
    wellFormed(history, operations),
    okOperations(operations),
    faultsTookEffect(faults),
    okUnderFault(history, operations, faults),
    ...finalReads(history, operations),
  ];
}

function wellFormed(history: History, operations: readonly Operation[]): Assumption {
  const detail = `${counted(history.events.length, "event")} pair up to ${counted(operations.length, "operation")}`;
  return { name: "well-formed", holds: true, detail };
}

function okOperations(operations: readonly Operation[]): Assumption {
  const name = "ok-operations";
  if (operations.length === 0)
    return { name, holds: false, detail: "the history has no operations" };
  const ok = new Map<string, number>();
  for (const { f, status } of operations) ok.set(f, (ok.get(f) ?? 0) + (status === "ok" ? 1 : 0));
  const never = [...ok].filter(([, count]) => count === 0).map(([f]) => f);
  const total = operations.filter(({ status }) => status === "ok").length;
  const counts = [...ok].map(([f, count]) => `${f}: ${count}`).join(", ");
  const detail =
    never.length === 0
      ? `${total} of ${counted(operations.length, "operation")} completed ok (${counts})`
      : `no ${never.join(" and no ")} completed ok, of ${counted(operations.length, "operation")}`;
  return { name, holds: never.length === 0, detail };
}

function faultsTookEffect(faults: readonly FaultSpan[]): Assumption {
  const problems = faults.flatMap((fault) => {
    if (!fault.begin.effective) return [`${faultText(fault)} took no effect`];
    if (fault.end === undefined) return [`${faultText(fault)} was never healed`];
    return fault.end.effective ? [] : [`the healing of ${faultText(fault)} took no effect`];
  });
  const detail =
    problems.length === 0
      ? `${counted(faults.length, "fault")}, each with evidence that it began and ended`
      : problems.join("; ");
  return { name: "faults-took-effect", holds: problems.length === 0, detail };
}

function okUnderFault(
  history: History,
  operations: readonly Operation[],
  faults: readonly FaultSpan[],
): Assumption {
  const last = history.events.reduce((time, event) => Math.max(time, event.time), 0);
  const long = faults.filter((fault) => (fault.until ?? last) - fault.from > SHORT_FAULT);
  const counts = long.map((fault) => ({
    fault,
    ok: okWithin(operations, fault.from, fault.until ?? last),
  }));
  const empty = counts.filter(({ ok }) => ok === 0).map(({ fault }) => faultText(fault));
  const least = Math.min(...counts.map(({ ok }) => ok));
  const detail =
    long.length === 0
      ? "no fault lasted longer than 100 ms"
      : empty.length === 0
        ? `${counted(long.length, "fault")} longer than 100 ms, with ${least} or more operations invoked and answered ok under each`
        : `no operation was invoked and answered ok while it held: ${empty.join("; ")}`;
  return { name: "ok-under-fault", holds: empty.length === 0, detail };
}

/** Invoked and answered while the fault held: an answer that came only with the healing shows nothing of the fault. */
function okWithin(operations: readonly Operation[], from: number, to: number): number {
  return operations.filter(
    ({ status, invokedAt, completedAt = Number.POSITIVE_INFINITY }) =>
      status === "ok" && invokedAt >= from && completedAt <= to,
  ).length;
}

/** Only where the run had a stage for them. */
function finalReads(history: History, operations: readonly Operation[]): Assumption[] {
  if (!history.events.some((event) => event.type === "stage" && event.stage === "read")) return [];
  const written = new Set(operations.filter(({ f }) => f === "write").map(({ key }) => key));
  const finals = operations.filter(
    ({ f, final, status }) => f === "read" && final && status === "ok",
  );
  const read = new Set(finals.map(({ key }) => key));
  const missing = [...written].filter((key) => !read.has(key));
  const detail =
    missing.length === 0
      ? `${counted(finals.length, "final read")} of ${counted(written.size, "written key")}`
      : `no final read completed ok of ${missing.join(", ")}, though written`;
  return [{ name: "final-reads", holds: missing.length === 0, detail }];
}
