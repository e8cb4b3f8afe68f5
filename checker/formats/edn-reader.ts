/**
 * Reads EDN, form by form, without recursion: however deep brackets are nested, it is a sentence and no crash.
 *
 * Why our own: the one kept library (edn-data 1.2.2) gives 9007199254740992 for 9007199254740993, `null` for a vector
 * that is cut short, takes `}` for `]`, leaves out what follows the first form, and knows no lines.
 */
import { Entries, type Form, Keyword, Row, SetOf, Tagged, Word } from "./edn-forms.ts";
import { distinctText, exactNumber, SURELY_EXACT } from "./exact-number.ts";
import { DEEPEST } from "./json-line.ts";

/** `line`, from 1: where it went wrong. */
export class EdnError extends Error {
  override readonly name = "EdnError";
  readonly line: number;
  /** The text ended before the form did. */
  readonly atEnd: boolean;
  constructor(line: number, message: string, atEnd = false) {
    super(message);
    this.line = line;
    this.atEnd = atEnd;
  }
}

/** An open bracket, or a mark that waits for the form it belongs to. */
interface Frame {
  readonly closes: "]" | ")" | "}" | "tag" | "discard";
  readonly make: (items: Form[]) => Form;
  readonly items: Form[];
  readonly start: number;
}

const CLOSERS = new Set(["]", ")", "}"]);
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ t: "\t", r: "\r", n: "\n", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" },
};
const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ newline: "\n", space: " ", tab: "\t", return: "\r", backspace: "\b", formfeed: "\f" },
};
const INTEGER = /^[-+]?(?:0|[1-9]\d*)N?$/;
const DECIMAL = /^[-+]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?M?$/;

export class EdnReader {
  readonly #text: string;
  readonly #keywords = new Map<string, Keyword>();
  #at: number;
  #line: number;
  /** Where the line after that begins. */
  #nextLine: number;

  constructor(text: string, line = 1) {
    this.#text = text;
    this.#at = 0;
    this.#line = line;
    this.#nextLine = beginOfNextLine(text, 0);
  }

  get at(): number {
    return this.#at;
  }

  /** The line of a place that is not before the last one asked for. */
  lineAt(place: number): number {
    while (this.#nextLine <= place) {
      this.#line += 1;
      this.#nextLine = beginOfNextLine(this.#text, this.#nextLine);
    }
    return this.#line;
  }

