/**
 * The values of a history that is read byte by byte. Whole numbers, which most workloads write, are kept in typed
 * arrays (20 bytes a value, where a `Map` needs 60 and a collector that walks it); all else goes to an `Interner`.
 *
 * Values are met in the order of the events, but ids are promised in the order of the operations: `renumber` makes it
 * so once the last line is read.
 */
import type { Json } from "../../proto/json.ts";
import { UNKNOWN } from "./columns.ts";
import { Interner, type Values } from "./intern.ts";

export class ScannedValues implements Values {
  #size = 0;
  /** By id: the number, or NaN where the value is another one. */
  #numbers = new Float64Array(64);
  /** By id: where the value stands in `#others`, when it is no number. */
  #places = new Int32Array(64);
  readonly #others = new Interner();
  /** By place in `#others`: the id. */
  #otherIds = new Int32Array(64);
  #otherCount = 0;
  /** Hash table of the numbers: id plus one; 0 is free. */
  #slots = new Int32Array(128);

  constructor() {
    this.id(null);
  }

  get size(): number {
    return this.#size;
  }

  id(value: Json): number {
    if (typeof value === "number" && Number.isSafeInteger(value)) return this.idOfInteger(value);
    const place = this.#others.id(value);
    if (place < this.#otherCount) return this.#otherIds[place] ?? 0;
    const id = this.#next();
    this.#numbers[id] = Number.NaN;
    this.#places[id] = place;
    if (place >= this.#otherIds.length) this.#otherIds = larger(this.#otherIds);
    this.#otherIds[place] = id;
    this.#otherCount = place + 1;
    return id;
  }

  idOfInteger(value: number): number {
    const slot = this.#slotOf(value);
    const known = (this.#slots[slot] ?? 0) - 1;
    if (known >= 0) return known;
    const id = this.#next();
    this.#numbers[id] = value + 0;
    this.#slots[slot] = id + 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash(this.#slots.length * 2);
    return id;
  }

  find(value: Json): number | undefined {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
      const place = this.#others.find(value);
      return place === undefined ? undefined : this.#otherIds[place];
    }
    const id = (this.#slots[this.#slotOf(value)] ?? 0) - 1;
    return id < 0 ? undefined : id;
  }

  valueOf(id: number): Json {
    if (!(id >= 0 && id < this.#size)) throw new RangeError(`no value has the id ${id}`);
    const number = this.#numbers[id] ?? Number.NaN;
    return Number.isNaN(number) ? this.#others.valueOf(this.#places[id] ?? 0) : number;
  }

  /** Gives ids in the order in which rows first mention them, input before output; `null` keeps 0. */
  renumber(input: Int32Array, output: Int32Array): void {
    const fresh = new Int32Array(this.#size).fill(UNKNOWN);
    let next = 0;
    fresh[0] = next++;
    for (let row = 0; row < input.length; row++) {
      const before = input[row] ?? 0;
      const answer = output[row] ?? UNKNOWN;
      if (fresh[before] === UNKNOWN) fresh[before] = next++;
      input[row] = fresh[before] ?? 0;
      if (answer === UNKNOWN) continue;
      if (fresh[answer] === UNKNOWN) fresh[answer] = next++;
      output[row] = fresh[answer] ?? 0;
    }
    const [numbers, places] = [new Float64Array(next), new Int32Array(next)];
    for (let id = 0; id < this.#size; id++) {
      numbers[fresh[id] ?? 0] = this.#numbers[id] ?? 0;
      places[fresh[id] ?? 0] = this.#places[id] ?? 0;
    }
    for (let place = 0; place < this.#otherCount; place++)
      this.#otherIds[place] = fresh[this.#otherIds[place] ?? 0] ?? 0;
    this.#numbers = numbers;
    this.#places = places;
    this.#size = next;
    for (let slot = 0; slot < this.#slots.length; slot++) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id >= 0) this.#slots[slot] = (fresh[id] ?? 0) + 1;
    }
  }

  #next(): number {
    if (this.#size >= this.#numbers.length) {
      const numbers = new Float64Array(this.#numbers.length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
      this.#places = larger(this.#places);
    }
    return this.#size++;
  }

  /**
   * Where the number is, or the free slot where it belongs. Sixteen numbers in a row share a line of the processor's
   * cache: counters are written and read in about their own order.
   */
  #slotOf(value: number): number {
    const mask = this.#slots.length - 1;
    const low = value | 0;
    const mixed = Math.imul(
      (low >>> 4) ^ Math.imul((value / 0x1_0000_0000) | 0, 0x85eb_ca6b),
      0x9e37_79b1,
    );
    let slot = (((mixed ^ (mixed >>> 15)) << 4) | (low & 15)) & mask;
    for (;;) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0 || this.#numbers[id] === value) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(size: number): void {
    this.#slots = new Int32Array(size);
    for (let id = 0; id < this.#size; id++) {
      const value = this.#numbers[id] ?? Number.NaN;
      if (!Number.isNaN(value)) this.#slots[this.#slotOf(value)] = id + 1;
    }
  }
}

function larger(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}
