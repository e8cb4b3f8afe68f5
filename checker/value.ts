/**
 * Equality of values. Two JSON values are the same value when they are written the same once object
 * keys are sorted; the checkers compare these texts, so that a value may be anything that a history
 * can hold.
 */
import type { Json } from "../proto/json.ts";

/** A text that is equal for equal values and for no others. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
