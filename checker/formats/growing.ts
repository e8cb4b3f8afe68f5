/** Numbers by place, as many as come. */
type Store = Int32Array | Float64Array;

export class Growing {
  #all: Store;
  #count = 0;

  private constructor(all: Store) {
    this.#all = all;
  }

  /** Of 32 bits. */
  static integers(): Growing {
    return new Growing(new Int32Array(64));
  }

  static numbers(): Growing {
    return new Growing(new Float64Array(64));
  }

  get length(): number {
    return this.#count;
  }

  push(value: number): void {
    if (this.#count === this.#all.length) {
      const Kind = this.#all.constructor as new (length: number) => Store;
      const larger = new Kind(this.#all.length * 2);
      larger.set(this.#all);
      this.#all = larger;
    }
    this.#all[this.#count++] = value;
  }

  at(place: number): number {
    return this.#all[place] ?? 0;
  }

  set(place: number, value: number): void {
    this.#all[place] = value;
  }
}
