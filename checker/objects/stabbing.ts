/** Stretches of gaps, of which those that contain a gap are found one by one, each once in all. */
import { at } from "./acts.ts";
import { rankOrder } from "./rank-order.ts";

export class Stabbing {
  /** By beginning. */
  readonly #order: Int32Array;
  readonly #from: Int32Array;
  readonly #size: number;
  /** A tree of the latest ends of those not yet found, over the stretches by beginning. */
  readonly #latest: Int32Array;

  /** Stretches from the gap `from` up to, but without, `to`. */
  constructor(from: Int32Array, to: Int32Array) {
    this.#from = from;
    this.#order = rankOrder(from);
    this.#size = 2 ** Math.ceil(Math.log2(Math.max(2, from.length)));
    this.#latest = new Int32Array(2 * this.#size).fill(-1);
    for (const [i, one] of this.#order.entries()) this.#latest[this.#size + i] = at(to, one);
    for (let node = this.#size - 1; node >= 1; node--) this.#renew(node);
  }

  /** One that contains the gap and was not yet taken, or -1. */
  take(gap: number): number {
    const [latest, size] = [this.#latest, this.#size];
    if (at(latest, 1) <= gap) return -1;
    // The first by beginning that ends behind the gap: if it begins behind it, too, all do.
    let node = 1;
    while (node < size) node = at(latest, 2 * node) > gap ? 2 * node : 2 * node + 1;
    const one = at(this.#order, node - size);
    if (at(this.#from, one) > gap) return -1;
    latest[node] = -1;
    for (node >>= 1; node >= 1; node >>= 1) this.#renew(node);
    return one;
  }

  #renew(node: number): void {
    const latest = this.#latest;
    latest[node] = Math.max(at(latest, 2 * node), at(latest, 2 * node + 1));
  }
}
