/**
 * Linearizability of a register whose written values are all different: exact, and as fast as one
 * sort.
 *
 * Each value with its write and its reads is a cluster, and a legal order is a sequence of whole
 * clusters. Let `firstEnd` be the earliest completion in a cluster and `lastBegin` its latest
 * invocation. Cluster A must precede B if and only if firstEnd(A) < lastBegin(B), and the history
 * is linearizable if and only if no two clusters must precede each other (the read-mapping case of
 * Gibbons & Korach 1997; "zones" in Golab, Li & Shah, PODC 2011). A zone is forward when firstEnd <
 * lastBegin, else backward; in the order of left ends only the forward zone that reaches farthest
 * can conflict with the next zone.
 *
 * Indices of events serve as time: one collector wrote them in the order it saw them.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { canonical } from "../value.ts";
import type { Certificate } from "./certificate.ts";
import { refuteClusters } from "./refute-clusters.ts";
import { refuteRead } from "./refute-read.ts";

export interface Cluster {
  readonly value: Json;
  /** `undefined` for the initial value, which was written before everything. */
  readonly write: Operation | undefined;
  /** Reads in the order of their invocations. */
  readonly reads: Operation[];
  firstEnd: number;
  lastBegin: number;
}

export type ZonesResult =
  | { readonly linearizable: true; readonly order: readonly Operation[] }
  | { readonly linearizable: false; readonly certificates: readonly Certificate[] };

/**
 * Decides the history of one key: its reads and writes in the order of their invocations.
 * @returns `undefined` when a value was written twice (or the initial value was written), which
 * zones cannot decide.
 */
export function zones(operations: readonly Operation[], initial: Json): ZonesResult | undefined {
  const clusters = clustersOf(operations, initial);
  if (clusters === undefined) return undefined;
  const certificates = placeReads(operations, clusters);
  // A write of unknown outcome that nobody read has no first end: it conflicts with nothing.
  const zoned = [...clusters.values()].sort((a, b) => leftEnd(a) - leftEnd(b));
  let farthest: Cluster | undefined;
  for (const cluster of zoned) {
    if (farthest !== undefined && cluster.firstEnd < farthest.lastBegin)
      certificates.push(refuteClusters(farthest, cluster, operations));
    const forward = cluster.firstEnd < cluster.lastBegin;
    if (forward && (farthest === undefined || cluster.lastBegin > farthest.lastBegin))
      farthest = cluster;
  }
  if (certificates.length > 0) return { linearizable: false, certificates };
  const order = zoned.flatMap(({ write, reads }) =>
    write === undefined ? reads : [write, ...reads],
  );
  return { linearizable: true, order };
}

function leftEnd(cluster: Cluster): number {
  return Math.min(cluster.firstEnd, cluster.lastBegin);
}

function clustersOf(
  operations: readonly Operation[],
  initial: Json,
): Map<string, Cluster> | undefined {
  const clusters = new Map<string, Cluster>();
  clusters.set(canonical(initial), {
    value: initial,
    write: undefined,
    reads: [],
    firstEnd: -1,
    lastBegin: -1,
  });
  for (const op of operations) {
    if (op.f !== "write" || op.status === "fail") continue;
    const value = canonical(op.input);
    if (clusters.has(value)) return undefined;
    const firstEnd = op.completed ?? Number.POSITIVE_INFINITY;
    clusters.set(value, { value: op.input, write: op, reads: [], firstEnd, lastBegin: op.id });
  }
  return clusters;
}

/**
 * Puts each read into its cluster; those that can belong to none are refuted at once and left out.
 */
function placeReads(
  operations: readonly Operation[],
  clusters: Map<string, Cluster>,
): Certificate[] {
  const certificates: Certificate[] = [];
  for (const read of operations) {
    if (read.f !== "read" || read.output === undefined || read.completed === undefined) continue;
    const cluster = clusters.get(canonical(read.output));
    if (cluster === undefined) {
      certificates.push(refuteRead(read, operations));
    } else if (cluster.write !== undefined && read.completed < cluster.write.id) {
      certificates.push(refuteRead(read, operations));
    } else {
      cluster.reads.push(read);
      cluster.firstEnd = Math.min(cluster.firstEnd, read.completed);
      cluster.lastBegin = Math.max(cluster.lastBegin, read.id);
    }
  }
  return certificates;
}
