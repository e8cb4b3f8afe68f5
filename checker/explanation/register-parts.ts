/**
 * The two sides of a register's violation, from the rows of its certificate alone: two values, each of which must come
 * before the other, and the two operations that force each of both; or a read and the write that cannot explain it.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { canonical } from "../value.ts";

/** A value with the write that wrote it; the initial value was written by nobody. */
export interface Source {
  readonly value: Json;
  readonly write: Operation | undefined;
}

/** `before` (or the initial state, when `undefined`) was over when `after` began. */
export interface Precedence {
  readonly before: Operation | undefined;
  readonly after: Operation;
}

export interface TwoSides {
  /** Written (invoked) first. */
  readonly older: Source;
  readonly newer: Source;
  readonly olderFirst: Precedence;
  readonly newerFirst: Precedence;
}

/** @returns `undefined` when these are not the operations of two values that must precede each other. */
export function twoSidesOf(operations: readonly Operation[]): TwoSides | undefined {
  const clusters = new Map<string, Operation[]>();
  for (const op of operations) {
    const text = canonical(valueTold(op));
    clusters.set(text, [...(clusters.get(text) ?? []), op]);
  }
  if (clusters.size !== 2) return undefined;
  const [a, b] = [...clusters.values()].map(writeFirst);
  if (a === undefined || b === undefined) return undefined;
  const [older, newer] = begun(a) < begun(b) ? [a, b] : [b, a];
  const [oldest, newest] = [sourceOf(older), sourceOf(newer)];
  if (newest === undefined || oldest === undefined || newest.write === undefined) return undefined;
  const olderFirst = precedence(older, newer, oldest.write === undefined);
  const newerFirst = precedence(newer, older, false);
  if (olderFirst === undefined || newerFirst === undefined) return undefined;
  return { older: oldest, newer: newest, olderFirst, newerFirst };
}

export function valueTold(op: Operation): Json {
  return op.f === "write" ? op.input : (op.output ?? null);
}

function writeFirst(operations: readonly Operation[]): Operation[] {
  return [...operations].sort(
    (x, y) => Number(y.f === "write") - Number(x.f === "write") || x.id - y.id,
  );
}

/** When the value was written; the initial one before everything. */
function begun([first]: readonly Operation[]): number {
  return first?.f === "write" ? first.id : -1;
}

function sourceOf([first]: readonly Operation[]): Source | undefined {
  if (first === undefined) return undefined;
  return { value: valueTold(first), write: first.f === "write" ? first : undefined };
}

/** The pair nearest to the writes: "acknowledged, then read" is easier to see than a chain of reads. */
function precedence(
  first: readonly Operation[],
  second: readonly Operation[],
  initial: boolean,
): Precedence | undefined {
  for (const after of second) {
    if (initial) return { before: undefined, after };
    const before = first.find((op) => op.completed !== undefined && op.completed < after.id);
    if (before !== undefined) return { before, after };
  }
  return undefined;
}
