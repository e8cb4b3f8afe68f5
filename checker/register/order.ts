/**
 * Sorting by rank in linear time. Ranks of one history are about as many as its operations, so that each can have a
 * place of its own; where they are sparse, three passes of a radix sort do, for ranks are 31-bit numbers.
 */

const BITS = 11;
const BUCKETS = 1 << BITS;
/** Below this many, moving neighbours is faster than counting buckets. */
const FEW = 64;
const FREE = -1;

/** Sorts `items` so that `rankOf[item]` (-1 or more) ascends; what is equal keeps its order. */
export function sortByRank(items: Int32Array, rankOf: Int32Array): void {
  if (items.length < FEW) insertionSort(items, rankOf);
  else if (!placedSort(items, rankOf)) radixSort(items, rankOf);
}

/** Up to so many ranks for an item. */
const SPARSEST = 8;

/** @returns false, having done nothing, where ranks are sparse or two are equal. */
function placedSort(items: Int32Array, rankOf: Int32Array): boolean {
  let [least, most] = [0x7fff_ffff, -1];
  for (let i = 0; i < items.length; i++) {
    const rank = rankOf[items[i] ?? 0] ?? 0;
    if (rank < least) least = rank;
    if (rank > most) most = rank;
  }
  if (most - least >= items.length * SPARSEST) return false;
  const places = new Int32Array(most - least + 1).fill(FREE);
  for (let i = 0; i < items.length; i++) {
    const item = items[i] ?? 0;
    const place = (rankOf[item] ?? 0) - least;
    if (places[place] !== FREE) return false;
    places[place] = item;
  }
  let next = 0;
  for (let place = 0; place < places.length; place++) {
    const item = places[place] ?? FREE;
    if (item !== FREE) items[next++] = item;
  }
  return true;
}

function insertionSort(items: Int32Array, rankOf: Int32Array): void {
  for (let i = 1; i < items.length; i++) {
    const item = items[i] ?? 0;
    const rank = rankOf[item] ?? 0;
    let at = i;
    for (; at > 0 && (rankOf[items[at - 1] ?? 0] ?? 0) > rank; at--) items[at] = items[at - 1] ?? 0;
    items[at] = item;
  }
}

function radixSort(items: Int32Array, rankOf: Int32Array): void {
  let from = items;
  let to: Int32Array = new Int32Array(items.length);
  const ends = new Int32Array(BUCKETS + 1);
  for (let shift = 0; shift < 32; shift += BITS) {
    ends.fill(0);
    for (let i = 0; i < from.length; i++) {
      const bucket = bucketOf(rankOf[from[i] ?? 0] ?? 0, shift);
      ends[bucket + 1] = (ends[bucket + 1] ?? 0) + 1;
    }
    for (let b = 0; b < BUCKETS; b++) ends[b + 1] = (ends[b + 1] ?? 0) + (ends[b] ?? 0);
    for (let i = 0; i < from.length; i++) {
      const item = from[i] ?? 0;
      const bucket = bucketOf(rankOf[item] ?? 0, shift);
      const at = ends[bucket] ?? 0;
      to[at] = item;
      ends[bucket] = at + 1;
    }
    [from, to] = [to, from];
  }
  if (from !== items) items.set(from);
}

function bucketOf(rank: number, shift: number): number {
  return ((rank + 1) >>> shift) & (BUCKETS - 1);
}
