/**
 * Sorting by rank: a stable radix sort (three passes of eleven bits), for comparing takes longer than all the rest of
 * a linear procedure. Short arrays are compared after all.
 */
import { at } from "./acts.ts";

const BITS = 11;
const BUCKETS = 1 << BITS;
const SHORT = 512;

/** The indices of `keys` in ascending order of the keys; equal keys keep the order of their indices. */
export function rankOrder(keys: Int32Array): Int32Array {
  return rankOrderOf(indices(keys.length), keys);
}

/** These indices in ascending order of their keys; equal keys keep the order in which they are given. */
export function rankOrderOf(indicesGiven: Int32Array, keys: Int32Array): Int32Array {
  const size = indicesGiven.length;
  // The standard makes sort stable.
  if (size <= SHORT) return indicesGiven.slice().sort((a, b) => at(keys, a) - at(keys, b));
  let from = indicesGiven;
  for (let shift = 0; shift < 33; shift += BITS) {
    const next = new Int32Array(size);
    const starts = new Int32Array(BUCKETS + 1);
    for (let i = 0; i < size; i++) {
      const bucket = bucketOf(at(keys, at(from, i)), shift) + 1;
      starts[bucket] = at(starts, bucket) + 1;
    }
    for (let b = 1; b <= BUCKETS; b++) starts[b] = at(starts, b) + at(starts, b - 1);
    for (let i = 0; i < size; i++) {
      const index = at(from, i);
      const bucket = bucketOf(at(keys, index), shift);
      const place = at(starts, bucket);
      next[place] = index;
      starts[bucket] = place + 1;
    }
    from = next;
  }
  return from;
}

export function indices(count: number): Int32Array {
  const all = new Int32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}

/** Negative keys come first: the sign bit is turned round. */
function bucketOf(key: number, shift: number): number {
  return ((key ^ 0x8000_0000) >>> shift) & (BUCKETS - 1);
}
