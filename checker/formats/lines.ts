/**
 * Bytes to lines, however they are cut into chunks. A line ends with a newline, before which a carriage return may
 * stand; a byte order mark at the beginning is passed over.
 */
import type { Damage } from "./damage.ts";

/** Told of each line: its text, its number from 1, and whether a newline ended it. */
export type TakeLine = (text: string, line: number, ended: boolean) => void;

/** In bytes. Nobody's events are longer, and a text has to fit into memory several times. */
export const LONGEST_LINE = 1 << 24;
const NEWLINE = 0x0a;

export class Lines {
  readonly #take: TakeLine;
  readonly #damage: Damage;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #carried: Uint8Array[] = [];
  #carriedLength = 0;
  #line = 0;
  /** The line at hand is too long and was told so: the rest of it is passed over. */
  #skipping = false;

  constructor(damage: Damage, take: TakeLine) {
    this.#damage = damage;
    this.#take = take;
  }

  /** The number of the last line. */
  get count(): number {
    return this.#line;
  }

  feed(chunk: Uint8Array): void {
    const first = chunk.indexOf(NEWLINE) + 1;
    if (first === 0) {
      this.#carry(chunk);
      return;
    }
    this.#carry(chunk.subarray(0, first));
    this.#endCarried(true);
    const last = chunk.lastIndexOf(NEWLINE) + 1;
    // In pieces, so that no text gets too long for a string.
    for (let from = first; from < last; ) {
      const near =
        from + LONGEST_LINE >= last ? last : chunk.indexOf(NEWLINE, from + LONGEST_LINE) + 1;
      this.#stretch(chunk.subarray(from, near));
      from = near;
    }
    this.#carry(chunk.subarray(last));
  }

  end(): void {
    if (this.#carriedLength > 0) this.#endCarried(false);
  }

  #carry(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#carriedLength += bytes.length;
    if (this.#carriedLength > LONGEST_LINE) {
      if (!this.#skipping) this.#tooLong(this.#line + 1);
      this.#skipping = true;
      this.#carried = [];
    } else this.#carried.push(bytes.slice());
  }

  #endCarried(ended: boolean): void {
    const bytes = joined(this.#carried);
    const skipped = this.#skipping;
    this.#carried = [];
    this.#carriedLength = 0;
    this.#skipping = false;
    if (skipped) this.#line += 1;
    else this.#decodeLine(ended ? bytes.subarray(0, -1) : bytes, ended);
  }

  /** Whole lines: decoded at once, one by one only where that fails. */
  #stretch(bytes: Uint8Array): void {
    let text: string;
    try {
      text = this.#decoder.decode(bytes);
    } catch {
      for (let at = 0; at < bytes.length; ) {
        const end = bytes.indexOf(NEWLINE, at);
        this.#decodeLine(bytes.subarray(at, end), true);
        at = end + 1;
      }
      return;
    }
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf("\n", at);
      this.#line += 1;
      this.#give(text.slice(at, end), true);
      at = end + 1;
    }
  }

  #decodeLine(bytes: Uint8Array, ended: boolean): void {
    this.#line += 1;
    if (bytes.length > LONGEST_LINE) {
      this.#tooLong(this.#line);
      return;
    }
    let text: string;
    try {
      text = this.#decoder.decode(bytes);
    } catch {
      if (ended) this.#damage.unreadable(this.#line, "bytes that are no UTF-8");
      else this.#damage.harmless(this.#line, "cut short: the last bytes are no UTF-8");
      return;
    }
    this.#give(text, ended);
  }

  #give(text: string, ended: boolean): void {
    if (text.includes("\0")) {
      this.#damage.unreadable(this.#line, "a NUL byte");
      return;
    }
    const from = this.#line === 1 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const to = text.endsWith("\r") ? text.length - 1 : text.length;
    this.#take(to - from === text.length ? text : text.slice(from, to), this.#line, ended);
  }

  #tooLong(line: number): void {
    this.#damage.unreadable(line, `a line of more than ${LONGEST_LINE} bytes`);
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
