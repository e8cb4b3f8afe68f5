/**
 * The configurations of one layer, by state, without those that another one covers. The list of a
 * state holds numbers: used (two words), hide (two words), optionals used, and the node where the
 * way to the configuration ends.
 */
import type { Multisets } from "./multisets.ts";
import { dominates } from "./rules.ts";
import type { Timeline } from "./timeline.ts";

export const WIDTH = 6;

/** A configuration without its state. */
export type Entry = readonly [
  low: number,
  high: number,
  hideLow: number,
  hideHigh: number,
  optionals: number,
  node: number,
];

export class Antichain {
  readonly byState = new Map<number, number[]>();
  readonly #line: Timeline;
  readonly #layer: number;
  readonly #sets: Multisets;
  readonly #dominance: boolean;
  #size = 0;

  constructor(line: Timeline, layer: number, sets: Multisets, dominance: boolean) {
    this.#line = line;
    this.#layer = layer;
    this.#sets = sets;
    this.#dominance = dominance;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns false when a configuration that is there covers this one. */
  put(state: number, entry: Entry): boolean {
    const list = this.byState.get(state);
    if (list === undefined) {
      this.byState.set(state, [...entry]);
      this.#size++;
      return true;
    }
    for (let at = 0; at < list.length; at += WIDTH)
      if (this.#covers(read(list, at), entry)) return false;
    let kept = 0;
    for (let at = 0; at < list.length; at += WIDTH) {
      if (this.#covers(entry, read(list, at))) continue;
      if (kept < at) list.copyWithin(kept, at, at + WIDTH);
      kept += WIDTH;
    }
    this.#size += 1 - (list.length - kept) / WIDTH;
    list.length = kept;
    list.push(...entry);
    return true;
  }

  #covers(one: Entry, other: Entry): boolean {
    const [low, high, hideLow, hideHigh, set] = one;
    const [low2, high2, hideLow2, hideHigh2, set2] = other;
    if (!this.#dominance)
      return (
        ((low ^ low2) | (high ^ high2) | (hideLow ^ hideLow2) | (hideHigh ^ hideHigh2)) === 0 &&
        set === set2
      );
    const { open, pure, blind } = this.#line;
    const at = this.#layer * 2;
    const [o, p, b] = [open[at] as number, pure[at] as number, blind[at] as number];
    if (!dominates(low, hideLow, low2, hideLow2, o, p, b)) return false;
    const [o1, p1, b1] = [open[at + 1] as number, pure[at + 1] as number, blind[at + 1] as number];
    return (
      (o1 === 0 || dominates(high, hideHigh, high2, hideHigh2, o1, p1, b1)) &&
      this.#sets.within(set, set2)
    );
  }
}

export function read(list: readonly number[], at: number): Entry {
  return [
    list[at] as number,
    list[at + 1] as number,
    list[at + 2] as number,
    list[at + 3] as number,
    list[at + 4] as number,
    list[at + 5] as number,
  ];
}
