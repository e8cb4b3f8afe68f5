/** Multisets of small numbers, interned: equal multisets have equal ids. The empty one is 0. */

/** A search should not make more than this, of a few hundred bytes each, ... */
export const SETS = 500_000;
/** ... nor hold more members than this in all of them, of some 20 bytes each. */
const MEMBERS = 10_000_000;

export class Multisets {
  /** Members ascending. */
  readonly #members: (readonly number[])[] = [[]];
  readonly #ids = new Map<string, number>([["", 0]]);
  readonly #sums: (Map<number, number> | undefined)[] = [];
  /** By id: one bit for each member, by which most that are not contained are told at once. */
  #traces = new Int32Array(64);

  #held = 0;

  /** Members compared so far. */
  compared = 0;

  /** How many there are, those with many members counting for more: for comparison with `SETS`. */
  get size(): number {
    return Math.max(this.#members.length, Math.floor((this.#held / MEMBERS) * SETS));
  }

  add(id: number, member: number): number {
    let sums = this.#sums[id];
    if (sums === undefined) {
      sums = new Map();
      this.#sums[id] = sums;
    }
    const known = sums.get(member);
    if (known !== undefined) return known;
    const members = [...this.of(id), member].sort((a, b) => a - b);
    const sum = this.#intern(members);
    sums.set(member, sum);
    return sum;
  }

  count(id: number, member: number): number {
    if (id === 0) return 0;
    let count = 0;
    for (const one of this.of(id)) if (one === member) count++;
    return count;
  }

  /** Is the one contained in the other? */
  within(one: number, other: number): boolean {
    if (one === other || one === 0) return true;
    if (((this.#traces[one] as number) & ~(this.#traces[other] as number)) !== 0) return false;
    const small = this.of(one);
    const large = this.of(other);
    if (small.length >= large.length) return false;
    this.compared += large.length;
    let at = 0;
    for (const member of small) {
      while (at < large.length && (large[at] as number) < member) at++;
      if (large[at] !== member) return false;
      at++;
    }
    return true;
  }

  of(id: number): readonly number[] {
    return this.#members[id] as readonly number[];
  }

  /** Those that contain no other one. */
  minimal(ids: Iterable<number>): number[] {
    const all = [...new Set(ids)].sort((a, b) => this.of(a).length - this.of(b).length);
    const kept: number[] = [];
    for (const id of all) if (!kept.some((one) => this.within(one, id))) kept.push(id);
    return kept;
  }

  #intern(members: readonly number[]): number {
    const key = members.join();
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#members.push(members) - 1;
    this.#ids.set(key, id);
    this.#held += members.length;
    if (id >= this.#traces.length) {
      const larger = new Int32Array(id * 2);
      larger.set(this.#traces);
      this.#traces = larger;
    }
    this.#traces[id] = members.reduce((trace, member) => trace | (1 << (member & 31)), 0);
    return id;
  }
}
