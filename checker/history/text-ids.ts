/**
 * Short texts as numbers, straight from their bytes: a text that has been met before costs a hash and a comparison
 * of bytes, and no string is made of it. Open addressing with linear probing; the bytes of each text are kept once.
 */

/** The id of each text comes from `idOf`, which is asked once a text. */
export class TextIds {
  readonly #idOf: (text: string) => number;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Number of the entry plus one; 0 is free. A power of two long, at most half full. */
  #slots = new Int32Array(64);
  #count = 0;
  #hashes = new Int32Array(32);
  #ids = new Int32Array(32);
  /** Where each entry's bytes begin; the next entry's begin where they end. */
  #starts = new Float64Array(33);
  #bytes = new Uint8Array(1024);

  constructor(idOf: (text: string) => number) {
    this.#idOf = idOf;
  }

  /** The id of the text in `bytes` from `from` up to, not including, `to`: UTF-8 without escapes. */
  id(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c_9dc5;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x0100_0193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) break;
      if (this.#hashes[entry] === hash && this.#equal(entry, bytes, from, to))
        return this.#ids[entry] ?? 0;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, hash, bytes.subarray(from, to));
  }

  #equal(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[entry] ?? 0;
    if ((this.#starts[entry + 1] ?? 0) - start !== to - from) return false;
    for (let at = from; at < to; at++)
      if (bytes[at] !== this.#bytes[start + at - from]) return false;
    return true;
  }

  #add(slot: number, hash: number, text: Uint8Array): number {
    const entry = this.#count++;
    const id = this.#idOf(this.#decoder.decode(text));
    const start = this.#starts[entry] ?? 0;
    this.#reserve(start + text.length);
    this.#bytes.set(text, start);
    this.#starts[entry + 1] = start + text.length;
    this.#hashes[entry] = hash;
    this.#ids[entry] = id;
    this.#slots[slot] = entry + 1;
    if (this.#count * 2 >= this.#slots.length) this.#rehash();
    return id;
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #rehash(): void {
    const size = this.#slots.length * 2;
    const [hashes, ids, starts] = [this.#hashes, this.#ids, this.#starts];
    this.#hashes = new Int32Array(size / 2);
    this.#hashes.set(hashes);
    this.#ids = new Int32Array(size / 2);
    this.#ids.set(ids);
    this.#starts = new Float64Array(size / 2 + 1);
    this.#starts.set(starts);
    this.#slots = new Int32Array(size);
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = (this.#hashes[entry] ?? 0) & (size - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = entry + 1;
    }
  }
}
