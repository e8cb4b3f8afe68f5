/**
 * The part of a way that depth first has settled: its moves, and now and then where it was, so
 * that one may come back there.
 */
import type { Configuration } from "./configuration.ts";
import type { Memo } from "./memo.ts";
import { PASS, type Path } from "./path.ts";

/** Layers from one milestone to the next. */
const APART = 1024;

export interface Milestone {
  readonly configuration: Configuration;
  /** Number of moves before it. */
  readonly moves: number;
}

export class Trunk {
  #layers = new Int32Array(64);
  #moves = new Int32Array(64);
  #length = 0;
  #milestones: Milestone[] = [];

  /** The way to an entry of the memo becomes part of it. */
  extend(memo: Memo, last: number): void {
    const entries: number[] = [];
    for (let entry = last; entry >= 0; entry = memo.parentOf(entry)) entries.push(entry);
    for (let at = entries.length - 1; at >= 0; at--) this.#pass(memo, entries[at] as number);
  }

  path(): Path {
    return {
      layers: this.#layers.subarray(0, this.#length),
      moves: this.#moves.subarray(0, this.#length),
    };
  }

  before(layer: number): Milestone | undefined {
    return this.#milestones.findLast(({ configuration }) => configuration.layer <= layer);
  }

  /** Forgets what comes after a milestone; all, without one. */
  cut(configuration: Configuration | undefined): void {
    const last = this.#milestones.findIndex((one) => one.configuration === configuration);
    this.#length = this.#milestones[last]?.moves ?? 0;
    this.#milestones.length = last + 1;
  }

  #pass(memo: Memo, entry: number): void {
    const parent = memo.parentOf(entry);
    const move = memo.moveOf(entry);
    if (parent >= 0 && move !== PASS) this.#add(memo.layerOf(parent), move);
    const configuration = memo.configuration(entry);
    const latest = this.#milestones.at(-1)?.configuration.layer ?? 0;
    if (configuration !== undefined && configuration.layer >= latest + APART)
      this.#milestones.push({ configuration, moves: this.#length });
  }

  #add(layer: number, move: number): void {
    const at = this.#length++;
    if (at === this.#layers.length) {
      this.#layers = doubled(this.#layers);
      this.#moves = doubled(this.#moves);
    }
    this.#layers[at] = layer;
    this.#moves[at] = move;
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
