/** Multisets of small numbers, interned: equal multisets have equal ids. The empty one is 0. */
export class Multisets {
  /** Members ascending. */
  readonly #members: (readonly number[])[] = [[]];
  readonly #ids = new Map<string, number>([["", 0]]);
  readonly #sums: Map<number, number>[] = [new Map()];

  add(id: number, member: number): number {
    const sums = this.#sums[id] as Map<number, number>;
    const known = sums.get(member);
    if (known !== undefined) return known;
    const members = [...this.of(id), member].sort((a, b) => a - b);
    const key = members.join();
    const sum = this.#ids.get(key) ?? this.#members.length;
    if (sum === this.#members.length) {
      this.#members.push(members);
      this.#sums.push(new Map());
      this.#ids.set(key, sum);
    }
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
    const small = this.of(one);
    const large = this.of(other);
    if (small.length >= large.length) return false;
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
}
