/**
 * What stamps prove about clocks. A wall clock that stamped a write did so between the write's
 * invocation and its completion, so (clock - true time) of its node lies in [stamp - completed,
 * stamp - invoked]. Two such intervals bound the difference of two clocks, and every further write
 * of a node can only tighten its interval, as long as nothing changed its clock in between.
 *
 * Two things would make a stamp lie about its clock, and both are allowed for: a coarse clock reads
 * too low by up to its resolution, and a node that keeps its stamps increasing counts on by ones
 * after its clock was set back.
 */
import type { Event } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import type { SkewBound } from "../proto/verdict.ts";

/** A reading of a node's wall clock: (clock - true time) lies in [low, high], in nanoseconds. */
interface Sample {
  readonly write: Operation;
  readonly stamp: bigint;
  readonly low: bigint;
  readonly high: bigint;
  /** False where the stamp may be a count from the one before it, and not a reading. */
  readonly reading: boolean;
}

interface NodeClock {
  /** In the order of the invocations of their writes. */
  readonly samples: readonly Sample[];
  readonly sampleOf: ReadonlyMap<Operation, Sample>;
  /** True times at which the clock may have changed. */
  readonly changes: readonly number[];
  /**
   * False when the clock may run at another rate, so that samples at other times say nothing of
   * now.
   */
  readonly steady: boolean;
}

export type Clocks = ReadonlyMap<string, NodeClock>;

/** Steps between stamps of one node that no clock makes between two requests, in nanoseconds. */
const COUNTING_STEP = 1_000n;
/**
 * How far from the recorded moment of a change the change may really have happened, in nanoseconds.
 */
const CHANGE_MARGIN = 100_000_000;
const RATE = /drift|rate|ppm|freeze/i;

/** The wall clocks of all nodes, as far as the acknowledged writes show them. */
export function clocksOf(events: readonly Event[], operations: readonly Operation[]): Clocks {
  const stamps = new Map<string, Set<bigint>>();
  const writes = new Map<string, Operation[]>();
  for (const op of operations) {
    const seen = op.seen;
    if (op.status !== "ok" || seen?.stamp === undefined || seen.clock !== "wall") continue;
    const node = seen.by ?? op.node;
    stamps.set(node, (stamps.get(node) ?? new Set()).add(BigInt(seen.stamp)));
    if (op.f !== "write") continue;
    const others = writes.get(node);
    if (others === undefined) writes.set(node, [op]);
    else others.push(op);
  }
  const clocks = new Map<string, NodeClock>();
  for (const [node, given] of stamps) {
    const samples = samplesOf(writes.get(node) ?? [], [...given]);
    const sampleOf = new Map(samples.map((sample) => [sample.write, sample]));
    clocks.set(node, { samples, sampleOf, ...changesOf(events, node) });
  }
  return clocks;
}

function samplesOf(writes: readonly Operation[], stamps: readonly bigint[]): Sample[] {
  const ascending = [...stamps].sort((a, b) => (a < b ? -1 : 1));
  const counted = new Set<bigint>();
  for (const [i, stamp] of ascending.entries()) {
    const previous = ascending[i - 1];
    if (previous !== undefined && stamp - previous < COUNTING_STEP) counted.add(stamp);
  }
  const coarse = resolutionOf(stamps.filter((stamp) => !counted.has(stamp)));
  return writes.flatMap((write) => {
    if (write.completedAt === undefined || write.seen?.stamp === undefined) return [];
    const stamp = BigInt(write.seen.stamp);
    const low = stamp - BigInt(write.completedAt);
    const high = stamp + coarse - 1n - BigInt(write.invokedAt);
    return [{ write, stamp, low, high, reading: !counted.has(stamp) }];
  });
}

/**
 * The largest power of ten that divides every stamp, at most a second: the coarsest clock they
 * could come from.
 */
function resolutionOf(stamps: readonly bigint[]): bigint {
  let resolution = 1n;
  while (resolution < 1_000_000_000n && stamps.every((stamp) => stamp % (resolution * 10n) === 0n))
    resolution *= 10n;
  return resolution;
}

function changesOf(events: readonly Event[], node: string): { changes: number[]; steady: boolean } {
  const changes: number[] = [];
  let steady = true;
  for (const event of events) {
    if (!("node" in event) || event.node !== node) continue;
    if (event.type === "fault") {
      changes.push(event.time);
      if (RATE.test(event.f) || Object.keys(event.detail).some((option) => RATE.test(option)))
        steady = false;
    } else if (event.type === "note" && event.kind === "clock") {
      changes.push(event.time);
      if (event.rate !== 1) steady = false;
    }
  }
  return { changes, steady };
}

/**
 * How far the clock that stamped `ahead` was ahead of the one that stamped `behind`, each at its
 * own moment.
 * @returns `undefined` when the stamps are no readings of wall clocks that an interval could be had
 * from.
 */
export function skewBetween(
  clocks: Clocks,
  ahead: Operation,
  behind: Operation,
): SkewBound | undefined {
  const [first, second] = [ahead.seen?.by ?? ahead.node, behind.seen?.by ?? behind.node];
  const a = first === second ? undefined : tightened(clocks.get(first), ahead);
  const b = first === second ? undefined : tightened(clocks.get(second), behind);
  if (a === undefined || b === undefined) return undefined;
  return {
    ahead: first,
    behind: second,
    atLeastNs: outward(a.low - b.high, -1n),
    atMostNs: outward(a.high - b.low, 1n),
  };
}

interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * The write's own sample, met with its neighbours in time while they agree and nothing changed the
 * clock.
 */
function tightened(clock: NodeClock | undefined, write: Operation): Interval | undefined {
  const own = clock?.sampleOf.get(write);
  if (clock === undefined || own === undefined || !own.reading) return undefined;
  let interval: Interval = own;
  if (!clock.steady) return interval;
  const at = clock.samples.indexOf(own);
  const [back, forth] = [clock.samples.slice(0, at).reverse(), clock.samples.slice(at + 1)];
  for (const neighbours of [back, forth]) {
    for (const neighbour of neighbours) {
      if (!neighbour.reading) continue;
      if (changedBetween(clock.changes, own.write, neighbour.write)) break;
      const met = meet(interval, neighbour);
      if (met === undefined) break;
      interval = met;
    }
  }
  return interval;
}

function meet(a: Interval, b: Interval): Interval | undefined {
  const low = a.low > b.low ? a.low : b.low;
  const high = a.high < b.high ? a.high : b.high;
  return low <= high ? { low, high } : undefined;
}

function changedBetween(changes: readonly number[], a: Operation, b: Operation): boolean {
  const from = Math.min(a.invokedAt, b.invokedAt) - CHANGE_MARGIN;
  const to = Math.max(a.completedAt ?? a.invokedAt, b.completedAt ?? b.invokedAt) + CHANGE_MARGIN;
  return changes.some((time) => time >= from && time <= to);
}

/** A bigint as a number that never claims more than the bigint: beyond 2^53 it is moved outward. */
function outward(value: bigint, direction: 1n | -1n): number {
  const safe =
    value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER);
  return Number(safe ? value : value + direction * 2_048n);
}
