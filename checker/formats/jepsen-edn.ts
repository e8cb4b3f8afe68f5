/**
 * Jepsen's own histories: one vector (or list) of all operations, or one map after the other.
 *
 *     [{:process 0, :type :invoke, :f :read, :value nil, :time 123, :index 0} ...]
 *
 * `:process :nemesis` is no client. An `:info` stays open for good. The text has to be in one piece: at most 256 MiB.
 * A lenient reader goes on at the next line that begins with a map, as Jepsen writes them.
 */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import type { Damage } from "./damage.ts";
import { Entries, Tagged } from "./edn-forms.ts";
import { EdnError, EdnReader } from "./edn-reader.ts";
import { fieldsOf, type JepsenEvents } from "./jepsen-event.ts";
import { Lines } from "./lines.ts";
import { FieldError, fail } from "./values.ts";

export const LONGEST_EDN = 1 << 28;
/** A lenient reader goes over no character more often than this, on average. */
const MOST_PASSES = 20;
const BEGINS_A_MAP = /\n[ \t,[(]*(?:#[\w.]+)?\{/g;

export class JepsenEdnReader {
  readonly #damage: Damage;
  readonly #events: JepsenEvents;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  /** What closes the whole history, once it was opened, and the line of that. */
  #closes: string | undefined;
  #opened = 1;
  #finished = false;
  #begun = false;
  #work = 0;

  constructor(damage: Damage, events: JepsenEvents) {
    this.#damage = damage;
    this.#events = events;
  }

  feed(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > LONGEST_EDN)
      throw new HistoryFormatError(
        1,
        `EDN of more than ${LONGEST_EDN} bytes is not read: write it as JSON lines`,
      );
    this.#chunks.push(chunk.slice());
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): void {
    const text = this.#text();
    const reader = new EdnReader(text);
    for (let more = true; more; ) {
      const next = reader.peek();
      const start = reader.at;
      const line = reader.lineAt(start);
      try {
        more = this.#step(reader, next, line);
      } catch (error) {
        more = this.#recover(error, reader, text, start, line);
      }
    }
  }

  /** The whole text, each line of which is sound by itself. */
  #text(): string {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    try {
      const text =
        this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") +
        decoder.decode();
      if (!text.includes("\0")) return text;
    } catch {
      // Which line it is, the slow way says.
    }
    const sound: string[] = [];
    const lines = new Lines(this.#damage, (text, line) => {
      while (sound.length < line - 1) sound.push("");
      sound.push(text);
    });
    for (const chunk of this.#chunks) lines.feed(chunk);
    lines.end();
    return sound.join("\n");
  }

  /** @returns whether there may be more. */
  #step(reader: EdnReader, next: string, line: number): boolean {
    if (next === "") {
      if (this.#closes === undefined) return false;
      const cut = `cut short: the bracket that line ${this.#opened} opened is not closed`;
      this.#damage.harmless(line, cut);
      return false;
    }
    if (!this.#begun && (next === "[" || next === "(")) {
      this.#closes = next === "[" ? "]" : ")";
      this.#opened = line;
      this.#begun = true;
      reader.skip();
      return true;
    }
    if (next === this.#closes) {
      this.#closes = undefined;
      this.#finished = true;
      reader.skip();
      return true;
    }
    if (this.#finished) {
      this.#finished = false;
      this.#damage.unreadable(line, "something follows after the end of the history");
    }
    const form = reader.form();
    if (form === undefined) {
      const after = reader.peek();
      if (after === "" || after === this.#closes) return true;
      throw new EdnError(line, `${after} closes nothing`);
    }
    this.#begun = true;
    const map = form instanceof Tagged ? form.form : form;
    if (!(map instanceof Entries)) fail("an operation in braces was expected");
    this.#events.take(fieldsOf(map), line);
    return true;
  }

  /** @returns whether there may be more. */
  #recover(error: unknown, reader: EdnReader, text: string, start: number, line: number): boolean {
    if (error instanceof FieldError) {
      this.#damage.unreadable(line, error.message);
      return true;
    }
    if (!(error instanceof EdnError)) throw error;
    this.#work += error.atEnd ? text.length - start : reader.at - start;
    if (this.#work > MOST_PASSES * text.length)
      throw new HistoryFormatError(line, `${error.message}; the file is too damaged to go on`);
    BEGINS_A_MAP.lastIndex = start;
    const next = BEGINS_A_MAP.exec(text);
    this.#begun = true;
    if (next === null) {
      if (error.atEnd) this.#damage.harmless(line, error.message);
      else this.#damage.unreadable(error.line, error.message);
      return false;
    }
    this.#damage.unreadable(error.line, error.message);
    let skipped = 1;
    for (let at = text.indexOf("\n", start); at < next.index; at = text.indexOf("\n", at + 1))
      skipped += 1;
    reader.moveTo(next.index + 1, line + skipped);
    return true;
  }
}
