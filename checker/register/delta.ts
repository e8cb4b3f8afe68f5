/**
 * The smallest delta by which all reads would have had to begin earlier for the history to be linearizable: by
 * halving the interval, since what a delta repairs a larger one repairs too. Most histories are repaired by the
 * staleness of their stalest read; for the rest only the clusters that are then still at odds are looked at again.
 */
import type { Times } from "./staleness.ts";

/** In nanoseconds. `least`: a delta that is certainly not too large. */
export function smallestShift(times: Times, least: number): number {
  const all = Int32Array.from(times.begun.keys());
  let suspects = atOdds(times, all, least);
  if (suspects.length === 0) return least;
  let low = least;
  let high = enough(times, suspects);
  // Not low, but high repairs it: times are whole nanoseconds.
  while (high - low > 1) {
    const middle = Math.floor(low + (high - low) / 2);
    const left = atOdds(times, suspects, middle);
    if (left.length === 0) high = middle;
    else {
      low = middle;
      suspects = left;
    }
  }
  return high;
}

/** Whatever is left after this much is a contradiction between writes alone, and there is none. */
function enough({ firstEnd, lastRead }: Times, suspects: Int32Array): number {
  let latest = Number.NEGATIVE_INFINITY;
  let earliest = Number.POSITIVE_INFINITY;
  for (const cluster of suspects) {
    latest = Math.max(latest, lastRead[cluster] ?? 0);
    const end = firstEnd[cluster] ?? 0;
    if (end !== Number.NEGATIVE_INFINITY) earliest = Math.min(earliest, end);
  }
  return latest - earliest;
}

/** Of these clusters those that have a conflict with another (see zones.ts) when reads begin `delta` earlier. */
function atOdds({ begun, firstEnd, lastRead }: Times, some: Int32Array, delta: number): Int32Array {
  const endOf = (cluster: number): number => firstEnd[cluster] ?? 0;
  const beginOf = (cluster: number): number =>
    Math.max(begun[cluster] ?? 0, (lastRead[cluster] ?? 0) - delta);
  const forward = (cluster: number): boolean => endOf(cluster) < beginOf(cluster);
  const left = (cluster: number): number => Math.min(endOf(cluster), beginOf(cluster));
  const order = some.filter((cluster) => endOf(cluster) !== Number.POSITIVE_INFINITY);
  // Of zones that begin at once the backward ones come first: they conflict with none of the others.
  order.sort((a, b) => {
    const [x, y] = [left(a), left(b)];
    return x < y ? -1 : x > y ? 1 : Number(forward(a)) - Number(forward(b));
  });
  const guilty = new Uint8Array(order.length);
  let reach = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < order.length; i++) {
    const cluster = order[i] ?? 0;
    if (endOf(cluster) < reach) guilty[i] = 1;
    if (forward(cluster)) reach = Math.max(reach, beginOf(cluster));
  }
  let soonest = Number.POSITIVE_INFINITY;
  for (let i = order.length - 1; i >= 0; i--) {
    const cluster = order[i] ?? 0;
    if (forward(cluster) && soonest < beginOf(cluster)) guilty[i] = 1;
    soonest = Math.min(soonest, endOf(cluster));
  }
  return order.filter((_, i) => guilty[i] === 1);
}
