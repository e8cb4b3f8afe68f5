/**
 * Reads published histories, which have no times: the order of the events is their time. Two
 * forms: JSON lines, and as much of Jepsen's EDN as maps of keywords and plain values need.
 */
import type { Json } from "../../../proto/json.ts";
import { FAIL, INFO, NEVER, OK } from "../../history/columns.ts";
import type { Recorded } from "./random-part.ts";

export interface PublishedEvent {
  readonly process: Json;
  readonly type: string;
  readonly f: string;
  readonly key: string;
  readonly value: Json;
}

export function eventsOfLines(text: string): PublishedEvent[] {
  return text
    .split("\n")
    .flatMap((line) => (line.trim() === "" ? [] : [eventOf(JSON.parse(line))]));
}

export function eventsOfEdn(text: string): PublishedEvent[] {
  const [history] = new EdnReader(text).all();
  if (!Array.isArray(history)) throw new TypeError("an EDN history is a list of maps");
  return history.map(eventOf);
}

function eventOf(event: Json): PublishedEvent {
  const map = (typeof event === "object" && event !== null ? event : {}) as Record<string, Json>;
  const { process, type, f, key, value } = map;
  return {
    process: process ?? null,
    type: String(type),
    f: String(f),
    key: String(key ?? ""),
    value: value ?? null,
  };
}

/** The operations of each key. What the histories call `info` never returned. */
export function operationsOf(events: readonly PublishedEvent[]): Map<string, Recorded[]> {
  const keys = new Map<string, Recorded[]>();
  const open = new Map<Json, { ops: Recorded[]; at: number }>();
  for (const [rank, { process, type, f, key, value }] of events.entries()) {
    if (typeof process !== "number") continue;
    if (type === "invoke") {
      const ops = keys.get(key) ?? [];
      keys.set(key, ops);
      open.set(process, { ops, at: ops.length });
      const invoked = { invoked: rank, completed: NEVER, status: INFO, output: undefined };
      ops.push({ f, input: value, ...invoked });
      continue;
    }
    const call = open.get(process);
    const op = call?.ops[call.at];
    if (call === undefined || op === undefined || type === "info") continue;
    open.delete(process);
    const status = type === "ok" ? OK : FAIL;
    const output = status === OK ? value : undefined;
    call.ops[call.at] = { ...op, status, output, completed: rank };
  }
  return keys;
}

/** Symbols, keywords and strings become strings; lists, vectors and sets arrays; `nil` null. */
class EdnReader {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    const uncommented = text.replaceAll(/;[^\n]*/g, "");
    this.#tokens = uncommented.match(/#?[{[(]|[}\])]|"(?:[^"\\]|\\.)*"|[^\s,{}[\]()"]+/g) ?? [];
  }

  all(): Json[] {
    const forms: Json[] = [];
    while (this.#at < this.#tokens.length) forms.push(this.#form());
    return forms;
  }

  #form(): Json {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError("the EDN ends too early");
    if (token === "{") return Object.fromEntries(pairs(this.#until("}")));
    if (/^#?[[({]$/.test(token)) return this.#until(/[[]$/.test(token) ? "]" : closes(token));
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (token.startsWith("#")) return this.#form();
    if (token === "nil") return null;
    if (token === "true" || token === "false") return token === "true";
    return /^[-+]?\d/.test(token) ? Number(token) : token.replace(/^:/, "");
  }

  #until(end: string): Json[] {
    const forms: Json[] = [];
    while (this.#tokens[this.#at] !== end) forms.push(this.#form());
    this.#at++;
    return forms;
  }
}

function closes(token: string): string {
  return token.endsWith("(") ? ")" : "}";
}

function pairs(forms: readonly Json[]): [string, Json][] {
  const found: [string, Json][] = [];
  for (let i = 0; i < forms.length; i += 2) found.push([String(forms[i]), forms[i + 1] ?? null]);
  return found;
}
