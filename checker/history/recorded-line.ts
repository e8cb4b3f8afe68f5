/**
 * Reads the lines that the recorder writes most, in the very order in which it writes their fields: eight bytes at a
 * time, and of a completion nothing again that its invocation said in the same words. A shortcut before
 * `OperationLine`, which reads what this leaves: it accepts a part of what that accepts, with the same meaning.
 *
 *     {"type":"invoke","value":V,"process":P,"f":F,"key":K,"node":N,"request":R,"index":I,"time":T}
 *     {"process":P,"f":F,"key":K,"node":N,"request":R,"type":"ok","value":V,"seen":{...},"index":I,"time":T}
 *
 * `request`, `"final":true` behind it, `seen`, and an `error` in its place may be missing.
 */
import { FAIL, INFO, OK } from "./columns.ts";
import { INTEGER, INVOKE, JSON_TEXT, NULL, type ScannedLine, TEXT } from "./scanned-line.ts";
import { endOfAscii, endOfJson, endOfSeen, endOfText } from "./value-ends.ts";
import { areDigits, half, sameText, valueOfDigits, word } from "./words.ts";

const QUOTE = 0x22;
const MINUS = 0x2d;
const NINE = 0x39;
const COLON = 0x3a;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
const MOST_DIGITS = 15;
/** What is read at once reaches at most so far behind the newline of its line. */
const REACH = 8;
/** How many processes are remembered, by their numbers modulo this. */
const SLOTS = 1024;
const NOBODY = -1;

// Long words in pieces of eight of which the second overlaps the first.
const TYPE_FIRST = word('{"type":');
const INVOKED = word('"invoke"');
const AND_VALUE = word(',"value"');
const VALUE = word('"value":');
const PROCESS_FIRST = word('{"proces');
const PROCESS = word(',"proces');
const PROCESS_END = word('rocess":');
const F = half(',"f"');
const KEY = word('","key":');
const NODE = word(',"node":');
const REQUEST = word(',"reques');
const REQUEST_END = word('equest":');
const FINAL = word(',"final"');
const FINAL_END = word('al":true');
const TYPE = word(',"type":');
const OK_VALUE = word('"ok","va');
const FAIL_VALUE = word('"fail","');
const INFO_VALUE = word('"info","');
const NOTHING = half("null");
const SEEN = word(',"seen":');
const STAMP = word('{"stamp"');
const BY = word('","by":"');
const CLOCK = word('","clock');
const CLOCK_END = word('lock":"w');
const WALL = word('all","se');
const SERVED_END = word('erved":"');
const ERROR = word(',"error"');
const INDEX = word(',"index"');
const TIME = word(',"time":');

export class RecordedLine {
  /** The ids of `f` and `key`, where the completion repeats what was learned of its invocation; else -1. */
  kind = -1;
  key = -1;
  readonly #line: ScannedLine;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Lines that begin behind this are too near to the end. */
  #last = -1;
  /** By slot: whose it is, where these bytes have his invocation from `f` to `final`, and what was learned of it. */
  readonly #process = new Int32Array(SLOTS).fill(NOBODY);
  readonly #from = new Int32Array(SLOTS);
  readonly #to = new Int32Array(SLOTS);
  readonly #kind = new Int32Array(SLOTS);
  readonly #key = new Int32Array(SLOTS);
  #slot = -1;
  /** The number that was read last, kept where no number needs a box. */
  readonly #number = new Float64Array(1);

  /** What is found is left in `line`. */
  constructor(line: ScannedLine) {
    this.#line = line;
  }

  /** The next lines are of these bytes. */
  turnTo(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#last = bytes.length < REACH ? -1 : bytes.lastIndexOf(NEWLINE, bytes.length - 1 - REACH);
    this.#process.fill(NOBODY);
  }

