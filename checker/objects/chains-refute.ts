/**
 * Why the chains of a register have no legal order: the stretch of each chain between the two operations that real
 * time puts the wrong way round. The rest of a chain may go: its first remaining update is then a plain write.
 */
import type { Decision } from "../history/decision.ts";
import { at, invalid } from "./acts.ts";
import { CHAINS, type Clusters, KINDS } from "./chains.ts";
import { evidence } from "./chains-links.ts";

/** A value of which something ended before something of an earlier value of its chain began. */
export function refuteOrder(clusters: Clusters, value: number): Decision {
  const { old, firstEnd, lastBegin } = clusters;
  let earlier = at(old, value);
  while (earlier >= 0 && at(lastBegin, earlier) < at(firstEnd, value)) earlier = at(old, earlier);
  const { acts, lastBeginner } = clusters;
  const late = at(lastBeginner, earlier);
  const stale = at(acts.kind, late) === KINDS.read;
  return invalid(CHAINS, stale ? "stale read" : "future update", [
    ...stretch(clusters, earlier, value),
    ...rowOf(clusters, late),
    ...rowOf(clusters, at(clusters.firstEnder, value)),
  ]);
}

/** Two chains each of which must precede the other. */
export function refuteBlocks(
  clusters: Clusters,
  next: Int32Array,
  one: number,
  other: number,
): Decision {
  const rows: number[] = [];
  let readLate = false;
  for (const head of [one, other]) {
    const { first, last } = extremes(clusters, next, head);
    rows.push(...stretch(clusters, first, last));
    rows.push(...rowOf(clusters, at(clusters.firstEnder, first)));
    const late = at(clusters.lastBeginner, last);
    // A read is its own evidence; an update that was never answered needs somebody who saw it.
    const isRead = late >= 0 && at(clusters.acts.kind, late) === KINDS.read;
    rows.push(...(isRead ? rowOf(clusters, late) : evidence(clusters, next, last)));
    readLate ||= isRead;
  }
  return invalid(CHAINS, readLate ? "stale read" : "split chain", rows);
}

function extremes(
  { firstEnd, lastBegin }: Clusters,
  next: Int32Array,
  head: number,
): { first: number; last: number } {
  let [first, last] = [head, head];
  for (let value = head; value >= 0; value = at(next, value)) {
    if (at(firstEnd, value) < at(firstEnd, first)) first = value;
    if (at(lastBegin, value) > at(lastBegin, last)) last = value;
  }
  return { first, last };
}

/** The rows of the writes of all values from the one to the other along their chain, whichever comes first. */
function stretch(clusters: Clusters, one: number, other: number): number[] {
  const walk = (from: number, to: number): number[] | undefined => {
    const rows: number[] = [];
    for (let value = to; value >= 0; value = at(clusters.old, value)) {
      rows.push(...rowOf(clusters, at(clusters.writer, value)));
      if (value === from) return rows;
    }
    return undefined;
  };
  return walk(one, other) ?? walk(other, one) ?? [];
}

function rowOf({ acts }: Clusters, op: number): number[] {
  return op < 0 ? [] : [at(acts.row, op)];
}
