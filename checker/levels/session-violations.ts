/**
 * The four session guarantees (Terry, Demers, Petersen, Spreitzer, Theimer & Welch, "Session guarantees for weakly
 * consistent replicated data", PDIS 1994), each for one key, seen from outside:
 *
 * - read-your-writes: no session reads an older version than one that it wrote before.
 * - monotonic-reads: no session reads an older version than one that it read before.
 * - monotonic-writes: no session reads what another wrote later before what that one wrote earlier.
 * - writes-follow-reads: no session reads what another wrote, and later what that one had read before it wrote.
 *
 * What a session reads "later" may in the last two come from a copy that lags; with reads alone nobody can tell.
 * "Older" is certain, see version-order.ts; where two versions may have either order it is counted as possible.
 * Linear in the operations, for happens-before in operations times sessions.
 */
import { INITIAL, NO_READ, type ReadsFrom } from "./reads-from.ts";
import { type CausalOrder, isWrite, type VersionOrder } from "./version-order.ts";

export const GUARANTEES = [
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
] as const;
export type Guarantee = (typeof GUARANTEES)[number];

export interface SessionViolation {
  readonly guarantee: Guarantee;
  /** Row of the read that returned the older version. */
  readonly read: number;
  /** Row of the older version's write, or `INITIAL`. */
  readonly older: number;
  /** Row of the newer version's write. */
  readonly newer: number;
  /** Row of the session's earlier read of the newer version; for read-your-writes its write. */
  readonly knew: number;
  /** For writes-follow-reads: the row of the read of the older version before the newer one was written. */
  readonly led?: number;
}

export interface SessionFindings {
  readonly violations: readonly SessionViolation[];
  /** Reads that violate if the system's order of concurrent versions is the one and not the other. */
  readonly possibleReadYourWrites: number;
  readonly possibleMonotonicReads: number;
  /** Reads that ended before their write was invoked, which are not judged. */
  readonly future: number;
  readonly judgedReads: number;
}

/** What a session knows of one key. */
class Known {
  /** Row of its last write. */
  written = NO_READ;
  /** By writer's process: the last of its writes that was read, and the read. */
  readonly seen = new Map<number, Seen>();
  /** Of what was read: what was invoked last, ... */
  newest: Seen | undefined;
  /** ... and the two that took effect last. */
  latest = NO_READ;
  beforeLatest = NO_READ;
}

interface Seen {
  readonly write: number;
  readonly read: number;
}

export function sessionViolations(
  from: ReadsFrom,
  order: VersionOrder | CausalOrder,
): SessionFindings {
  return new Walk(from, order).run();
}

class Walk {
  readonly #from: ReadsFrom;
  readonly #order: VersionOrder;
  /** Whether what is invoked last is newer than all that is not concurrent with it. */
  readonly #linear: boolean;
  readonly #known = new Map<number, Known>();
  readonly #violations: SessionViolation[] = [];
  /** Reads of a version older than one that the session had read. */
  readonly #backward: number[] = [];
  #possibleWrites = 0;
  #possibleReads = 0;
  #future = 0;
  #judged = 0;

  constructor(from: ReadsFrom, order: VersionOrder | CausalOrder) {
    this.#from = from;
    this.#order = order;
    this.#linear = !("sessions" in order);
  }

  run(): SessionFindings {
    const { columns, counts } = this.#from;
    const keys = columns.keys.length;
    for (let row = 0; row < columns.count; row++) {
      if (counts[row] === 0) continue;
      const pair = (columns.process[row] as number) * keys + (columns.key[row] as number);
      let known = this.#known.get(pair);
      if (known === undefined) {
        known = new Known();
        this.#known.set(pair, known);
      }
      if (isWrite(columns, row)) known.written = row;
      else this.#read(known, row);
    }
    if (this.#backward.length > 0) this.#byOthers();
    return {
      violations: this.#violations,
      possibleReadYourWrites: this.#possibleWrites,
      possibleMonotonicReads: this.#possibleReads,
      future: this.#future,
      judgedReads: this.#judged,
    };
  }

  #read(known: Known, read: number): void {
    const older = this.#from.source[read] as number;
    if (this.#linear && this.#isFuture(read)) {
      this.#future++;
      return;
    }
    this.#judged++;
    this.#afterWrites(known, read, older);
    this.#afterReads(known, read, older);
    this.#remember(known, read, older);
  }

