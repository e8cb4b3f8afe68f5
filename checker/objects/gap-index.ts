/** A growing set of gaps that answers which one is the latest up to some gap: words of bits, and words about words. */
import { at } from "./acts.ts";

export class GapIndex {
  readonly #levels: Int32Array[] = [];

  /** @param gaps gaps are 0 ... gaps - 1. */
  constructor(gaps: number) {
    for (let size = gaps; ; size = this.#levels.at(-1)?.length ?? 0) {
      this.#levels.push(new Int32Array((size >> 5) + 1));
      if (size < 32) break;
    }
  }

  add(gap: number): void {
    let index = gap;
    for (const words of this.#levels) {
      const word = index >> 5;
      words[word] = at(words, word) | (1 << (index & 31));
      index = word;
    }
  }

  /** The latest gap of the set that does not lie behind this one, or -1. */
  upTo(gap: number): number {
    let index = gap;
    for (const [level, words] of this.#levels.entries()) {
      if (index < 0) return -1;
      const bits = at(words, index >> 5) & (-1 >>> (31 - (index & 31)));
      if (bits !== 0) return this.#descend(level, ((index >> 5) << 5) + 31 - Math.clz32(bits));
      index = (index >> 5) - 1;
    }
    return -1;
  }

  #descend(from: number, found: number): number {
    let index = found;
    for (let level = from - 1; level >= 0; level--) {
      const bits = at(this.#levels[level] ?? new Int32Array(0), index);
      index = (index << 5) + 31 - Math.clz32(bits);
    }
    return index;
  }
}
