/**
 * Linearizability of a lock: a mutex, a semaphore of k permits, or a read-write lock. Exact, in the time of a sort.
 *
 * A process surely holds from the end of its acquire to the beginning of its release. No other choice of instants makes
 * a hold shorter, so acquires may as well take effect at their ends and releases at their beginnings, and all is well
 * exactly if those holds never exceed the permits. An acquire of unknown outcome may as well not have happened; a
 * release of unknown outcome may as well have, at once.
 *
 * An acquire that was refused found the lock taken. In that order each takes the first place at which it was; if some
 * find none, other instants may have room, or an acquire that was never answered may hold: that is for others to decide,
 * unless too few can have held at any instant of it.
 *
 * A certificate may leave out holds, with their acquire and release, where nothing was refused.
 */
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, inapplicable, invalid, valid } from "./acts.ts";
import { placeRefused } from "./lock-refused.ts";
import { rankOrderOf } from "./rank-order.ts";

export const LOCK = "lock";
export const ACQUIRE = 0;

export interface LockRules {
  /** How many may hold at once; 1 unless told. A read-write lock has as many as it has readers. */
  readonly permits?: number;
  /** A read-write lock: an acquire whose input is `"write"` holds alone, one of `"read"` shares. */
  readonly shared?: boolean;
  /** Anybody may release what another acquired. Decided only where nobody does. */
  readonly ownerless?: boolean;
}

/** A lock as the sweep sees it; operations are indices into the acts. */
export interface Locking {
  readonly acts: Acts;
  readonly permits: number;
  readonly shared: boolean;
  /** 1 for what holds alone among readers. */
  readonly modes: Uint8Array;
  /** The release of an acquire and the acquire of a release, or -1. */
  readonly partner: Int32Array;
}

/**
 * `acquire` and `release`; the process is the holder. An acquire that was refused answers `false`; one that failed says
 * nothing.
 */
export function decideLock(part: Part, rules: LockRules = {}): Decision {
  const acts = actsOf(part, ["acquire", "release"], [], { kind: "acquire", failures: false });
  if (typeof acts === "string") return inapplicable(LOCK, acts);
  const { count, kind, begin, end, row } = acts;
  const shared = rules.shared === true;
  const modes = modesOf(acts, shared);
  if (modes === undefined) return inapplicable(LOCK, "an acquire is neither to read nor to write");
  const partner = new Int32Array(count).fill(-1);
  const strange = pairUp(acts, partner, rules.ownerless === true);
  if (strange !== undefined) return strange;
  const instant = new Int32Array(count);
  const effective = new Int32Array(count);
  let length = 0;
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === ACQUIRE && end[op] === NEVER) continue;
    if (at(kind, op) !== ACQUIRE && at(partner, op) < 0) continue;
    instant[op] = at(kind, op) === ACQUIRE ? at(end, op) : at(begin, op);
    effective[length++] = op;
  }
  const order = rankOrderOf(effective.subarray(0, length), instant);
  const permits = rules.permits ?? (shared ? NEVER : 1);
  const clash = clashOf(acts, order, modes, partner, permits);
  if (clash === undefined && acts.refused.length > 0)
    return placeRefused({ acts, permits, shared, modes, partner }, order);
  if (clash === undefined)
    return valid(
      LOCK,
      order.map((op) => at(row, op)),
    );
  const rows = clash.flatMap((op) => [op, at(partner, op)]).filter((op) => op >= 0);
  return invalid(
    LOCK,
    "held at once",
    rows.map((op) => at(row, op)),
  );
}

/** 1 for what holds alone among readers. */
function modesOf({ part, count, kind, input }: Acts, shared: boolean): Uint8Array | undefined {
  const modes = new Uint8Array(count);
  if (!shared) return modes;
  const { values } = part.columns;
  for (let op = 0; op < count; op++) {
    if (at(kind, op) !== ACQUIRE) continue;
    const mode = values.valueOf(at(input, op));
    if (mode !== "read" && mode !== "write") return undefined;
    modes[op] = mode === "write" ? 1 : 0;
  }
  return modes;
}

/** Finds the acquire of each release: the latest of its process that is not yet released. */
function pairUp(acts: Acts, partner: Int32Array, ownerless: boolean): Decision | undefined {
  const { part, count, kind, begin, end, row, output } = acts;
  const no = part.columns.values.find(false);
  const last = new Map<number, number>();
  for (let op = 0; op < count; op++) {
    const process = at(part.columns.process, at(row, op));
    if (at(begin, op) < (last.get(process) ?? -1))
      return inapplicable(
        LOCK,
        "a process does two things at once, or goes on after a lost answer",
      );
    last.set(process, at(end, op));
  }
  const held = new Map<number, number[]>();
  for (let op = 0; op < count; op++) {
    const process = at(part.columns.process, at(row, op));
    const holds = held.get(process) ?? [];
    held.set(process, holds);
    if (at(kind, op) === ACQUIRE) {
      if (end[op] !== NEVER) holds.push(op);
      continue;
    }
    if (output[op] === no) return inapplicable(LOCK, "a release was refused");
    const acquire = holds.pop();
    if (acquire !== undefined) {
      partner[op] = acquire;
      partner[acquire] = op;
    } else if (ownerless) return inapplicable(LOCK, "somebody released what another acquired");
    else if (end[op] !== NEVER) return invalid(LOCK, "release without hold", [at(row, op)]);
  }
  return undefined;
}

/** Acquires that are surely held at the same time and must not be. */
function clashOf(
  { kind }: Acts,
  order: Int32Array,
  modes: Uint8Array,
  partner: Int32Array,
  permits: number,
): number[] | undefined {
  const holders = new Set<number>();
  let alone = 0;
  for (const op of order) {
    if (at(kind, op) !== ACQUIRE) {
      holders.delete(at(partner, op));
      alone -= at(modes, at(partner, op));
      continue;
    }
    if (holders.size > 0 && (alone > 0 || at(modes, op) === 1)) {
      const other = [...holders].find((one) => at(modes, one) === 1) ?? [...holders][0] ?? op;
      return [op, other];
    }
    if (holders.size >= permits) return [op, ...holders];
    holders.add(op);
    alone += at(modes, op);
  }
  return undefined;
}
