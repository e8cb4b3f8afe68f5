/**
 * The writes of one key by time and by value, to say of a single read which of them could have supplied it. A write
 * is certainly overwritten once another one, begun after it had ended, has ended; what got no answer never ends.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, NEVER, type Part } from "../history/columns.ts";
import { sortByRank } from "../register/order.ts";

/** The initial value in place of the row of a write. */
export const INITIALLY = -1;
/** No write and not the initial value. */
export const NONE = -2;

export class WriteTimes {
  /** By write, as they were invoked. */
  readonly #row: Int32Array;
  readonly #begun: Int32Array;
  readonly #ended: Int32Array;
  /** By write: the earliest end of this and all later ones, and one more entry for none. */
  readonly #nextEnd: Int32Array;
  readonly #ends: Int32Array;
  /** Writes by value, then as they were invoked; in step with it their values and begins, ... */
  readonly #byValue: Int32Array;
  readonly #value: Int32Array;
  readonly #begunByValue: Int32Array;
  /** ... and of those with this value up to this one, which is overwritten last. */
  readonly #longest: Int32Array;
  readonly #initial: number;

  constructor({ columns, rows }: Part, initial: Json) {
    const write = columns.kinds.indexOf("write");
    this.#initial = columns.values.find(initial) ?? NONE;
    this.#row = rows.filter((row) => columns.f[row] === write && columns.status[row] !== FAIL);
    const count = this.#row.length;
    this.#begun = this.#row.map((row) => columns.invoked[row] as number);
    this.#ended = this.#row.map((row) => columns.completed[row] as number);
    this.#nextEnd = new Int32Array(count + 1).fill(NEVER);
    for (let i = count - 1; i >= 0; i--)
      this.#nextEnd[i] = Math.min(this.#nextEnd[i + 1] as number, this.#ended[i] as number);
    this.#ends = this.#ended.slice().sort();
    const values = this.#row.map((row) => columns.input[row] as number);
    this.#byValue = Int32Array.from({ length: count }, (_, i) => i);
    sortByRank(this.#byValue, values);
    this.#value = this.#byValue.map((i) => values[i] as number);
    this.#begunByValue = this.#byValue.map((i) => this.#begun[i] as number);
    this.#longest = this.#byValue.slice();
    for (let at = 1; at < count; at++) {
      const before = this.#longest[at - 1] as number;
      const own = this.#longest[at] as number;
      if (this.#value[at] === this.#value[at - 1] && this.#over(before) > this.#over(own))
        this.#longest[at] = before;
    }
  }

  /** Of the writes of this value that were invoked before `end` the row of that which is overwritten last. */
  sourceOf(value: number, end: number): number {
    const at = lastBelow(this.#value, value, this.#begunByValue, end);
    const found = at >= 0 && this.#value[at] === value ? (this.#longest[at] as number) : NONE;
    if (value !== this.#initial) return found === NONE ? NONE : (this.#row[found] as number);
    const initially = this.#nextEnd[0] as number;
    return found === NONE || this.#over(found) < initially
      ? INITIALLY
      : (this.#row[found] as number);
  }

  /** The rank at which what this row wrote is certainly overwritten. */
  overwritten(row: number): number {
    return row === INITIALLY ? (this.#nextEnd[0] as number) : this.#over(this.#place(row));
  }

  /** The row of the write that overwrites it first. */
  overwriter(row: number): number {
    const over = this.overwritten(row);
    return this.#row[this.#ended.indexOf(over)] as number;
  }

  /** Whether any write overlaps this stretch. */
  busy(begin: number, end: number): boolean {
    return countBelow(this.#begun, end) > countBelow(this.#ends, begin);
  }

  #over(write: number): number {
    const end = this.#ended[write] as number;
    return end === NEVER ? NEVER : (this.#nextEnd[countBelow(this.#begun, end)] as number);
  }

  #place(row: number): number {
    return countBelow(this.#row, row);
  }
}

/** How many of these ascending numbers are smaller. */
function countBelow(ascending: Int32Array, limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last place before the first with a larger value, or with this value and a begin at `end` or later. */
function lastBelow(values: Int32Array, value: number, begun: Int32Array, end: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const own = values[middle] as number;
    if (own < value || (own === value && (begun[middle] as number) < end)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
