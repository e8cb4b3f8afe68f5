/**
 * A few values of a stack none of which can be the lowest: of each, the push or the pop lies wholly within stretches in
 * which others of them were surely there.
 */
import { at } from "./acts.ts";
import type { Items } from "./container-items.ts";
import type { Peeling } from "./stack-peeling.ts";

/** Values to begin with, and values in a core, before a larger one is accepted. */
const SEEDS = 8;
const SIZES = [4, 8, 16, 64];

/** Gaps from `from` up to, but without, `to`. */
interface Side {
  readonly from: number;
  readonly to: number;
}

/** @returns some of the values that could not be set aside, which block each other. */
export function smallCore(items: Items, peeling: Peeling): readonly number[] {
  const left = [...peeling.left];
  const shortest = (item: number): number =>
    Math.min(...blockedSides(items, peeling, item).map(({ from, to }) => to - from));
  const seeds = left
    .map((item) => ({ item, length: shortest(item) }))
    .sort((a, b) => a.length - b.length)
    .slice(0, SEEDS);
  for (const size of SIZES) {
    const cores = seeds.flatMap(({ item }) => {
      const core = coreOf(items, peeling, item, size);
      return core === undefined ? [] : [core];
    });
    const smallest = cores.sort((a, b) => a.length - b.length)[0];
    if (smallest !== undefined) return smallest;
  }
  return left;
}

/** Where nothing but gaps in which others are surely there was found. */
function blockedSides(items: Items, { pushed, popped }: Peeling, item: number): Side[] {
  const push = { from: at(items.begun, item), to: at(items.entered, item) };
  const pop = { from: at(items.leaving, item), to: at(items.left, item) };
  return [...(at(pushed, item) < 0 ? [push] : []), ...(at(popped, item) < 0 ? [pop] : [])];
}

/** The value, those that block one side of it, those that block one side of them, ...; `undefined` if too many. */
function coreOf(
  items: Items,
  peeling: Peeling,
  seed: number,
  size: number,
): readonly number[] | undefined {
  const core = new Set([seed]);
  for (const item of core) {
    const covers = blockedSides(items, peeling, item).map((side) =>
      cover(items, peeling.left, core, side),
    );
    const cheapest = covers.sort((a, b) => a.length - b.length)[0] ?? [];
    for (const other of cheapest) core.add(other);
    if (core.size > size) return undefined;
  }
  return [...core];
}

/** Values that cover all gaps of a side, those of the core first. @returns what the core lacks. */
function cover(items: Items, left: Int32Array, core: ReadonlySet<number>, side: Side): number[] {
  const fresh: number[] = [];
  for (let gap = side.from; gap < side.to; ) {
    const known = farthest(items, [...core, ...fresh], gap);
    const next = known >= 0 ? known : farthest(items, left, gap);
    if (next < 0) throw new RangeError("a value was not set aside although nothing blocks it");
    if (known < 0) fresh.push(next);
    gap = at(items.leaving, next);
  }
  return fresh;
}

/** Of those surely there in a gap the one that stays longest, or -1. */
function farthest({ entered, leaving }: Items, among: Iterable<number>, gap: number): number {
  let best = -1;
  for (const item of among)
    if (at(entered, item) <= gap && at(leaving, item) > gap)
      if (best < 0 || at(leaving, item) > at(leaving, best)) best = item;
  return best;
}
