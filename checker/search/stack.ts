/** Configurations that depth first has still to visit, in one Int32Array. */
import type { Configuration } from "./configuration.ts";

/** Layer, state, used and hide (two words each), optionals used, parent in the memo, move from it. */
const STRIDE = 9;
export const PARENT = 7;
export const MOVE = 8;

export class Stack {
  items = new Int32Array(64 * STRIDE);
  /** Where the next one goes. */
  top = 0;

  /** Of the topmost. */
  get parent(): number {
    return this.items[this.top - STRIDE + PARENT] as number;
  }

  get move(): number {
    return this.items[this.top - STRIDE + MOVE] as number;
  }

  push(
    layer: number,
    state: number,
    low: number,
    high: number,
    hideLow: number,
    hideHigh: number,
    set: number,
    parent: number,
    move: number,
  ): void {
    const at = this.top;
    this.top += STRIDE;
    if (this.top > this.items.length) {
      const larger = new Int32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    const items = this.items;
    items[at] = layer;
    items[at + 1] = state;
    items[at + 2] = low;
    items[at + 3] = high;
    items[at + 4] = hideLow;
    items[at + 5] = hideHigh;
    items[at + 6] = set;
    items[at + PARENT] = parent;
    items[at + MOVE] = move;
  }

  pushConfiguration(
    { layer, state, low, high, hideLow, hideHigh, set }: Configuration,
    parent: number,
    move: number,
  ): void {
    this.push(layer, state, low, high, hideLow, hideHigh, set, parent, move);
  }

  /** @returns where the topmost stands, until the next push. */
  pop(): number {
    this.top -= STRIDE;
    return this.top;
  }

  /** Only those whose parent has a new number. */
  keep(renumbered: (parent: number) => number): void {
    let kept = 0;
    for (let at = 0; at < this.top; at += STRIDE) {
      const parent = renumbered(this.items[at + PARENT] as number);
      if (parent < 0) continue;
      this.items.copyWithin(kept, at, at + STRIDE);
      this.items[kept + PARENT] = parent;
      kept += STRIDE;
    }
    this.top = kept;
  }
}
