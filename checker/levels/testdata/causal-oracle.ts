/**
 * Causal consistency read aloud (Bouajjani et al., POPL 2017, table 2): is there a causal order, a strict partial order
 * that holds session order, such that every operation is explained by what comes before it? For a handful of operations.
 *
 * CC: what is before an operation has an order in which that operation is right, whatever the others returned.
 * CM: ... in which it and all that its session did before are right.
 * CCv: one order of all operations explains each of them when it is cut down to what comes before.
 */
import type { Operation } from "../../../proto/operation.ts";

export type CausalLevel = "cc" | "ccv" | "cm";

/** `least`: only the least causal order is tried, of sessions and of reads after their writes, for unique values. */
export function causallyExplained(
  operations: readonly Operation[],
  level: CausalLevel,
  least: boolean,
): boolean {
  const sure = operations.filter(({ status }) => status === "ok");
  const maybe = operations.filter(({ status, f }) => status === "info" && f === "write");
  for (let choice = 0; choice < 1 << maybe.length; choice++) {
    const chosen = [...sure, ...maybe.filter((_, i) => ((choice >> i) & 1) === 1)];
    chosen.sort((a, b) => a.id - b.id);
    if (new Search(chosen, level).run(least)) return true;
  }
  return false;
}

class Search {
  readonly #ops: readonly Operation[];
  readonly #level: CausalLevel;
  /** By operation: mask of those before it in its session. */
  readonly #before: number[];
  readonly #past: number[] = [];
  readonly #seen = new Set<string>();

  constructor(ops: readonly Operation[], level: CausalLevel) {
    this.#ops = ops;
    this.#level = level;
    this.#before = ops.map((op, i) =>
      ops.reduce((m, other, j) => (j < i && other.process === op.process ? m | (1 << j) : m), 0),
    );
  }

  run(least: boolean): boolean {
    return least ? this.#least() : this.#extend(0, []);
  }

  /** Places one operation after another, with any past that is closed, in every order. */
  #extend(placed: number, order: readonly number[]): boolean {
    if (order.length === this.#ops.length) return true;
    const arbitrated = this.#level === "ccv" ? order.join() : placed;
    const key = `${arbitrated} ${order.map((i) => `${i}:${this.#past[i]}`).sort()}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    for (let op = 0; op < this.#ops.length; op++) {
      const before = this.#before[op] ?? 0;
      if (((placed >> op) & 1) === 1 || (before & ~placed) !== 0) continue;
      for (const past of this.#pasts(before, order)) {
        this.#past[op] = past;
        if (this.#explained(op, [...order, op]) && this.#extend(placed | (1 << op), [...order, op]))
          return true;
      }
    }
    return false;
  }

  #pasts(before: number, order: readonly number[]): Set<number> {
    const all = new Set<number>();
    for (let pick = 0; pick < 1 << order.length; pick++) {
      let past = before;
      for (const [i, op] of order.entries())
        if (((pick >> i) & 1) === 1 || ((before >> op) & 1) === 1)
          past |= (1 << op) | (this.#past[op] ?? 0);
      all.add(past);
    }
    return all;
  }

  #least(): boolean {
    const ops = this.#ops;
    for (const [i, op] of ops.entries()) {
      this.#past[i] = this.#before[i] ?? 0;
      if (op.f !== "read" || op.output === null) continue;
      const source = ops.findIndex((one) => one.f === "write" && fits(one, op));
      if (source < 0) return false;
      this.#past[i] = (this.#past[i] ?? 0) | (1 << source);
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const i of ops.keys()) {
        const past = this.#past[i] ?? 0;
        let wider = past;
        for (const j of ops.keys()) if (((past >> j) & 1) === 1) wider |= this.#past[j] ?? 0;
        if (wider !== past) changed = true;
        this.#past[i] = wider;
      }
    }
    if (ops.some((_, i) => (((this.#past[i] ?? 0) >> i) & 1) === 1)) return false;
    if (this.#level !== "ccv") return ops.every((_, i) => this.#explained(i, []));
    return this.#arbitrated(0, []);
  }

  #arbitrated(placed: number, order: readonly number[]): boolean {
    if (order.length === this.#ops.length) return true;
    return this.#ops.some((_, op) => {
      if (((placed >> op) & 1) === 1 || ((this.#past[op] ?? 0) & ~placed) !== 0) return false;
      const longer = [...order, op];
      return this.#explained(op, longer) && this.#arbitrated(placed | (1 << op), longer);
    });
  }

  #explained(op: number, order: readonly number[]): boolean {
    const past = this.#past[op] ?? 0;
    if (this.#level === "ccv") {
      const read = this.#ops[op];
      if (read === undefined || read.f !== "read") return true;
      const writes = order.filter((one) => ((past >> one) & 1) === 1 && this.#writes(one, read));
      const last = this.#ops[writes.at(-1) ?? -1];
      return (last === undefined ? null : last.input) === read.output;
    }
    const right = (1 << op) | (this.#level === "cm" ? (this.#before[op] ?? 0) : 0);
    return this.#orderly(past | (1 << op), 0, right, new Map());
  }

  #writes(one: number, read: Operation): boolean {
    const op = this.#ops[one];
    return op !== undefined && op.f === "write" && op.key === read.key;
  }

  /** Is there an order of these operations that keeps causal order and makes those in `right` right? */
  #orderly(
    all: number,
    placed: number,
    right: number,
    state: ReadonlyMap<string, Operation["input"]>,
  ): boolean {
    if (placed === all) return true;
    return this.#ops.some((op, i) => {
      const bit = 1 << i;
      if ((all & bit) === 0 || (placed & bit) !== 0) return false;
      if (((this.#past[i] ?? 0) & all & ~placed) !== 0) return false;
      if (op.f === "write")
        return this.#orderly(all, placed | bit, right, new Map(state).set(op.key, op.input));
      const wrong = (right & bit) !== 0 && (state.get(op.key) ?? null) !== op.output;
      return !wrong && this.#orderly(all, placed | bit, right, state);
    });
  }
}

function fits(write: Operation, read: Operation): boolean {
  return write.key === read.key && write.input === read.output;
}
