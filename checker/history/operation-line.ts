/**
 * Reads one line of a history as the recorder writes operations, byte by byte and without making an object: fields in
 * any order, no spaces, texts without escapes. It is a filter, not a judge: what it does not know it leaves to the
 * exact reader, so whatever it accepts must be what `JSON.parse` and the codec would accept, with the same meaning.
 */

import { FAIL, INFO, OK } from "./columns.ts";
import { INTEGER, INVOKE, JSON_TEXT, NULL, ScannedLine, TEXT } from "./scanned-line.ts";
import {
  endOfAscii,
  endOfInteger,
  endOfJson,
  endOfSeen,
  endOfText,
  literal,
  matches,
  NOTHING,
  TRUE,
} from "./value-ends.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
const TYPE = 0;
const TIME = 1;
const VALUE = 2;
const PROCESS = 3;
const F = 4;
const FINAL = 5;
const KEY = 6;
const NODE = 7;
const REQUEST = 8;
const INDEX = 9;
const ERROR = 10;
const SEEN = 11;
const FIELDS = [
  ...["type", "time", "value", "process", "f", "final", "key", "node", "request", "index"],
  ...["error", "seen"],
].map((name) => literal(`"${name}":`));
const REQUIRED = [TYPE, TIME, VALUE, PROCESS, F, KEY, NODE, INDEX].reduce(
  (mask, field) => mask | (1 << field),
  0,
);

/** By `OK`, `FAIL`, `INFO` and `INVOKE`. */
const TYPES = ["ok", "fail", "info", "invoke"].map((name) => literal(`"${name}"`));

export class OperationLine extends ScannedLine {
  /** The number that was read last, kept where no number needs a box. */
  readonly #number = new Float64Array(1);

  /** @returns where the next line begins, or -1 when the line that begins at `start` is of another shape. */
  scan(bytes: Uint8Array, start: number): number {
    if (bytes[start] !== OPEN) return -1;
    let at = start + 1;
    let met = 0;
    for (;;) {
      const field = fieldAt(bytes, at);
      if (field < 0 || (met & (1 << field)) !== 0) return -1;
      met |= 1 << field;
      at = this.#read(field, bytes, at + (FIELDS[field]?.length ?? 0));
      if (at < 0) return -1;
      const next = bytes[at];
      if (next === CLOSE) break;
      if (next !== COMMA) return -1;
      at++;
    }
    if ((met & REQUIRED) !== REQUIRED || bytes[at + 1] !== NEWLINE) return -1;
    return at + 2;
  }

  /** @returns where the field's value ends, or -1. */
  #read(field: number, bytes: Uint8Array, at: number): number {
    let end = -1;
    switch (field) {
      case TYPE:
        return this.#readType(bytes, at);
      case TIME:
        end = this.#integer(bytes, at);
        this.time = this.#number[0] ?? 0;
        return end;
      case INDEX:
        end = this.#integer(bytes, at);
        this.index = this.#number[0] ?? 0;
        return end;
      case PROCESS:
        end = this.#integer(bytes, at);
        this.process = this.#number[0] ?? 0;
        return end;
      case F:
        end = endOfAscii(bytes, at);
        this.fFrom = at + 1;
        this.fTo = end - 1;
        return end;
      case KEY:
        end = endOfAscii(bytes, at);
        this.keyFrom = at + 1;
        this.keyTo = end - 1;
        return end;
      case VALUE:
        return this.#readValue(bytes, at);
      case FINAL:
        return matches(bytes, at, TRUE) ? at + TRUE.length : -1;
      case SEEN:
        return endOfSeen(bytes, at);
      default:
        return endOfText(bytes, at);
    }
  }

  #readType(bytes: Uint8Array, at: number): number {
    const first = bytes[at + 1];
    const third = bytes[at + 3];
    // o(k), f(ail), in(v)oke, in(f)o
    const type = first === 0x6f ? OK : first === 0x66 ? FAIL : third === 0x76 ? INVOKE : INFO;
    const name = TYPES[type] ?? NOTHING;
    this.type = type;
    return matches(bytes, at, name) ? at + name.length : -1;
  }

  #readValue(bytes: Uint8Array, at: number): number {
    const first = bytes[at];
    if (first === QUOTE) {
      const end = endOfAscii(bytes, at);
      this.valueKind = TEXT;
      this.valueFrom = at + 1;
      this.valueTo = end - 1;
      return end;
    }
    if (matches(bytes, at, NOTHING)) {
      this.valueKind = NULL;
      return at + NOTHING.length;
    }
    if (first === OPEN_LIST || first === 0x74 || first === 0x66) {
      const end = endOfJson(bytes, at);
      this.valueKind = JSON_TEXT;
      this.valueFrom = at;
      this.valueTo = end;
      return end;
    }
    const end = this.#integer(bytes, first === MINUS ? at + 1 : at);
    this.valueKind = INTEGER;
    const number = this.#number[0] ?? 0;
    this.value = first === MINUS ? -number : number;
    return first === MINUS && number === 0 ? -1 : end;
  }

  /** A whole number of at most 15 digits, without sign, fraction or leading zero. */
  #integer(bytes: Uint8Array, at: number): number {
    const end = endOfInteger(bytes, at);
    let number = 0;
    for (let i = at; i < end; i++) number = number * 10 + (bytes[i] ?? 0) - 0x30;
    this.#number[0] = number;
    return end;
  }
}

/** The field whose name, with its quotes and colon, begins at `at`; -1 when there is none. */
function fieldAt(bytes: Uint8Array, at: number): number {
  const field = candidate(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
  return field >= 0 && matches(bytes, at, FIELDS[field] ?? NOTHING) ? field : -1;
}

/** The first two letters tell all the names apart. */
function candidate(first: number, second: number): number {
  switch (first) {
    case 0x74: // t
      return second === 0x79 ? TYPE : TIME;
    case 0x76: // v
      return VALUE;
    case 0x70: // p
      return PROCESS;
    case 0x66: // f
      return second === QUOTE ? F : FINAL;
    case 0x6b: // k
      return KEY;
    case 0x6e: // n
      return NODE;
    case 0x72: // r
      return REQUEST;
    case 0x69: // i
      return INDEX;
    case 0x65: // e
      return ERROR;
    case 0x73: // s
      return SEEN;
    default:
      return -1;
  }
}
