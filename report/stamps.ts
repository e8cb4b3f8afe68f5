/**
 * Stamps of a counterexample's operations, told relative to the first: a nanosecond count since
 * 1970 tells nobody.
 */
import type { Operation } from "../proto/operation.ts";
import { duration } from "./time.ts";

/** By operation id: `stamp T`, `stamp T − 487 ms`; a logical stamp stays the number that it is. */
export function stampLabels(
  order: readonly number[],
  operations: readonly Operation[],
): Map<number, string> {
  const labels = new Map<number, string>();
  const stamped = operations
    .filter((operation) => /^-?\d+$/.test(operation.seen?.stamp ?? ""))
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  const first = stamped.find((operation) => operation.seen?.clock !== "logical")?.seen?.stamp;
  for (const { id, seen } of stamped) {
    if (seen?.stamp === undefined) continue;
    const logical = seen.clock === "logical" || first === undefined;
    const text = logical ? seen.stamp : relative(BigInt(seen.stamp) - BigInt(first));
    labels.set(id, `stamp ${text}${seen.by === undefined ? "" : ` by ${seen.by.slice(0, 16)}`}`);
  }
  return labels;
}

function relative(differenceNs: bigint): string {
  if (differenceNs === 0n) return "T";
  const ns = Number(differenceNs);
  return `T ${ns < 0 ? "−" : "+"} ${duration(Math.abs(ns))}`;
}
