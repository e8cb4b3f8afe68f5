/**
 * The writes of one key that took effect, with what clients saw of them: when each was certainly in
 * effect, the stamp that conflict resolution gave it, and who read it. Stamps come from answers, so
 * they are what clients were shown.
 */
import type { Seen } from "../proto/history.ts";
import type { Json } from "../proto/json.ts";
import type { Operation } from "../proto/operation.ts";
import { canonical } from "./value.ts";

export interface Stamp {
  /** Compared first; nanoseconds when `clock` is `wall`. */
  readonly value: bigint;
  /** The node that gave it. */
  readonly by: string;
  readonly clock: Seen["clock"];
}

/** A write that was acknowledged, or whose value was read. */
export interface Effect {
  readonly write: Operation;
  /** Acknowledged reads that returned its value, in the order of their invocations. */
  readonly reads: readonly Operation[];
  /**
   * Index of the first event that proves it in effect: its own completion or that of a read of it.
   */
  readonly known: number;
  /** The operation whose completion that is. */
  readonly knownBy: Operation;
  readonly stamp: Stamp | undefined;
}

export interface KeyEffects {
  readonly key: string;
  readonly effects: readonly Effect[];
  /**
   * The write that a read returned; none for the initial value, and for what nobody effectively
   * wrote.
   */
  readonly sourceOf: ReadonlyMap<Operation, Effect>;
  /** Acknowledged reads in the order of their invocations. */
  readonly reads: readonly Operation[];
  /** A value that was written more than once, so that reads of it have no certain writer. */
  readonly repeated: Json | undefined;
}

/** The effects on one key; `operations` are that key's, in the order of their invocations. */
export function effectsOf(key: string, operations: readonly Operation[]): KeyEffects {
  const reads = operations.filter((op) => op.f === "read" && op.status === "ok");
  const readsOf = new Map<string, Operation[]>();
  for (const read of reads) {
    const value = canonical(read.output ?? null);
    const same = readsOf.get(value);
    if (same === undefined) readsOf.set(value, [read]);
    else same.push(read);
  }
  const effects: Effect[] = [];
  const sourceOf = new Map<Operation, Effect>();
  const written = new Set([canonical(null)]);
  let repeated: Json | undefined;
  for (const write of operations) {
    if (write.f !== "write" || write.status === "fail") continue;
    const value = canonical(write.input);
    if (written.has(value)) repeated = write.input;
    written.add(value);
    const effect = observed(write, readsOf.get(value) ?? []);
    if (effect === undefined) continue;
    effects.push(effect);
    for (const read of effect.reads) sourceOf.set(read, effect);
  }
  return { key, effects, sourceOf, reads, repeated };
}

function observed(write: Operation, reads: readonly Operation[]): Effect | undefined {
  let known = write.completed ?? Number.POSITIVE_INFINITY;
  let knownBy: Operation | undefined = write.completed === undefined ? undefined : write;
  for (const read of reads) {
    if (read.completed === undefined || read.completed >= known) continue;
    known = read.completed;
    knownBy = read;
  }
  if (knownBy === undefined) return undefined;
  return { write, reads, known, knownBy, stamp: stampOf(write, reads) };
}

/** From the write's own answer, or, when there was none, from the first read that showed it. */
function stampOf(write: Operation, reads: readonly Operation[]): Stamp | undefined {
  const shows = [write, ...reads].find((op) => op.seen?.stamp !== undefined);
  if (shows?.seen?.stamp === undefined) return undefined;
  const { stamp, by, clock } = shows.seen;
  return { value: BigInt(stamp), by: by ?? write.node, clock };
}

/** Was `earlier` certainly in effect when `later` was invoked? */
export function happenedBefore(earlier: Effect, later: Effect): boolean {
  return earlier.known < later.write.id;
}
