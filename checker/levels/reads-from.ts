/**
 * Which write each read of a register got its value from, over all keys. Weaker levels than linearizability are about
 * sessions, not about time: a read may well return what is written only later, as long as nothing that the sessions
 * show speaks against it.
 *
 * A value that was written to its key more than once (or is the initial one and was written) says nothing for sure:
 * its writes and reads are left out. What is left of a correct history is correct, so a violation among the rest is
 * one of the whole; but without a violation nothing is proven.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, OK } from "../history/columns.ts";

/** In place of the row of a write: the read returned the initial value. */
export const INITIAL = -1;
/** ... nobody wrote the value, or only writes that failed. */
export const NOBODY = -2;
/** ... more than one write had the value. */
export const AMBIGUOUS = -3;
/** ... it is no answered read. */
export const NO_READ = -4;

export interface ReadsFrom {
  readonly columns: Columns;
  /** By row: the row of the write that an answered read got its value from, or why there is none. */
  readonly source: Int32Array;
  /** By row: 1 for what a level is about: answered reads with one source, and writes that happened. */
  readonly counts: Uint8Array;
  /** How many operations were left out because their value was written more than once, and the row of one of them. */
  readonly ambiguous: number;
  readonly example: number;
  /** Rows of answered reads whose value nobody wrote. */
  readonly thinAir: readonly number[];
}

export interface NoRegister {
  readonly reason: string;
}

/** @returns the sources, or why there are none: the operations are no register's. */
export function readsFrom(columns: Columns, initial: Json): ReadsFrom | NoRegister {
  const { count, f, status, key, input, output } = columns;
  const read = columns.kinds.indexOf("read");
  const write = columns.kinds.indexOf("write");
  const foreign = f.findIndex((kind) => kind !== read && kind !== write);
  if (foreign >= 0) return { reason: `a register has no ${columns.kinds[f[foreign] ?? 0]}` };
  const writers = new Writers(columns, write);
  const start = columns.values.find(initial) ?? NO_READ;
  const source = new Int32Array(count).fill(NO_READ);
  const counts = new Uint8Array(count);
  const thinAir: number[] = [];
  let [ambiguous, example] = [0, NO_READ];
  const leaveOut = (row: number): void => {
    ambiguous++;
    if (example === NO_READ) example = row;
  };
  for (let row = 0; row < count; row++) {
    if (f[row] !== read || status[row] !== OK) continue;
    const value = output[row] as number;
    const found = writers.find(key[row] as number, value);
    const from = value !== start ? found : found === NOBODY ? INITIAL : AMBIGUOUS;
    source[row] = from;
    if (from === NOBODY) thinAir.push(row);
    else if (from === AMBIGUOUS) leaveOut(row);
    else counts[row] = 1;
    if (from >= 0) counts[from] = 1;
  }
  for (let row = 0; row < count; row++) {
    if (f[row] !== write || status[row] === FAIL) continue;
    const value = input[row] as number;
    const single = value !== start && writers.find(key[row] as number, value) === row;
    if (!single) leaveOut(row);
    // What never returned and nobody read need not have happened.
    else if (status[row] === OK) counts[row] = 1;
  }
  return { columns, source, counts, ambiguous, example, thinAir };
}

/** The rows of writes by key and value: an open hash table. */
class Writers {
  readonly #columns: Columns;
  /** Row plus one; 0 is free. */
  readonly #slots: Int32Array;
  readonly #twice: Uint8Array;

  constructor(columns: Columns, write: number) {
    this.#columns = columns;
    const happened = (row: number): boolean =>
      columns.f[row] === write && columns.status[row] !== FAIL;
    let writes = 0;
    for (let row = 0; row < columns.count; row++) if (happened(row)) writes++;
    let size = 4;
    while (size < writes * 2) size *= 2;
    this.#slots = new Int32Array(size);
    this.#twice = new Uint8Array(size);
    for (let row = 0; row < columns.count; row++) {
      if (!happened(row)) continue;
      const slot = this.#slotOf(columns.key[row] as number, columns.input[row] as number);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
      else this.#twice[slot] = 1;
    }
  }

  find(key: number, value: number): number {
    const slot = this.#slotOf(key, value);
    if (this.#slots[slot] === 0) return NOBODY;
    return this.#twice[slot] === 1 ? AMBIGUOUS : (this.#slots[slot] as number) - 1;
  }

  #slotOf(key: number, value: number): number {
    const mask = this.#slots.length - 1;
    const mixed = Math.imul(value, 0x9e37_79b1) ^ Math.imul(key, 0x85eb_ca6b);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0) return slot;
      if (this.#columns.key[row] === key && this.#columns.input[row] === value) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