  /** The character after spaces and comments; "" at the end. */
  peek(): string {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x3b) this.#at = endOfLine(text, this.#at);
      else if (!isSpace(code)) return text[this.#at] ?? "";
    }
    return "";
  }

  /** Passes over the character that was peeked at. */
  skip(): void {
    this.#at += 1;
  }

  /** Goes on at another place, ahead or behind. `line` is that place's. */
  moveTo(place: number, line: number): void {
    this.#at = place;
    this.#line = line;
    this.#nextLine = beginOfNextLine(this.#text, place);
  }

  /** The next form; `undefined` when only what is to be passed over comes before `closer` or the end. @throws EdnError */
  form(): Form | undefined {
    const open: Frame[] = [];
    for (;;) {
      const next = this.peek();
      if (next === "") {
        const [first] = open;
        if (first === undefined) return undefined;
        throw this.#error(first.start, "cut short: a bracket is not closed before the end", true);
      }
      if (CLOSERS.has(next)) {
        const frame = open.at(-1);
        if (frame === undefined) return undefined;
        if (frame.closes !== next) throw this.#error(this.#at, `${next} closes nothing`);
        this.skip();
        open.pop();
        const whole = this.#finish(this.#make(frame), open);
        if (whole !== undefined) return whole.form;
      } else if (!this.#opens(next, open)) {
        const whole = this.#finish(this.#plain(next), open);
        if (whole !== undefined) return whole.form;
      }
      // A form that was passed over at the top.
    }
  }

  #make(frame: Frame): Form {
    try {
      return frame.make(frame.items);
    } catch (error) {
      throw this.#error(frame.start, (error as Error).message);
    }
  }

  /** Gives a form to what is open. @returns the form itself when nothing is. */
  #finish(form: Form, open: Frame[]): { form: Form } | undefined {
    let whole = form;
    for (;;) {
      const frame = open.at(-1);
      if (frame === undefined) return { form: whole };
      frame.items.push(whole);
      if (frame.closes === "discard") {
        open.pop();
        return undefined;
      }
      if (frame.closes !== "tag") return undefined;
      open.pop();
      whole = this.#make(frame);
    }
  }

  /** @returns false when `next` begins a form that is whole by itself. */
  #opens(next: string, open: Frame[]): boolean {
    const start = this.#at;
    const push = (length: number, closes: Frame["closes"], make: Frame["make"]): true => {
      if (open.length >= DEEPEST)
        throw this.#error(start, `brackets in brackets, deeper than ${DEEPEST}`);
      this.#at += length;
      open.push({ closes, make, items: [], start });
      return true;
    };
    if (next === "[") return push(1, "]", (items) => new Row(items));
    if (next === "(") return push(1, ")", (items) => new Row(items));
    if (next === "{") return push(1, "}", entriesOf);
    if (next !== "#") return false;
    const second = this.#text[start + 1] ?? "";
    if (second === "{") return push(2, "}", (items) => new SetOf(items));
    if (second === "_") return push(2, "discard", () => null);
    if (second === "#") return false;
    const end = endOfToken(this.#text, start + 1);
    const tag = this.#text.slice(start + 1, end);
    if (!/^:?[A-Za-z]/.test(tag)) throw this.#error(start, `# before ${told(second)} is no EDN`);
    return push(end - start, "tag", ([form]) => tagged(tag, form ?? null));
  }

  #plain(next: string): Form {
    const start = this.#at;
    if (next === '"') return this.#string();
    // The character after a backslash may be a bracket.
    const end = endOfToken(this.#text, next === "\\" || next === "#" ? start + 2 : start);
    const token = this.#text.slice(start, end);
    this.#at = end;
    const code = token.charCodeAt(0);
    if (code === 0x3a) return this.#keyword(token);
    if ((code >= 0x30 && code <= 0x39) || /^[-+]\d/.test(token)) return this.#number(token);
    if (token === "nil") return null;
    if (token === "true") return true;
    if (token === "false") return false;
    if (next === "\\") return this.#character(token);
    if (next === "^" || next === "@" || next === "`" || next === "~" || token.includes("\\"))
      throw this.#error(start, `${told(token)} is no EDN`);
    return new Word("symbol", token);
  }

  #keyword(token: string): Keyword {
    if (token.length === 1) throw this.#error(this.#at - 1, "a keyword without a name");
    const known = this.#keywords.get(token);
    if (known !== undefined) return known;
    const keyword = new Keyword(token.slice(1));
    // Keywords are few; a file of nothing else is not to be kept twice.
    if (this.#keywords.size < 10_000) this.#keywords.set(token, keyword);
    return keyword;
  }

  #number(token: string): Form {
    if (token.length <= SURELY_EXACT && /^-?(?:0|[1-9]\d*)$/.test(token)) return Number(token);
    // Such as 0x1F or 1/2: no value, but they may stand in an error.
    if (token.length < 10_000 && !INTEGER.test(token) && !DECIMAL.test(token))
      return new Word("number", token);
    try {
      const exact = exactNumber(token.replace(/[NM]$/, ""));
      return typeof exact === "number" ? exact : new Word("number", exact);
    } catch (error) {
      throw this.#error(this.#at - token.length, (error as Error).message);
    }
  }

  #character(token: string): Word {
    const name = token.slice(1);
    const named = Object.hasOwn(CHARACTERS, name) ? CHARACTERS[name] : undefined;
    if (named !== undefined) return new Word("character", named);
    if (/^u[\dA-Fa-f]{4}$/.test(name))
      return new Word("character", String.fromCharCode(Number.parseInt(name.slice(1), 16)));
    if ([...name].length === 1) return new Word("character", name);
    throw this.#error(this.#at - token.length, `there is no character ${told(token)}`);
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    const pieces: string[] = [];
    let kept = start + 1;
    for (let at = kept; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        const last = text.slice(kept, at);
        return distinctText(pieces.length === 0 ? last : pieces.join("") + last);
      }
      if (code !== 0x5c) continue;
      pieces.push(text.slice(kept, at));
      const letter = text[at + 1] ?? "";
      const hex = letter === "u" ? text.slice(at + 2, at + 6) : "";
      const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
      if (plain !== undefined) pieces.push(plain);
      else if (/^[\dA-Fa-f]{4}$/.test(hex))
        pieces.push(String.fromCharCode(Number.parseInt(hex, 16)));
      else if (at + 1 < text.length) throw this.#error(at, `\\${letter} in a text is no EDN`);
      at += 1 + hex.length;
      kept = at + 1;
    }
    throw this.#error(start, "cut short: a text is not closed before the end", true);
  }

  #error(place: number, message: string, atEnd = false): EdnError {
    return new EdnError(this.lineAt(place), message, atEnd);
  }
}

function entriesOf(items: Form[]): Entries {
  if (items.length % 2 !== 0) throw new SyntaxError("a map with a key and no value");
  return new Entries(items);
}

/** `#:name{:a 1}` is `{:name/a 1}`. */
function tagged(tag: string, form: Form): Form {
  if (!tag.startsWith(":") || !(form instanceof Entries)) return new Tagged(tag, form);
  const named = form.entries.map((one, i) =>
    i % 2 === 0 && one instanceof Keyword && !one.name.includes("/")
      ? new Keyword(`${tag.slice(1)}/${one.name}`)
      : one,
  );
  return new Entries(named);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x2c || (code >= 0x09 && code <= 0x0d) || code === 0xfeff;
}

function beginOfNextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? Number.POSITIVE_INFINITY : end + 1;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function endOfToken(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === 0x22 || code === 0x3b || code === 0x28 || code === 0x29) break;
    if (code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d) break;
  }
  return at;
}

function told(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
