/**
 * Linearizability of a register with unique values while the history is being made: alarms at the first event after
 * which no legal order exists, and remembers little.
 *
 * It keeps the clusters that a later event could still bring into conflict (see zones.ts). A cluster is retired once
 * another one certainly follows it, whatever comes: its earliest completion lies before the latest invocation of the
 * other, whose own earliest completion lies before all reads that are still open. A later read of a retired value
 * would have to precede and to follow that other cluster, so it is an alarm by itself. What stays is what overlaps
 * one instant, what began since the oldest open read, and each write of unknown outcome that nobody has read.
 */

export type Alarm =
  | { readonly kind: "conflict"; readonly value: number; readonly other: number }
  /** A read of a value that was certainly overwritten before the read began. */
  | { readonly kind: "overwritten"; readonly value: number }
  /** A read of a value that nobody had begun to write. */
  | { readonly kind: "unwritten"; readonly value: number }
  /** A write failed whose value was read. */
  | { readonly kind: "aborted"; readonly value: number }
  /** No alarm but the end: a value was written twice, which this cannot judge. */
  | { readonly kind: "written twice"; readonly value: number };

interface Cluster {
  readonly value: number;
  /** Infinity until something completes. */
  firstEnd: number;
  lastBegin: number;
}

const FEW = 8;

/** To be told of all events of one key in their order. Values are small whole numbers; `rank` ascends from 0. */
export class RegisterStream {
  readonly #live = new Map<number, Cluster>();
  /** Those of which something has completed. */
  #ended: Cluster[] = [];
  /** Reads in flight: when they began, in that order. */
  readonly #reads = new Set<number>();
  readonly #written = new BitSet();
  #collectAt = FEW;
  #alarm: Alarm | undefined;

  /** `initial`: the value of the register before anything is written. */
  constructor(initial: number) {
    const cluster = { value: initial, firstEnd: -1, lastBegin: -1 };
    this.#live.set(initial, cluster);
    this.#ended.push(cluster);
    this.#written.add(initial);
  }

  /** The first alarm; nothing after it changes it. */
  get alarm(): Alarm | undefined {
    return this.#alarm;
  }

  /** How many clusters it remembers. */
  get remembered(): number {
    return this.#live.size;
  }

  invokeRead(rank: number): void {
    this.#reads.add(rank);
  }

  invokeWrite(value: number, rank: number): void {
    if (this.#written.has(value)) this.#raise({ kind: "written twice", value });
    this.#written.add(value);
    this.#live.set(value, { value, firstEnd: Number.POSITIVE_INFINITY, lastBegin: rank });
  }

  /** The read that began at `begun` is answered. @returns whether there is an alarm. */
  okRead(begun: number, value: number, rank: number): boolean {
    this.#reads.delete(begun);
    const cluster = this.#live.get(value);
    if (cluster !== undefined) this.#touch(cluster, begun, rank);
    else this.#raise({ kind: this.#written.has(value) ? "overwritten" : "unwritten", value });
    return this.#step(rank);
  }

  okWrite(value: number, rank: number): boolean {
    const cluster = this.#live.get(value);
    if (cluster !== undefined) this.#touch(cluster, cluster.lastBegin, rank);
    return this.#step(rank);
  }

  failWrite(value: number, rank: number): boolean {
    const cluster = this.#live.get(value);
    if (cluster === undefined || cluster.firstEnd < rank) this.#raise({ kind: "aborted", value });
    this.#live.delete(value);
    this.#written.delete(value);
    return this.#step(rank);
  }

  /** The read that began at `begun` failed, or nobody will ever know its answer. */
  dropRead(begun: number, rank: number): boolean {
    this.#reads.delete(begun);
    return this.#step(rank);
  }

  #raise(alarm: Alarm): void {
    this.#alarm ??= alarm;
  }

  #touch(cluster: Cluster, begun: number, rank: number): void {
    if (begun > cluster.lastBegin) cluster.lastBegin = begun;
    if (cluster.firstEnd > rank) {
      cluster.firstEnd = rank;
      this.#ended.push(cluster);
    }
    for (const other of this.#ended)
      if (
        other !== cluster &&
        cluster.firstEnd < other.lastBegin &&
        other.firstEnd < cluster.lastBegin
      )
        this.#raise({ kind: "conflict", value: cluster.value, other: other.value });
  }

  #step(rank: number): boolean {
    if (this.#alarm === undefined && this.#ended.length >= this.#collectAt) {
      this.#retire(rank);
      this.#collectAt = Math.max(FEW, 2 * this.#ended.length);
    }
    return this.#alarm !== undefined;
  }

  #retire(rank: number): void {
    // All reads to come will begin after this.
    const horizon = this.#reads.values().next().value ?? rank;
    let last: Cluster | undefined;
    let beforeLast: Cluster | undefined;
    for (const cluster of this.#ended) {
      if (cluster.firstEnd >= horizon) continue;
      if (last === undefined || cluster.lastBegin > last.lastBegin) {
        beforeLast = last;
        last = cluster;
      } else if (beforeLast === undefined || cluster.lastBegin > beforeLast.lastBegin)
        beforeLast = cluster;
    }
    this.#ended = this.#ended.filter((cluster) => {
      const follower = cluster === last ? beforeLast : last;
      const over = follower !== undefined && cluster.firstEnd < follower.lastBegin;
      if (over) this.#live.delete(cluster.value);
      return !over;
    });
  }
}

/** One bit a value. */
class BitSet {
  #words = new Int32Array(32);

  has(value: number): boolean {
    return (((this.#words[value >>> 5] ?? 0) >>> (value & 31)) & 1) === 1;
  }

  add(value: number): void {
    const word = value >>> 5;
    if (word >= this.#words.length) {
      const wider = new Int32Array(Math.max(word + 1, this.#words.length * 2));
      wider.set(this.#words);
      this.#words = wider;
    }
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (value & 31));
  }

  delete(value: number): void {
    const word = value >>> 5;
    if (word < this.#words.length)
      this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (value & 31));
  }
}
