/**
 * Where the values of a line end that is read byte by byte: each function is given the first byte of a value and tells
 * the place after its last one, or -1 when the value is not of the simple kind that it knows. What it accepts is JSON.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** More digits might not fit the 53 bits of a number. */
const MOST_DIGITS = 15;
/** In bytes. */
const LONGEST_LIST = 64;

export const literal = (text: string): Uint8Array => new TextEncoder().encode(text);

export const TRUE = literal("true");
export const NOTHING = literal("null");
const FALSE = literal("false");
const CLOCKS = ["wall", "logical", "hybrid"].map((name) => literal(`"${name}"`));
const SEEN_FIELDS = ["stamp", "by", "clock", "epoch", "served"].map((name) =>
  literal(`"${name}":`),
);

/** As `candidate`, of what stands in `seen`. */
function seenField(first: number, second: number): number {
  switch (first) {
    case 0x73: // s
      return second === 0x74 ? 0 : 4;
    case 0x62: // b
      return 1;
    case 0x63: // c
      return 2;
    case 0x65: // e
      return 3;
    default:
      return -1;
  }
}

export function matches(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** After a whole number as `OperationLine` reads them. */
export function endOfInteger(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) >= 0x30 && (bytes[end] ?? 0) <= 0x39) end++;
  const digits = end - at;
  const good = digits > 0 && digits <= MOST_DIGITS && (digits === 1 || bytes[at] !== 0x30);
  return good ? end : -1;
}

/** After `true`, `false`, or a short list of plain values. */
export function endOfJson(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === OPEN_LIST) return endOfList(bytes, at);
  return first === 0x74 || first === 0x66 ? endOfPlain(bytes, at) : -1;
}

/** After a short list of plain values; longer ones cost so much else that the exact reader may have them. */
function endOfList(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (; at < start + LONGEST_LIST; at++) {
    at = endOfPlain(bytes, at);
    if (at < 0) return -1;
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
  return -1;
}

/** After a whole number, a text of ASCII, `true`, `false` or `null`. */
function endOfPlain(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return endOfAscii(bytes, at);
  const name =
    first === 0x74 ? TRUE : first === 0x66 ? FALSE : first === 0x6e ? NOTHING : undefined;
  if (name !== undefined) return matches(bytes, at, name) ? at + name.length : -1;
  return endOfInteger(bytes, first === MINUS ? at + 1 : at);
}

/** After the object that tells what the system showed of itself. */
export function endOfSeen(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== OPEN) return -1;
  let met = 0;
  for (let at = start + 1; ; at++) {
    const field = seenField(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    const name = SEEN_FIELDS[field] ?? NOTHING;
    if (field < 0 || (met & (1 << field)) !== 0 || !matches(bytes, at, name)) return -1;
    met |= 1 << field;
    at += name.length;
    if (field === 0) at = endOfInt64(bytes, at);
    else if (field === 2) at = endOfClock(bytes, at);
    else if (field === 3) at = endOfInteger(bytes, at);
    else at = endOfText(bytes, at);
    if (at < 0) return -1;
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
}

/** After the closing quote of a text without escapes; bytes that are no UTF-8 are read as U+FFFD, as all readers do. */
export function endOfText(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  for (let end = at + 1; ; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE) return end + 1;
    if (byte === BACKSLASH || byte < 0x20) return -1;
  }
}

export function endOfAscii(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  for (let end = at + 1; ; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE) return end + 1;
    if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) return -1;
  }
}

/** A stamp: up to 19 decimal digits in quotes, perhaps with a minus. */
function endOfInt64(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const first = bytes[at + 1] === MINUS ? at + 2 : at + 1;
  let end = first;
  while ((bytes[end] ?? 0) >= 0x30 && (bytes[end] ?? 0) <= 0x39) end++;
  return end > first && end - first <= 19 && bytes[end] === QUOTE ? end + 1 : -1;
}

function endOfClock(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1];
  const clock = CLOCKS[first === 0x77 ? 0 : first === 0x6c ? 1 : 2] ?? NOTHING;
  return matches(bytes, at, clock) ? at + clock.length : -1;
}
