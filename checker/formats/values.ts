/** What fields of events may hold, whatever the format; sentences about what they may not. */
import type { OperationEvent } from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";

/** A field that is not what it must be. The reader of lines says where. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

export type EventType = OperationEvent["type"];

export function eventType(value: unknown): EventType {
  if (value === "invoke" || value === "ok" || value === "fail" || value === "info") return value;
  throw new FieldError(`the type ${told(value)} is none of invoke, ok, fail and info`);
}

export function processOf(value: unknown): number | string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value + 0;
  throw new FieldError(`the process ${told(value)} is neither a whole number nor a name`);
}

export function indexOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value + 0;
  throw new FieldError(`the index ${told(value)} is no whole number`);
}

/** NaN where there is none. Whether it can be is asked later, of all formats alike. */
export function timeOf(value: unknown): number {
  if (value === undefined || value === null) return Number.NaN;
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?[\de-]+n$/.test(value)
    ? Number.POSITIVE_INFINITY
    : fail(`the time ${told(value)} is no number`);
}

/** `[key, value]`. */
export function keyedValue(value: Json): readonly [key: Json, value: Json] {
  const pair: readonly Json[] = Array.isArray(value) ? value : [];
  const [key, inner] = pair;
  if (key === undefined || inner === undefined || pair.length !== 2)
    throw new FieldError(`the value ${told(value)} is no [key, value], which keyed asks for`);
  return [key, inner];
}

/** Texts that have to tell things apart: 1 and "1" may not become the same key. */
export class Distinct {
  readonly #kinds = new Map<string, string>();

  /** @throws FieldError when the same text stood for something of another kind. */
  text(text: string, kind: string): string {
    const known = this.#kinds.get(text);
    if (known === undefined) this.#kinds.set(text, kind);
    else if (known !== kind)
      throw new FieldError(`${told(text)} is both a ${known} and a ${kind}: they would be one`);
    return text;
  }

  key(key: Json): string {
    if (typeof key === "string") return this.text(key, "text");
    return this.text(JSON.stringify(key), typeof key === "object" ? "structure" : typeof key);
  }
}

const LONGEST = 60;

/** A value in a sentence. */
export function told(value: unknown): string {
  if (value === undefined) return "(none)";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

export function fail(reason: string): never {
  throw new FieldError(reason);
}
