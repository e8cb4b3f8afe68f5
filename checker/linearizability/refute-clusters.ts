/**
 * From two clusters that must precede each other to the few operations that show it: for each
 * direction one pair of operations of which the first was over before the second began. The pair
 * that is nearest to the writes is taken, because "acknowledged, then read" is easier to see than a
 * chain of reads.
 */
import type { Operation } from "../../proto/operation.ts";
import { canonical } from "../value.ts";
import type { Certificate, Precedence, Source } from "./certificate.ts";
import type { Cluster } from "./zones.ts";

export function refuteClusters(
  a: Cluster,
  b: Cluster,
  operations: readonly Operation[],
): Certificate {
  const [older, newer] = (a.write?.id ?? -1) < (b.write?.id ?? -1) ? [a, b] : [b, a];
  const olderFirst = precedence(older, newer);
  const newerFirst = precedence(newer, older);
  const witnesses = [
    older.write,
    newer.write,
    ...Object.values(olderFirst),
    ...Object.values(newerFirst),
  ];
  return {
    class: classOf(older, newer, olderFirst, newerFirst, operations),
    older: sourceOf(older),
    newer: sourceOf(newer),
    olderFirst,
    newerFirst,
    operations: inOrder(witnesses),
  };
}

function sourceOf({ value, write }: Cluster): Source {
  return { value, write };
}

function inOrder(operations: readonly (Operation | undefined)[]): Operation[] {
  const present = operations.filter((op) => op !== undefined);
  return [...new Set(present)].sort((x, y) => x.id - y.id);
}

/** The earliest begun operation of `second` that `first` certainly precedes, and why. */
function precedence(first: Cluster, second: Cluster): Precedence {
  const after = members(second).find((op) => op.id > first.firstEnd);
  if (after === undefined) throw new Error("zones: two clusters were said to conflict and do not");
  if (first.write === undefined) return { before: undefined, after };
  const before = members(first).find((op) => op.completed !== undefined && op.completed < after.id);
  if (before === undefined) throw new Error("zones: a cluster has no operation at its first end");
  return { before, after };
}

/** The write first, then the reads as they began. */
function members({ write, reads }: Cluster): readonly Operation[] {
  return write === undefined ? reads : [write, ...reads];
}

function classOf(
  older: Cluster,
  newer: Cluster,
  olderFirst: Precedence,
  newerFirst: Precedence,
  operations: readonly Operation[],
): "stale read" | "lost write" | "new-old inversion" {
  const acknowledgedThenMissed =
    newerFirst.before === newer.write && olderFirst.after === newer.write;
  if (!acknowledgedThenMissed) return "new-old inversion";
  return neverSeenAgain(older, newer, operations) ? "lost write" : "stale read";
}

/**
 * Nobody ever read the newer value, and all reads that began after its acknowledgement returned
 * older ones.
 */
function neverSeenAgain(older: Cluster, newer: Cluster, operations: readonly Operation[]): boolean {
  const { write } = newer;
  if (write === undefined || write.completed === undefined) return false;
  if (newer.reads.length > 0) return false;
  const overBefore = new Set([canonical(older.value)]);
  for (const op of operations)
    if (
      op.f === "write" &&
      op.completed !== undefined &&
      op.completed < write.id &&
      op.status === "ok"
    )
      overBefore.add(canonical(op.input));
  for (const op of operations) {
    if (op.f !== "read" || op.output === undefined || op.id < write.completed) continue;
    if (!overBefore.has(canonical(op.output))) return false;
  }
  return true;
}
