/** Vectors of numbers that were met before: an open hash table in typed arrays, exact. */

/** Of these vectors so many cells are kept, at most; 4 bytes each. */
const CELLS = 1 << 26;

export class DeadEnds {
  readonly #length: number;
  #cells: Int32Array;
  /** Number of the vector plus one; 0 is free. */
  #slots = new Int32Array(64);
  #size = 0;

  constructor(length: number) {
    this.#length = length;
    this.#cells = new Int32Array(length * 16);
  }

  get size(): number {
    return this.#size;
  }

  has(one: Int32Array, other: Int32Array): boolean {
    return this.#size > 0 && this.#slots[this.#slotOf(one, other)] !== 0;
  }

  /** Keeps the two as one vector, unless there is no room. */
  add(one: Int32Array, other: Int32Array): void {
    if ((this.#size + 1) * this.#length > CELLS) return;
    const slot = this.#slotOf(one, other);
    if (this.#slots[slot] !== 0) return;
    const at = this.#size * this.#length;
    if (at + this.#length > this.#cells.length) {
      const wider = new Int32Array(Math.max(this.#cells.length * 2, at + this.#length));
      wider.set(this.#cells);
      this.#cells = wider;
    }
    this.#cells.set(one, at);
    this.#cells.set(other, at + one.length);
    this.#slots[slot] = ++this.#size;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
  }

  #slotOf(one: Int32Array, other: Int32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(other, hashOf(one, 0)) & mask;
    for (;;) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0 || this.#equals(number * this.#length, one, other)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(at: number, one: Int32Array, other: Int32Array): boolean {
    for (let i = 0; i < one.length; i++) if (this.#cells[at + i] !== one[i]) return false;
    const from = at + one.length;
    for (let i = 0; i < other.length; i++) if (this.#cells[from + i] !== other[i]) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#size; number++) {
      const at = number * this.#length;
      let slot = hashOf(this.#cells.subarray(at, at + this.#length), 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

function hashOf(cells: Int32Array, seed: number): number {
  let hash = seed;
  for (let i = 0; i < cells.length; i++) {
    hash = Math.imul(hash ^ (cells[i] as number), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
