/**
 * Our own histories, read by the fast reader, and a second look at what it takes as `JSON.parse` does: bytes that are
 * no UTF-8, which would become one and the same character, and numbers that would lose digits. Both are looked for
 * at a fraction of the reading's cost, and named by going over the lines once more.
 */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { MalformedHistoryError } from "../../proto/operation.ts";
import { HistoryReader, type Recorded } from "../history/ingest.ts";
import type { Bytes } from "../history/recording.ts";
import { Damage } from "./damage.ts";
import { exactNumber, SURELY_EXACT } from "./exact-number.ts";
import { parseExactly } from "./json-line.ts";
import { type Limits, memoryOfEvents, requireMemory, rowsIn } from "./limits.ts";
import { Lines, LONGEST_LINE } from "./lines.ts";

const PIECE = 1 << 20;
const SMALL_PIECE = 1 << 13;
/** No number of fewer digits is lost: one of this many places is in it, wherever it stands. */
const STRIDE = SURELY_EXACT + 1;
/** Two lines, as short as they get. */
const BYTES_OF_AN_OPERATION = 180;
const NEWLINE = 0x0a;
const QUOTE = 0x22;

export class TestbedReader {
  readonly #reader: HistoryReader;
  readonly #limits: Limits;
  readonly #bytes: Bytes;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #size = 0;
  /** Bytes of the last line, which has no end yet. */
  #open = 0;
  #events = -1;
  #suspect = false;
  /** A character may go on in the next bytes. */
  #inCharacter = false;
  /** The end of the last chunk, where a number or a character may go on. */
  #tail = new Uint8Array(0);

  /** `bytes`: of the file, to read single lines again. */
  constructor(size: number, limits: Limits, bytes: Bytes) {
    // What is not allowed is not asked for either.
    this.#reader = new HistoryReader(Math.min(size, rowsIn(limits) * BYTES_OF_AN_OPERATION));
    this.#limits = limits;
    this.#bytes = bytes;
  }

  /** @throws HistoryFormatError when the memory is not allowed. */
  feed(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#limits.bytes !== undefined || this.#limits.operations !== undefined)
      this.#count(chunk);
    if (!this.#suspect) {
      const seam = new Uint8Array(this.#tail.length + Math.min(chunk.length, 64));
      seam.set(this.#tail);
      seam.set(chunk.subarray(0, 64), this.#tail.length);
      const whole = this.#tail.length === 0;
      this.#suspect =
        hasLongNumber(seam, whole) || hasLongNumber(chunk, whole) || !this.#isUtf8(chunk);
      this.#tail = chunk.slice(-64);
    }
    const last = chunk.lastIndexOf(NEWLINE);
    this.#open = last < 0 ? this.#open + chunk.length : chunk.length - last - 1;
    // The fast reader copies what is open with each chunk: an endless line would take for ever.
    if (this.#open > LONGEST_LINE) this.#findFault();
    this.#reader.feed(chunk);
  }

  #count(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
      this.#events += 1;
    requireMemory(memoryOfEvents(this.#events), this.#limits, this.#events + 1);
  }

  /** The decoder sees only what is no ASCII, and what comes after: it is slow. */
  #isUtf8(chunk: Uint8Array): boolean {
    try {
      for (let at = 0; at < chunk.length; at += SMALL_PIECE) {
        const piece = chunk.subarray(at, at + SMALL_PIECE);
        const ascii = isAscii(piece);
        if (!ascii || this.#inCharacter) this.#decoder.decode(piece, { stream: true });
        this.#inCharacter = !ascii;
      }
      return true;
    } catch {
      return false;
    }
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): Recorded {
    try {
      const recorded = this.#reader.end();
      if (this.#suspect || this.#endsInACharacter()) this.#findFault();
      const { operations = Number.POSITIVE_INFINITY } = this.#limits;
      if (recorded.columns.count > operations)
        throw new HistoryFormatError(
          1,
          `more than ${operations} operations. Raise limits.operations`,
        );
      return recorded;
    } catch (error) {
      if (error instanceof HistoryFormatError) throw error;
      if (error instanceof MalformedHistoryError) throw withLine(error);
      // Such as a stack that overflowed over brackets in brackets.
      this.#findFault();
      throw new HistoryFormatError(1, `could not be read: ${(error as Error).message}`);
    }
  }

  #endsInACharacter(): boolean {
    try {
      this.#decoder.decode();
      return false;
    } catch {
      return true;
    }
  }

  /** @throws HistoryFormatError naming the first line that loses something. */
  #findFault(): void {
    const lines = new Lines(new Damage(false), (text, line) => {
      let exact: string;
      try {
        exact = parseExactly(text).text;
      } catch (error) {
        throw new HistoryFormatError(line, (error as Error).message);
      }
      if (exact !== text)
        throw new HistoryFormatError(line, "a number has more digits than are kept: write a text");
    });
    for (let at = 0; at < this.#size; at += PIECE)
      lines.feed(this.#bytes(at, Math.min(at + PIECE, this.#size)));
    lines.end();
  }
}

function withLine({ index, message }: MalformedHistoryError): MalformedHistoryError {
  return new MalformedHistoryError(
    index,
    `line ${index + 2}: ${message.slice(`event ${index}: `.length)}`,
  );
}

/** Four bytes at a time. */
function isAscii(bytes: Uint8Array): boolean {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >> 2);
  let all = 0;
  for (let i = 0; i < words.length; i++) all |= words[i] ?? 0;
  for (let i = 0; i < head; i++) all |= bytes[i] ?? 0;
  for (let i = head + words.length * 4; i < bytes.length; i++) all |= bytes[i] ?? 0;
  return (all & 0x8080_8080) === 0;
}

/**
 * Whether there may be a number, not the beginning of a text, that loses digits. `whole`: the file begins here; else
 * what begins before has been looked at together with what came before.
 */
function hasLongNumber(bytes: Uint8Array, whole: boolean): boolean {
  for (let at = STRIDE - 1; at < bytes.length; at += STRIDE) {
    if (!isDigit(bytes[at])) continue;
    let from = at;
    while (from > 0 && isDigit(bytes[from - 1])) from--;
    let to = at;
    while (to < bytes.length && isDigit(bytes[to])) to++;
    if (to - from < STRIDE) continue;
    while (from > 0 && isOfNumber(bytes[from - 1])) from--;
    while (to < bytes.length && isOfNumber(bytes[to])) to++;
    const before = bytes[from - 1];
    at = to;
    if (from === 0 && !whole) continue;
    if (before === QUOTE || (before === 0x2d && bytes[from - 2] === QUOTE)) continue;
    const token = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 400)));
    if (to - from > 400 || typeof exactNumber(token) === "string") return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isOfNumber(byte: number | undefined): boolean {
  return (
    isDigit(byte) ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x65 ||
    byte === 0x45
  );
}
