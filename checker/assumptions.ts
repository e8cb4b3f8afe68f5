/**
 * What must hold before a verdict means anything: that operations succeeded, that the faults were
 * real, that something succeeded under them, and that the end was looked at. Assumptions never
 * change a checker's verdict; who compares it with an expectation calls a run in which one failed
 * inconclusive.
 */
import type { Assumption } from "../proto/verdict.ts";
import { type FaultSpan, faultSpans, faultText } from "./faults.ts";
import { type Columns, OK } from "./history/columns.ts";
import type { Recording } from "./history/recording.ts";
import { counted } from "./wording.ts";

/** A shorter fault may well pass between two operations. Nanoseconds. */
const SHORT_FAULT = 100_000_000;

export function assumptionsOf(recording: Recording): Assumption[] {
  const faults = faultSpans(recording.others);
  return [
    wellFormed(recording),
    okOperations(recording.columns),
    faultsTookEffect(faults),
    okUnderFault(recording, faults),
    ...finalReads(recording),
  ];
}

function wellFormed({ events, columns, dropped }: Recording): Assumption {
  if (dropped !== undefined) return { name: "well-formed", holds: false, detail: dropped };
  const detail = `${counted(events, "event")} pair up to ${counted(columns.count, "operation")}`;
  return { name: "well-formed", holds: true, detail };
}

function okOperations({ count, kinds, f, status }: Columns): Assumption {
  const name = "ok-operations";
  if (count === 0) return { name, holds: false, detail: "the history has no operations" };
  const ok = new Array<number>(kinds.length).fill(0);
  for (let row = 0; row < count; row++)
    if (status[row] === OK) ok[f[row] ?? 0] = (ok[f[row] ?? 0] ?? 0) + 1;
  const never = kinds.filter((_, kind) => ok[kind] === 0);
  const total = ok.reduce((sum, one) => sum + one, 0);
  const counts = kinds.map((kind, i) => `${kind}: ${ok[i]}`).join(", ");
  const detail =
    never.length === 0
      ? `${total} of ${counted(count, "operation")} completed ok (${counts})`
      : `no ${never.join(" and no ")} completed ok, of ${counted(count, "operation")}`;
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

function okUnderFault({ columns, others }: Recording, faults: readonly FaultSpan[]): Assumption {
  const last = others.reduce(
    (time, event) => Math.max(time, event.time),
    columns.completedAt.reduce((time, one) => (one > time ? one : time), 0),
  );
  const long = faults.filter((fault) => (fault.until ?? last) - fault.from > SHORT_FAULT);
  const counts = long.map((fault) => ({
    fault,
    ok: okWithin(columns, fault.from, fault.until ?? last),
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
function okWithin(
  { count, status, invokedAt, completedAt }: Columns,
  from: number,
  to: number,
): number {
  let ok = 0;
  for (let row = 0; row < count; row++)
    if (status[row] === OK && (invokedAt[row] ?? 0) >= from && (completedAt[row] ?? 0) <= to) ok++;
  return ok;
}

/** Only where the run had a stage for them. */
function finalReads(recording: Recording): Assumption[] {
  const { columns, others } = recording;
  const stage = others.find((event) => event.type === "stage" && event.stage === "read");
  if (stage === undefined) return [];
  const { count, kinds, f, key, keys, status, invoked } = columns;
  const [reads, writes] = [kinds.indexOf("read"), kinds.indexOf("write")];
  const written = new Set<number>();
  const read = new Set<number>();
  let finals = 0;
  for (let row = 0; row < count; row++) {
    if (f[row] === writes) written.add(key[row] ?? 0);
    // Whether a read was meant as a final one has no column; there are few since that stage.
    if (f[row] !== reads || status[row] !== OK || (invoked[row] ?? 0) < stage.index) continue;
    if (!recording.operation(row).final) continue;
    finals += 1;
    read.add(key[row] ?? 0);
  }
  const missing = [...written].filter((one) => !read.has(one)).map((one) => keys[one]);
  const detail =
    missing.length === 0
      ? `${counted(finals, "final read")} of ${counted(written.size, "written key")}`
      : `no final read completed ok of ${missing.join(", ")}, though written`;
  return [{ name: "final-reads", holds: missing.length === 0, detail }];
}
