/**
 * Which acknowledged writes of a key were lost to a write that certainly came before them.
 *
 * Last write wins drops a write when an older one carries a newer stamp: such a write is doomed,
 * for every replica that knows both keeps the other. The loss is confirmed when a read that began
 * after the acknowledgement returns the other. Without stamps only the final reads confirm a loss,
 * for before them a replica may just be behind. A write that was replaced by a concurrent one is
 * the resolution's right, and no loss.
 */
import type { Operation } from "../proto/operation.ts";
import { type Effect, happenedBefore, type KeyEffects } from "./effects.ts";

export interface Loss {
  readonly key: string;
  /** The older write that was kept; `undefined` when the key went back to never written. */
  readonly kept: Effect | undefined;
  readonly lost: Effect;
  /** The read, begun after the acknowledgement, that returned the older value. */
  readonly read: Operation;
  /** Whether the older write carries the newer stamp, which proves that the loss is for good. */
  readonly inverted: boolean;
  /** A final read that shows the lost write, or a newer one, on some other replica. */
  readonly elsewhere: Operation | undefined;
}

export interface KeyLosses {
  readonly losses: readonly Loss[];
  /** Acknowledged writes with an older stamp than a write before them. */
  readonly doomed: readonly Effect[];
  /** How many of them were not seen lost, on keys without a final read that could tell. */
  readonly untold: number;
  readonly droppedConcurrent: number;
  /** Acknowledged writes whose loss would have been seen. */
  readonly checkable: number;
}

/**
 * Judges one key whose written values are all different; `isFinal` tells the reads after all faults
 * were healed.
 */
export function lossesOf(effects: KeyEffects, isFinal: (read: Operation) => boolean): KeyLosses {
  const acknowledged = effects.effects.filter(({ write }) => write.status === "ok");
  const finals = effects.reads.filter(isFinal);
  const doomed = doomedOf(effects, acknowledged);
  const isDoomed = new Set(doomed);
  const losses: Loss[] = [];
  for (const lost of acknowledged) {
    const loss = lossOf(effects, lost, isDoomed.has(lost) ? effects.reads : finals, finals);
    if (loss !== undefined) losses.push(loss);
  }
  const lastFinal = finals.at(-1)?.id ?? -1;
  const judged = ({ write }: Effect): boolean => lastFinal > (write.completed ?? lastFinal);
  const isLost = new Set(losses.map(({ lost }) => lost));
  return {
    losses,
    doomed,
    untold: doomed.filter((effect) => !isLost.has(effect) && !judged(effect)).length,
    droppedConcurrent: droppedConcurrent(effects, acknowledged, finals),
    checkable: acknowledged.filter((effect) => effect.stamp !== undefined || judged(effect)).length,
  };
}

/** One sweep: the greatest stamp among the writes certainly in effect before each invocation. */
function doomedOf(effects: KeyEffects, acknowledged: readonly Effect[]): Effect[] {
  const stamped = effects.effects.filter(({ stamp }) => stamp !== undefined);
  const byKnown = [...stamped].sort((a, b) => a.known - b.known);
  const doomed: Effect[] = [];
  let greatest: bigint | undefined;
  let next = 0;
  for (const effect of acknowledged) {
    for (
      let top = byKnown[next];
      top !== undefined && top.known < effect.write.id;
      top = byKnown[next]
    ) {
      const value = top.stamp?.value;
      if (value !== undefined && (greatest === undefined || value > greatest)) greatest = value;
      next += 1;
    }
    const own = effect.stamp?.value;
    if (own !== undefined && greatest !== undefined && own < greatest) doomed.push(effect);
  }
  return doomed;
}

function lossOf(
  effects: KeyEffects,
  lost: Effect,
  reads: readonly Operation[],
  finals: readonly Operation[],
): Loss | undefined {
  const acknowledged = lost.write.completed;
  if (acknowledged === undefined) return undefined;
  const later = finals.filter((read) => read.id > acknowledged);
  const [older, others] = [true, false].map((is) =>
    later.filter((read) => isOlder(effects, read, lost) === is),
  );
  // The final reads show it, and none shows an older value: whatever was read before, it was not
  // lost.
  if (older?.length === 0 && others?.some((read) => effects.sourceOf.get(read) === lost))
    return undefined;
  for (const read of reads) {
    if (read.id < acknowledged || !isOlder(effects, read, lost)) continue;
    const kept = effects.sourceOf.get(read);
    const inverted = kept !== undefined && isInverted(kept, lost);
    if (inverted || finals.includes(read))
      return { key: effects.key, kept, lost, read, inverted, elsewhere: others?.[0] };
  }
  return undefined;
}

/**
 * Did the read return a value that was certainly in effect before `effect` was invoked, or the
 * initial one?
 */
function isOlder(effects: KeyEffects, read: Operation, effect: Effect): boolean {
  if (read.output === null) return true;
  const source = effects.sourceOf.get(read);
  return source !== undefined && happenedBefore(source, effect);
}

/**
 * The order of ties is the system's own business, so that only a strictly newer stamp proves
 * anything.
 */
function isInverted(kept: Effect, lost: Effect): boolean {
  return (
    kept.stamp !== undefined && lost.stamp !== undefined && lost.stamp.value < kept.stamp.value
  );
}

/**
 * Acknowledged writes that nothing certainly followed, replaced at the end by a write concurrent
 * with them.
 */
function droppedConcurrent(
  effects: KeyEffects,
  acknowledged: readonly Effect[],
  finals: readonly Operation[],
): number {
  const last = Math.max(-1, ...finals.slice(-1).map((read) => read.id));
  const latestInvocation = effects.effects.at(-1)?.write.id ?? -1;
  return acknowledged.filter((effect) => {
    const { completed } = effect.write;
    if (completed === undefined || completed > last || effect.known < latestInvocation)
      return false;
    const later = finals.filter((read) => read.id > completed);
    return later.every(
      (read) => effects.sourceOf.get(read) !== effect && !isOlder(effects, read, effect),
    );
  }).length;
}
