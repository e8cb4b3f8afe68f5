/**
 * JSON read exactly: a name given twice, a number that does not survive, half a character or brackets without end are
 * not passed over, as `JSON.parse` does.
 */
import type { Json } from "../../proto/json.ts";
import { distinctText, exactNumber, SURELY_EXACT } from "./exact-number.ts";

/** Values of more brackets are nobody's: what comes after may recurse over a value. */
export const DEEPEST = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** @throws SyntaxError saying what is wrong. */
export function parseJson(text: string): Json {
  return parseExactly(text).value;
}

/** Besides the value, the text that `JSON.parse` reads without losing anything. @throws SyntaxError */
export function parseExactly(text: string): { readonly value: Json; readonly text: string } {
  const found = look(text);
  const value = parse(found.text);
  const { names, broken } = survey(value, found.escapes);
  if (names !== found.names) throw new SyntaxError("a name is given twice in one object");
  if (broken) throw new SyntaxError("half of a character (a lone surrogate)");
  return { value, text: found.text };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new SyntaxError(`not JSON (${(error as Error).message})`);
  }
}

interface Looked {
  /** The text, with numbers that would not survive as texts. */
  readonly text: string;
  /** How many names of fields there are. */
  readonly names: number;
  readonly escapes: boolean;
}

/** Goes over the text once; whether it is JSON at all is not asked here. */
function look(text: string): Looked {
  let [names, depth, escapes] = [0, 0, false];
  const pieces: string[] = [];
  let kept = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfText(text, at);
      if (text.charCodeAt(end - 2) === 0x6e) {
        const inner = text.slice(at + 1, end - 1);
        const distinct = distinctText(inner);
        if (distinct !== inner) {
          pieces.push(text.slice(kept, at + 1), distinct);
          kept = end - 1;
        }
      }
      at = end;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(text, at);
      const exact = needsCare(text, at, end) ? exactNumber(text.slice(at, end)) : 0;
      if (typeof exact === "string") {
        pieces.push(text.slice(kept, at), JSON.stringify(exact));
        kept = end;
      }
      at = end;
    } else {
      if (code === COLON) names++;
      else if (code === 0x5b || code === 0x7b) {
        if (++depth > DEEPEST)
          throw new SyntaxError(`brackets in brackets, deeper than ${DEEPEST}`);
      } else if (code === 0x5d || code === 0x7d) depth--;
      at++;
    }
  }
  escapes = text.includes("\\u");
  return { text: kept === 0 ? text : pieces.join("") + text.slice(kept), names, escapes };
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 0x30 && code <= 0x39;
    if (!digit && code !== 0x2e && code !== 0x2b && code !== 0x2d && (code | 0x20) !== 0x65) break;
  }
  return at;
}

/** Only what is a number gets a text: all else is left to be refused. */
function needsCare(text: string, from: number, to: number): boolean {
  let exponent = false;
  for (let at = from; at < to; at++) exponent ||= (text.charCodeAt(at) | 0x20) === 0x65;
  if (to - from <= SURELY_EXACT && !exponent) return false;
  if (to - from > 1_000) return true;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text.slice(from, to));
}

/** How many names the objects in a value have, and whether a text is broken. */
function survey(value: Json, texts: boolean): { names: number; broken: boolean } {
  let [names, broken] = [0, false];
  const rest: Json[] = [value];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    if (typeof one === "string") broken ||= texts && isBroken(one);
    else if (Array.isArray(one))
      for (const inner of one as readonly Json[]) push(rest, inner, texts);
    else {
      const record = one as { readonly [name: string]: Json };
      // All names are its own: nothing that can be enumerated is inherited.
      for (const name in record) {
        names++;
        broken ||= texts && isBroken(name);
        push(rest, record[name] ?? null, texts);
      }
    }
  }
  return { names, broken };
}

function push(rest: Json[], value: Json, texts: boolean): void {
  const open = typeof value === "object" ? value !== null : texts && typeof value === "string";
  if (open) rest.push(value);
}

/** Whether a text holds half of a pair of surrogates: such a text has no UTF-8. */
export function isBroken(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
