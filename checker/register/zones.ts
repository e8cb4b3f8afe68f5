/**
 * Linearizability of a register whose written values are all different: exact, in time linear in the operations.
 *
 * Cluster A must precede B exactly if A's earliest completion lies before B's latest invocation, and there is a legal
 * order exactly if no two clusters must precede each other (Gibbons & Korach 1997; zones: Golab, Li & Shah, PODC
 * 2011; Anderson et al., HotDep 2010). A zone is forward when its earliest completion lies before its latest
 * invocation, else backward; two forward zones conflict when they overlap, a backward zone conflicts with a forward
 * one that encloses it. In the order of left ends, which ranks give without comparing, only the forward zone that
 * reaches farthest can conflict with the next one.
 */
import type { Json } from "../../proto/json.ts";
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision, Invalid, Valid } from "../history/decision.ts";
import { type Clusters, clustersOf, NOBODY, NONE } from "./clusters.ts";
import { sortByRank } from "./order.ts";
import { refuteConflict, refuteStray } from "./refutation.ts";

export const ZONES = "zones";

/** A read that nothing explains, or two clusters each of which must precede the other. */
export type Violation =
  | { readonly kind: "stray"; readonly place: number }
  | { readonly kind: "conflict"; readonly first: number; readonly second: number };

/** Decides a part of reads and writes. Of several violations the certificate shows the one of the shortest span. */
export function zones(part: Part, initial: Json): Decision {
  const clusters = clustersOf(part, initial, ZONES);
  if ("verdict" in clusters) return clusters;
  const order = zoneOrder(clusters);
  const [shortest] = shortestOf(part, clusters, order, 1);
  return shortest === undefined ? valid(part, clusters, order) : refuted(part, clusters, shortest);
}

/** The violations of the shortest spans, at most so many; none where zones do not apply. */
export function shortestViolations(part: Part, initial: Json, most: number): Invalid[] {
  const clusters = clustersOf(part, initial, ZONES);
  if ("verdict" in clusters) return [];
  const shortest = shortestOf(part, clusters, zoneOrder(clusters), most);
  return shortest.map((violation) => refuted(part, clusters, violation));
}

function shortestOf(part: Part, clusters: Clusters, order: Int32Array, most: number): Violation[] {
  const found: { readonly violation: Violation; readonly span: number }[] = [];
  violations(clusters, order, (violation) => {
    const span = spanOf(violation, clusters, part);
    const last = found.at(-1);
    if (found.length === most && last !== undefined && span >= last.span) return;
    if (found.length === most) found.pop();
    const place = found.findIndex((other) => span < other.span);
    found.splice(place < 0 ? found.length : place, 0, { violation, span });
  });
  return found.map(({ violation }) => violation);
}

function refuted(part: Part, clusters: Clusters, violation: Violation): Invalid {
  const refutation =
    violation.kind === "stray"
      ? refuteStray(part, violation.place)
      : refuteConflict(part, clusters, violation.first, violation.second);
  return { verdict: "invalid", route: ZONES, ...refutation };
}

/** How many reads and clusters are at odds with the rest; `undefined` where zones do not apply. */
export function countViolations(part: Part, initial: Json): number | undefined {
  const clusters = clustersOf(part, initial, ZONES);
  if ("verdict" in clusters) return undefined;
  let count = 0;
  violations(clusters, zoneOrder(clusters), () => count++);
  return count;
}

/** The clusters by the left ends of their zones, without writes of unknown outcome that nobody read. */
function zoneOrder({ count, firstEnd, lastBegin }: Clusters): Int32Array {
  const leftEnd = new Int32Array(count);
  const order = new Int32Array(count);
  let length = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    if (firstEnd[cluster] === NEVER) continue;
    leftEnd[cluster] = Math.min(firstEnd[cluster] ?? 0, lastBegin[cluster] ?? 0);
    order[length++] = cluster;
  }
  const zoned = order.subarray(0, length);
  sortByRank(zoned, leftEnd);
  return zoned;
}

/** Tells of each stray read, and for each cluster of one that it conflicts with, if any begins before it. */
function violations(
  { firstEnd, lastBegin, strays }: Clusters,
  order: Int32Array,
  tell: (violation: Violation) => void,
): void {
  for (const place of strays) tell({ kind: "stray", place });
  let farthest = NONE;
  let reach = -1;
  for (let i = 0; i < order.length; i++) {
    const cluster = order[i] ?? 0;
    const end = firstEnd[cluster] ?? 0;
    const begin = lastBegin[cluster] ?? 0;
    if (farthest !== NONE && end < reach)
      tell({ kind: "conflict", first: farthest, second: cluster });
    if (end < begin && begin > reach) {
      farthest = cluster;
      reach = begin;
    }
  }
}

/** In events. */
function spanOf(violation: Violation, clusters: Clusters, { columns, rows }: Part): number {
  if (violation.kind === "stray") {
    const row = rows[violation.place] ?? 0;
    return (columns.completed[row] ?? 0) - (columns.invoked[row] ?? 0);
  }
  const { firstEnd, lastBegin } = clusters;
  const { first, second } = violation;
  const begin = Math.min(firstEnd[first] ?? 0, firstEnd[second] ?? 0);
  return Math.max(lastBegin[first] ?? 0, lastBegin[second] ?? 0) - begin;
}

/** Each cluster in turn: its write, then its reads as they began. */
function valid({ rows }: Part, clusters: Clusters, zoned: Int32Array): Valid {
  const { count, of, write } = clusters;
  const sizes = new Int32Array(count);
  for (let at = 0; at < of.length; at++) {
    const cluster = of[at] ?? NONE;
    if (cluster !== NONE) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  }
  const next = new Int32Array(count).fill(NONE);
  let length = 0;
  for (let i = 0; i < zoned.length; i++) {
    const cluster = zoned[i] ?? 0;
    next[cluster] = length;
    length += sizes[cluster] ?? 0;
  }
  const order = new Int32Array(length);
  // A read may have begun before its write.
  for (let cluster = 0; cluster < count; cluster++) {
    const at = next[cluster] ?? NONE;
    if (at === NONE || write[cluster] === NOBODY) continue;
    order[at] = write[cluster] ?? 0;
    next[cluster] = at + 1;
  }
  for (let place = 0; place < of.length; place++) {
    const cluster = of[place] ?? NONE;
    const at = cluster === NONE ? NONE : (next[cluster] ?? NONE);
    if (at === NONE || rows[place] === write[cluster]) continue;
    order[at] = rows[place] ?? 0;
    next[cluster] = at + 1;
  }
  return { verdict: "valid", route: ZONES, order };
}
