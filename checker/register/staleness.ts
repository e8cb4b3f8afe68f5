/**
 * How stale the reads of a register with unique values are, in time and in versions.
 *
 * A value is certainly overwritten once a write has taken effect that began after something about the value had
 * completed; a read that began later than that is stale, by the time between. The whole history is stale by the
 * smallest delta such that it would be linearizable had every read begun delta earlier (delta-atomicity: Golab, Li &
 * Shah, PODC 2011): never less than its stalest read, more where values of concurrent writes alternate.
 *
 * Time is what was recorded: equal times are concurrent, which never makes a read staler than it is.
 */
import type { Json } from "../../proto/json.ts";
import { OK, type Part } from "../history/columns.ts";
import type { Inapplicable } from "../history/decision.ts";
import { type Clusters, clustersOf, NOBODY, NONE } from "./clusters.ts";
import { smallestShift } from "./delta.ts";
import { sortByRank } from "./order.ts";

const NS_PER_MS = 1e6;

export interface Staleness {
  /** Rows of the answered reads whose value somebody wrote, by invocation; `ms` and `behind` are in step with it. */
  readonly reads: Int32Array;
  /** How long the value had certainly been overwritten when the read began; 0 for a fresh one. */
  readonly ms: Float64Array;
  /** At least how many newer values had taken effect when the read began. */
  readonly behind: Int32Array;
  /** How many answered reads are not counted, because no write can have supplied their value. */
  readonly strays: number;
  /** How many reads were stale at all. */
  readonly stale: number;
  /** Over all reads, the fresh ones included; 0 when there are none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly maxBehind: number;
  /** The smallest delta for the history as a whole; 0 when it is linearizable by its times. */
  readonly deltaMs: number;
}

/** Times of clusters in nanoseconds; clusters are numbered as their writes began. */
export interface Times {
  /** Of the write's invocation; the initial value's is -Infinity. */
  readonly begun: Float64Array;
  /** Of the earliest completion; Infinity when there is none. */
  readonly firstEnd: Float64Array;
  /** Of the latest invocation of a read; -Infinity when there is none. */
  readonly lastRead: Float64Array;
}

export function staleness(part: Part, initial: Json): Staleness | Inapplicable {
  const clusters = clustersOf(part, initial, "staleness");
  if ("verdict" in clusters) return clusters;
  const places = readsOf(part, clusters);
  const times = timesOf(part, clusters);
  const next = firstLater(times);
  const ns = overdue(part, clusters, places, overwritten(times, next));
  const behind = versionsBehind(part, clusters, places, times, next);
  const sorted = ns.toSorted();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const longest = at(1);
  return {
    reads: places.map((place) => part.rows[place] ?? 0),
    ms: ns.map((one) => one / NS_PER_MS),
    behind,
    strays: clusters.strays.length,
    stale: ns.reduce((count, one) => (one > 0 ? count + 1 : count), 0),
    p50Ms: at(0.5) / NS_PER_MS,
    p99Ms: at(0.99) / NS_PER_MS,
    maxMs: longest / NS_PER_MS,
    maxBehind: behind.reduce((most, one) => Math.max(most, one), 0),
    deltaMs: smallestShift(times, longest) / NS_PER_MS,
  };
}

/** Places of the reads that belong to clusters. */
function readsOf({ columns, rows }: Part, { of, write }: Clusters): Int32Array {
  const places = new Int32Array(rows.length);
  let count = 0;
  for (let place = 0; place < rows.length; place++) {
    const cluster = of[place] ?? NONE;
    const row = rows[place] ?? 0;
    if (cluster === NONE || write[cluster] === row || columns.status[row] !== OK) continue;
    places[count++] = place;
  }
  return places.subarray(0, count);
}

function timesOf({ columns, rows }: Part, { count, of, write }: Clusters): Times {
  const begun = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const firstEnd = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  firstEnd[0] = Number.NEGATIVE_INFINITY;
  const lastRead = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let place = 0; place < rows.length; place++) {
    const cluster = of[place] ?? NONE;
    if (cluster === NONE) continue;
    const row = rows[place] ?? 0;
    const began = columns.invokedAt[row] ?? 0;
    if (write[cluster] === row) begun[cluster] = began;
    else lastRead[cluster] = Math.max(lastRead[cluster] ?? 0, began);
    if (columns.status[row] === OK)
      firstEnd[cluster] = Math.min(firstEnd[cluster] ?? 0, columns.completedAt[row] ?? 0);
  }
  return { begun, firstEnd, lastRead };
}

/** By cluster: the first of those whose write began after the cluster's first end; they all follow it. */
function firstLater({ begun, firstEnd }: Times): Int32Array {
  return Int32Array.from(firstEnd, (end) => {
    let [low, high] = [1, begun.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((begun[middle] ?? 0) > end) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** By cluster: when the first of those that follow it had taken effect. */
function overwritten({ firstEnd }: Times, next: Int32Array): Float64Array {
  const earliest = new Float64Array(firstEnd.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let cluster = firstEnd.length - 1; cluster > 0; cluster--)
    earliest[cluster] = Math.min(earliest[cluster + 1] ?? 0, firstEnd[cluster] ?? 0);
  return Float64Array.from(next, (cluster) => earliest[cluster] ?? Number.POSITIVE_INFINITY);
}

function overdue(
  { columns, rows }: Part,
  { of }: Clusters,
  places: Int32Array,
  over: Float64Array,
): Float64Array {
  return Float64Array.from(places, (place) => {
    const began = columns.invokedAt[rows[place] ?? 0] ?? 0;
    return Math.max(0, began - (over[of[place] ?? 0] ?? Number.POSITIVE_INFINITY));
  });
}

/** Reads as they began meet clusters as they took effect; a Fenwick tree over clusters counts those that follow. */
function versionsBehind(
  { columns, rows }: Part,
  { of, firstEnd: firstEndRank, write }: Clusters,
  places: Int32Array,
  { firstEnd }: Times,
  next: Int32Array,
): Int32Array {
  const tree = new Int32Array(firstEnd.length + 1);
  const byEffect = Int32Array.from(firstEnd.keys());
  sortByRank(byEffect, firstEndRank);
  let [at, inserted] = [0, 0];
  return places.map((place) => {
    const began = columns.invokedAt[rows[place] ?? 0] ?? 0;
    for (; at < byEffect.length && (firstEnd[byEffect[at] ?? 0] ?? 0) < began; at++) {
      const cluster = byEffect[at] ?? 0;
      if (write[cluster] === NOBODY) continue;
      inserted++;
      for (let i = cluster; i < tree.length; i += i & -i) tree[i] = (tree[i] ?? 0) + 1;
    }
    let before = 0;
    for (let i = (next[of[place] ?? 0] ?? 1) - 1; i > 0; i -= i & -i) before += tree[i] ?? 0;
    return inserted - before;
  });
}
