/**
 * How verdicts speak: one way to write a time, a value and an operation, so that every argument
 * reads alike.
 */
import type { Json } from "../proto/json.ts";
import type { Operation } from "../proto/operation.ts";

/** Nanoseconds since the run began, as seconds with three decimals. */
export function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`;
}

/**
 * A length of time in nanoseconds, as milliseconds with one decimal; below 0.1 ms in nanoseconds.
 */
export function milliseconds(ns: number): string {
  return Math.abs(ns) >= 1e5 || ns === 0 ? `${(ns / 1e6).toFixed(1)} ms` : `${ns} ns`;
}

export function shown(value: Json | undefined): string {
  return value === undefined ? "an unknown value" : JSON.stringify(value);
}

/** `op 12, process 3, n1`: enough to find the operation in the history. */
export function identity(op: Operation): string {
  return `op ${op.id}, process ${op.process}${op.node === "" ? "" : `, ${op.node}`}`;
}

/** `write 57 (op 12, process 3, n1)`, `read of 43 (op 20, process 4, n2)`. */
export function named(op: Operation): string {
  if (op.f === "write") return `write ${shown(op.input)} (${identity(op)})`;
  if (op.f === "read") return `read of ${shown(op.output)} (${identity(op)})`;
  return `${op.f} ${shown(op.input)} (${identity(op)})`;
}

/** When the answer came, or that none did. */
export function ended(op: Operation): string {
  return op.completedAt === undefined ? "no time known" : seconds(op.completedAt);
}

/** `1 key`, `3 keys`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
