/**
 * From a violation to the few operations that show it: for each of two clusters one pair of operations of which the
 * first was over before the second began, nearest to the writes, because "acknowledged, then read" is easier to see
 * than a chain of reads; or a read with the write that cannot have supplied it. At most six operations, with every
 * write that could have supplied one of the reads among them, so that they have no legal order by themselves.
 */
import { FAIL, NEVER, OK, type Part } from "../history/columns.ts";
import type { Invalid } from "../history/decision.ts";
import { type Clusters, NOBODY, NONE } from "./clusters.ts";

type Refutation = Pick<Invalid, "class" | "certificate">;

/** `place`: of a read whose value no effective write that was invoked before its answer had. */
export function refuteStray({ columns, rows }: Part, place: number): Refutation {
  const read = rows[place] ?? 0;
  const write = columns.kinds.indexOf("write");
  const writers = rows.filter(
    (row) => columns.f[row] === write && columns.input[row] === columns.output[read],
  );
  const failed = writers.find((row) => columns.status[row] === FAIL);
  const later = writers.find((row) => columns.status[row] !== FAIL);
  // A write that was sent again after it had failed may have begun when the read was over.
  if (failed !== undefined)
    return { class: "aborted read", certificate: inOrder([failed, read, later ?? NOBODY]) };
  if (later !== undefined) return { class: "future read", certificate: [read, later] };
  return { class: "thin air", certificate: [read] };
}

/** Two clusters each of which must precede the other. */
export function refuteConflict(part: Part, clusters: Clusters, a: number, b: number): Refutation {
  const members: [Int32Array, Int32Array] = [
    membersOf(part, clusters, a),
    membersOf(part, clusters, b),
  ];
  // Clusters are numbered by the invocations of their writes.
  const [older, newer] = a < b ? members : [members[1], members[0]];
  const [old, young] = a < b ? [a, b] : [b, a];
  const olderFirst = precedence(part, clusters, old, older, newer);
  const newerFirst = precedence(part, clusters, young, newer, older);
  const write = clusters.write[young] ?? NOBODY;
  const missed = newerFirst.before === write && olderFirst.after === write;
  const lost = missed && neverSeenAgain(part, old, clusters, write, newer.length - 1);
  const { before, after } = olderFirst;
  const shown = [write, clusters.write[old] ?? NOBODY, before, after, ...Object.values(newerFirst)];
  return {
    class: !missed ? "new-old inversion" : lost ? "lost write" : "stale read",
    certificate: withoutNeedless(part, inOrder(shown), write, clusters.write[old] === NOBODY),
  };
}

function inOrder(rows: readonly number[]): number[] {
  return [...new Set(rows)].filter((row) => row !== NOBODY).sort((a, b) => a - b);
}

/** Drops each read without which the two clusters are still at odds. Writes stay: reads need their sources. */
function withoutNeedless(
  { columns }: Part,
  rows: readonly number[],
  newest: number,
  initial: boolean,
): number[] {
  const isRead = (row: number): boolean => columns.kinds[columns.f[row] ?? 0] === "read";
  const value = columns.input[newest];
  const isYoung = (row: number): boolean =>
    (isRead(row) ? columns.output[row] : columns.input[row]) === value;
  const atOdds = (some: readonly number[]): boolean => {
    const newer = some.filter(isYoung);
    const older = some.filter((row) => !isYoung(row));
    return precedes(columns, older, newer, initial) && precedes(columns, newer, older, false);
  };
  let left = [...rows];
  for (const row of rows) {
    const fewer = left.filter((other) => other !== row);
    if (isRead(row) && atOdds(fewer)) left = fewer;
  }
  return left;
}

function precedes(
  { invoked, completed }: Part["columns"],
  first: readonly number[],
  second: readonly number[],
  initial: boolean,
): boolean {
  const end = initial ? -1 : Math.min(...first.map((row) => completed[row] ?? NEVER));
  return end < Math.max(-1, ...second.map((row) => invoked[row] ?? 0));
}

/** Rows of a cluster: the write first, then the reads as they began. */
function membersOf({ rows }: Part, { of, write }: Clusters, cluster: number): Int32Array {
  const writer = write[cluster] ?? NOBODY;
  const reads = rows.filter((row, place) => of[place] === cluster && row !== writer);
  return writer === NOBODY ? reads : Int32Array.of(writer, ...reads);
}

interface Precedence {
  /** `NOBODY`: the initial state. */
  readonly before: number;
  readonly after: number;
}

/** The first member of `second` that `first` certainly precedes, and why. */
function precedence(
  { columns }: Part,
  clusters: Clusters,
  cluster: number,
  first: Int32Array,
  second: Int32Array,
): Precedence {
  const { invoked, completed } = columns;
  const end = clusters.firstEnd[cluster] ?? NEVER;
  const after = second.find((row) => (invoked[row] ?? 0) > end);
  if (after === undefined) throw new Error("zones: two clusters were said to conflict and do not");
  if (clusters.write[cluster] === NOBODY) return { before: NOBODY, after };
  const before = first.find((row) => (completed[row] ?? NEVER) < (invoked[after] ?? 0));
  if (before === undefined) throw new Error("zones: a cluster has no operation at its first end");
  return { before, after };
}

/** Nobody ever read the write's value, and all reads after its acknowledgement returned what was over before it. */
function neverSeenAgain(
  { columns, rows }: Part,
  older: number,
  clusters: Clusters,
  write: number,
  reads: number,
): boolean {
  const acknowledged = columns.completed[write] ?? NEVER;
  const invoked = columns.invoked[write] ?? 0;
  if (reads > 0 || acknowledged === NEVER) return false;
  const read = columns.kinds.indexOf("read");
  return rows.every((row, place) => {
    if (columns.f[row] !== read || columns.status[row] !== OK) return true;
    const cluster = clusters.of[place] ?? NONE;
    if ((columns.invoked[row] ?? 0) < acknowledged || cluster === older) return true;
    const source = cluster === NONE ? NOBODY : (clusters.write[cluster] ?? NOBODY);
    if (source === NOBODY || columns.status[source] !== OK) return false;
    return (columns.completed[source] ?? NEVER) < invoked;
  });
}