  /** @returns where the next line begins, or -1 when the line at `start` is of another shape or has another index. */
  scan(start: number, index: number): number {
    this.kind = -1;
    this.#slot = -1;
    if (start > this.#last) return -1;
    const first = this.#view.getFloat64(start, true);
    if (first === PROCESS_FIRST) return this.#completion(start, index);
    return first === TYPE_FIRST ? this.#invocation(start, index) : -1;
  }

  /** The ids of the `f` and the `key` of the line that was read last. */
  learn(kind: number, key: number): void {
    const slot = this.#slot;
    if (slot < 0) return;
    this.#kind[slot] = kind;
    this.#key[slot] = key;
  }

  #invocation(start: number, index: number): number {
    const view = this.#view;
    if (view.getFloat64(start + 8, true) !== INVOKED) return -1;
    if (view.getFloat64(start + 16, true) !== AND_VALUE || this.#bytes[start + 24] !== COLON)
      return -1;
    let at = this.#value(start + 25);
    if (at < 0 || view.getFloat64(at, true) !== PROCESS) return -1;
    if (view.getFloat64(at + 3, true) !== PROCESS_END) return -1;
    at = this.#integer(at + 11);
    if (at < 0) return -1;
    const process = this.#number[0] ?? 0;
    const to = this.#names(at);
    const next = to < 0 ? -1 : this.#end(to, index);
    if (next < 0) return -1;
    this.#line.type = INVOKE;
    this.#line.process = process;
    if (process <= 0x7fff_ffff) {
      const slot = process & (SLOTS - 1);
      this.#process[slot] = process;
      this.#from[slot] = at;
      this.#to[slot] = to;
      this.#slot = slot;
    }
    return next;
  }

  #completion(start: number, index: number): number {
    const view = this.#view;
    if (view.getFloat64(start + 3, true) !== PROCESS_END) return -1;
    let at = this.#integer(start + 11);
    if (at < 0) return -1;
    const process = this.#number[0] ?? 0;
    const slot = process & (SLOTS - 1);
    const from = this.#from[slot] ?? 0;
    const length = (this.#to[slot] ?? 0) - from;
    const known = this.#process[slot] === process && sameText(view, from, at, length);
    at = known ? at + length : this.#names(at);
    if (at < 0 || view.getFloat64(at, true) !== TYPE) return -1;
    at = this.#typeAndValue(at + 8);
    if (at >= 0 && this.#bytes[at + 2] === 0x73) at = this.#seen(at);
    else if (at >= 0 && this.#bytes[at + 2] === 0x65) at = this.#error(at);
    const next = at < 0 ? -1 : this.#end(at, index);
    if (next < 0) return -1;
    this.#line.process = process;
    if (known) {
      this.kind = this.#kind[slot] ?? 0;
      this.key = this.#key[slot] ?? 0;
    }
    return next;
  }

  /** From `f` to `final`. */
  #names(start: number): number {
    const view = this.#view;
    const bytes = this.#bytes;
    const line = this.#line;
    if (view.getInt32(start, true) !== F || bytes[start + 4] !== COLON) return -1;
    let at = endOfAscii(bytes, start + 5);
    line.fFrom = start + 6;
    line.fTo = at - 1;
    if (at < 0 || view.getFloat64(at - 1, true) !== KEY) return -1;
    line.keyFrom = at + 8;
    at = endOfAscii(bytes, at + 7);
    line.keyTo = at - 1;
    if (at < 0 || view.getFloat64(at, true) !== NODE) return -1;
    at = endOfText(bytes, at + 8);
    if (at >= 0 && view.getFloat64(at, true) === REQUEST)
      at = view.getFloat64(at + 3, true) === REQUEST_END ? endOfText(bytes, at + 11) : -1;
    if (at >= 0 && view.getFloat64(at, true) === FINAL)
      at = view.getFloat64(at + 5, true) === FINAL_END ? at + 13 : -1;
    return at;
  }

  #typeAndValue(at: number): number {
    const view = this.#view;
    const type = view.getFloat64(at, true);
    if (type === OK_VALUE) {
      this.#line.type = OK;
      return view.getFloat64(at + 5, true) === VALUE ? this.#value(at + 13) : -1;
    }
    if (type !== FAIL_VALUE && type !== INFO_VALUE) return -1;
    this.#line.type = type === FAIL_VALUE ? FAIL : INFO;
    return view.getFloat64(at + 7, true) === VALUE ? this.#value(at + 15) : -1;
  }

  #value(at: number): number {
    const line = this.#line;
    const first = this.#bytes[at] ?? 0;
    if (first === QUOTE) {
      const end = endOfAscii(this.#bytes, at);
      line.valueKind = TEXT;
      line.valueFrom = at + 1;
      line.valueTo = end - 1;
      return end;
    }
    if (this.#view.getInt32(at, true) === NOTHING) {
      line.valueKind = NULL;
      return at + 4;
    }
    if (first === MINUS || first > NINE) {
      const end = first === MINUS ? -1 : endOfJson(this.#bytes, at);
      line.valueKind = JSON_TEXT;
      line.valueFrom = at;
      line.valueTo = end;
      return end;
    }
    const end = this.#integer(at);
    line.valueKind = INTEGER;
    line.value = this.#number[0] ?? 0;
    return end;
  }

  /** As `OperationLine` has it. */
  #integer(start: number): number {
    const view = this.#view;
    const bytes = this.#bytes;
    let number = 0;
    let at = start;
    for (; at < start + MOST_DIGITS; at += 4) {
      const four = view.getInt32(at, true);
      if (!areDigits(four)) break;
      number = number * 10_000 + valueOfDigits(four);
    }
    for (; ; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    this.#number[0] = number;
    const digits = at - start;
    const good = digits > 0 && digits <= MOST_DIGITS && (digits === 1 || bytes[start] !== 0x30);
    return good ? at : -1;
  }

  /** The answer of a register whose clock is a wall clock; all others in the long way. */
  #seen(start: number): number {
    const view = this.#view;
    const bytes = this.#bytes;
    if (view.getFloat64(start, true) !== SEEN) return -1;
    let at = start + 18;
    if (view.getFloat64(start + 8, true) !== STAMP) return endOfSeen(bytes, start + 8);
    if (bytes[at - 2] !== COLON || bytes[at - 1] !== QUOTE) return endOfSeen(bytes, start + 8);
    while (areDigits(view.getInt32(at, true))) at += 4;
    while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++;
    const digits = at - start - 18;
    if (digits < 1 || digits > 19 || view.getFloat64(at, true) !== BY)
      return endOfSeen(bytes, start + 8);
    at = endOfText(bytes, at + 7) - 1;
    if (at < 0 || view.getFloat64(at, true) !== CLOCK) return endOfSeen(bytes, start + 8);
    if (view.getFloat64(at + 4, true) !== CLOCK_END || view.getFloat64(at + 12, true) !== WALL)
      return endOfSeen(bytes, start + 8);
    if (view.getFloat64(at + 19, true) !== SERVED_END) return endOfSeen(bytes, start + 8);
    at = endOfText(bytes, at + 26);
    return at >= 0 && bytes[at] === CLOSE ? at + 1 : endOfSeen(bytes, start + 8);
  }

  #error(at: number): number {
    if (this.#view.getFloat64(at, true) !== ERROR || this.#bytes[at + 8] !== COLON) return -1;
    return endOfText(this.#bytes, at + 9);
  }

  #end(start: number, index: number): number {
    const view = this.#view;
    const bytes = this.#bytes;
    if (view.getFloat64(start, true) !== INDEX || bytes[start + 8] !== COLON) return -1;
    let at = this.#integer(start + 9);
    if (at < 0 || this.#number[0] !== index || view.getFloat64(at, true) !== TIME) return -1;
    at = this.#integer(at + 8);
    if (at < 0 || bytes[at] !== CLOSE || bytes[at + 1] !== NEWLINE) return -1;
    this.#line.index = index;
    this.#line.time = this.#number[0] ?? 0;
    return at + 2;
  }
}