  #isFuture(read: number): boolean {
    const { columns, source } = this.#from;
    const write = source[read] as number;
    return write >= 0 && (columns.completed[read] as number) < (columns.invoked[write] as number);
  }

  #afterWrites({ written }: Known, read: number, older: number): void {
    if (written === NO_READ || written === older) return;
    if (this.#order.older(older, written))
      this.#violations.push({
        guarantee: "read-your-writes",
        ...{ read, older, newer: written, knew: written },
      });
    else if (!this.#order.older(written, older)) this.#possibleWrites++;
  }

  #afterReads(known: Known, read: number, older: number): void {
    const newer = this.#newer(known, older);
    if (newer !== undefined) {
      this.#backward.push(read);
      this.#violations.push({
        guarantee: "monotonic-reads",
        ...{ read, older, newer: newer.write, knew: newer.read },
      });
      return;
    }
    if (older !== INITIAL && this.#mayBeNewer(known, older)) this.#possibleReads++;
  }

  #mayBeNewer({ latest, beforeLatest, seen }: Known, older: number): boolean {
    const may = (one: number): boolean => one !== older && !this.#order.older(one, older);
    if (!this.#linear) return [...seen.values()].some(({ write }) => may(write));
    const other = latest === older ? beforeLatest : latest;
    return other !== NO_READ && may(other);
  }

  /** Something that the session had read and that is certainly newer. */
  #newer(known: Known, older: number): Seen | undefined {
    const { newest } = known;
    if (newest === undefined) return undefined;
    if (this.#linear || older === INITIAL)
      return newest.write !== older && this.#order.older(older, newest.write) ? newest : undefined;
    for (const seen of known.seen.values())
      if (seen.write !== older && this.#order.older(older, seen.write)) return seen;
    return undefined;
  }

  #remember(known: Known, read: number, write: number): void {
    if (write === INITIAL) return;
    const { invoked, process } = this.#from.columns;
    const { effect } = this.#order;
    const { newest } = known;
    if (newest === undefined || (invoked[write] as number) > (invoked[newest.write] as number))
      known.newest = { write, read };
    const later = (one: number, other: number): boolean =>
      other === NO_READ || (effect[one] as number) > (effect[other] as number);
    if (write !== known.latest && later(write, known.latest)) {
      known.beforeLatest = known.latest;
      known.latest = write;
    } else if (write !== known.latest && write !== known.beforeLatest)
      if (later(write, known.beforeLatest)) known.beforeLatest = write;
    if (this.#linear) return;
    const writer = process[write] as number;
    if (write > (known.seen.get(writer)?.write ?? NO_READ)) known.seen.set(writer, { write, read });
  }

  /**
   * The writers' guarantees concern only reads that go back, and the sessions with such reads are walked again: whose
   * writes they have seen, and who had read the version that they went back to.
   */
  #byOthers(): void {
    const { columns, counts, source } = this.#from;
    const keys = columns.keys.length;
    const pairOf = (row: number): number =>
      (columns.process[row] as number) * keys + (columns.key[row] as number);
    const seen = new Map<number, Map<number, Seen>>();
    const readers = new Map<number, Map<number, number>>();
    for (const read of this.#backward) {
      seen.set(pairOf(read), new Map());
      const older = source[read] as number;
      if (older >= 0) readers.set(older, new Map());
    }
    const judged = (row: number): boolean =>
      counts[row] === 1 && !isWrite(columns, row) && !(this.#linear && this.#isFuture(row));
    for (let row = 0; row < columns.count; row++) {
      if (!judged(row)) continue;
      const first = readers.get(source[row] as number);
      const reader = columns.process[row] as number;
      if (first !== undefined && !first.has(reader)) first.set(reader, row);
    }
    for (let row = 0; row < columns.count; row++) {
      const own = judged(row) ? seen.get(pairOf(row)) : undefined;
      const write = source[row] as number;
      if (own === undefined || write < 0) continue;
      this.#againstWriters(row, write, own, readers.get(write));
      const writer = columns.process[write] as number;
      if (write > (own.get(writer)?.write ?? NO_READ)) own.set(writer, { write, read: row });
    }
  }

  #againstWriters(
    read: number,
    older: number,
    seen: ReadonlyMap<number, Seen>,
    readers: ReadonlyMap<number, number> | undefined,
  ): void {
    const { process } = this.#from.columns;
    const own = seen.get(process[older] as number);
    if (own !== undefined && own.write > older)
      this.#violations.push({
        guarantee: "monotonic-writes",
        ...{ read, older, newer: own.write, knew: own.read },
      });
    for (const [reader, led] of readers ?? []) {
      const newer = seen.get(reader);
      if (newer === undefined || newer.write < led) continue;
      this.#violations.push({
        guarantee: "writes-follow-reads",
        ...{ read, older, newer: newer.write, knew: newer.read, led },
      });
      return;
    }
  }
}
