/**
 * Operations in a log of Jepsen's, one a line, whatever else the log says:
 *
 *     INFO  jepsen.util - 0 :invoke :write 4
 *     INFO [2024-03-01 10:00:00,123] jepsen worker 0 - jepsen.util 0	:ok	:write	4
 *     0	:info	:cas	[1 2]	:timed-out
 *
 * that is, process, type, operation, value and perhaps an error, with tabs or spaces between (`op->str` of
 * jepsen.util, as its logs and its history.txt have it). Instead of a value there may be an error, unless it is ok.
 */
import type { Damage } from "./damage.ts";
import type { Form } from "./edn-forms.ts";
import { Keyword } from "./edn-forms.ts";
import { EdnError, EdnReader } from "./edn-reader.ts";
import type { JepsenEvents } from "./jepsen-event.ts";
import { eventType, fail, told } from "./values.ts";

const TYPES = ["invoke", "ok", "fail", "info"];
const LOGGER = "jepsen.util";
const TYPE_AND_NAME = /:(?:invoke|ok|fail|info)[ \t]{1,9}:[a-z]/;

export class JepsenLogReader {
  readonly #damage: Damage;
  readonly #events: JepsenEvents;

  constructor(damage: Damage, events: JepsenEvents) {
    this.#damage = damage;
    this.#events = events;
  }

  /** @throws FieldError, HistoryFormatError, MalformedHistoryError */
  take(text: string, line: number, ended: boolean): void {
    const place = placeOf(text);
    if (place === undefined) return;
    if (!ended) {
      // A value without its last digit is another value.
      const cut = "cut short: the last line has no newline. Add one if the line is whole";
      this.#damage.harmless(line, cut);
      return;
    }
    const { process, type, rest } = place;
    const number = processOf(process);
    eventType(type);
    const [f, after] = firstForm(text.slice(rest));
    if (!(f instanceof Keyword)) fail("no operation such as :read after the type");
    if (TYPE_AND_NAME.test(after)) fail("a second operation on the same line");
    const strict = type === "invoke" || type === "ok";
    const [value, error] = strict ? wholeForm(after) : formOrError(after);
    this.#events.take(
      {
        ...{ process: number, type: new Keyword(type), f, value },
        ...(error === undefined ? {} : { error }),
      },
      line,
    );
  }
}

interface Place {
  readonly process: string;
  readonly type: string;
  /** Where the operation's name begins. */
  readonly rest: number;
}

/**
 * Where a line tells of an operation: where a type stands after a process. A line that looks much like one is taken
 * for one, to be refused: what was lost without a word would make a wrong verdict.
 */
function placeOf(text: string): Place | undefined {
  let first: Place | undefined;
  for (const type of TYPES) {
    const word = `:${type}`;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const rest = at + word.length;
      if (first !== undefined && first.rest <= rest) break;
      const process = tokenBefore(text, at);
      if (isSpace(text, rest) && /^(\d+|:nemesis)$/.test(process)) first = { process, type, rest };
    }
  }
  if (first !== undefined) return first;
  const logger = text.indexOf(LOGGER);
  const all = tokensFrom(text, logger < 0 ? 0 : logger + LOGGER.length);
  const [process, type, f] = all[0]?.text === "-" || all[0]?.text === ":" ? all.slice(1) : all;
  const looks =
    Number(/^(\d+|:nemesis)$/.test(process?.text ?? "")) +
    Number(TYPES.some((known) => type?.text === `:${known}`)) +
    Number(/^:./.test(f?.text ?? ""));
  if (looks < 2 && (logger < 0 || looks === 0) && !TYPE_AND_NAME.test(text)) return undefined;
  const at = type?.text.startsWith(":") === true ? type.text.slice(1) : (type?.text ?? "");
  return { process: process?.text ?? "", type: at, rest: type?.end ?? text.length };
}

function processOf(token: string): Form {
  if (token === ":nemesis") return new Keyword("nemesis");
  return /^\d+$/.test(token)
    ? Number(token)
    : fail(`the process ${told(token)} is no whole number`);
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

/** The word that ends before the spaces before `at`; "" when there are no spaces. */
function tokenBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && isSpace(text, end - 1)) end--;
  let from = end;
  while (from > 0 && end - from < 32 && !isSpace(text, from - 1)) from--;
  return end === at ? "" : text.slice(from, end);
}

/** The first words from a place on, four at most. */
function tokensFrom(text: string, start: number): { text: string; end: number }[] {
  const found: { text: string; end: number }[] = [];
  for (let at = start; at < text.length && found.length < 4; ) {
    while (at < text.length && isSpace(text, at)) at++;
    const from = at;
    while (at < text.length && !isSpace(text, at)) at++;
    if (at > from) found.push({ text: text.slice(from, at), end: at });
  }
  return found;
}

/** A form, and what comes after it. */
function firstForm(text: string): readonly [Form | undefined, string] {
  const reader = new EdnReader(text);
  try {
    const form = reader.form();
    return [form, text.slice(reader.at)];
  } catch (error) {
    if (error instanceof EdnError) fail(error.message);
    throw error;
  }
}

function wholeForm(text: string): readonly [Form, undefined] {
  const [form, rest] = firstForm(text);
  if (form === undefined) fail("the value is missing");
  if (rest.trim() !== "") fail(`${told(rest.trim())} stands after the value`);
  return [form, undefined];
}

/** After a failure a value may be followed by an error, which need not be EDN, or an error is all there is. */
function formOrError(text: string): readonly [Form, string | undefined] {
  try {
    const [form, rest] = firstForm(text);
    return [form ?? null, rest.trim() === "" ? undefined : rest.trim()];
  } catch {
    return [new Keyword("error"), text.trim()];
  }
}
