/**
 * Linearizability of a register with reads, writes and read-modify-writes, where no value is written twice: exact, and
 * as fast as one sort.
 *
 * A value, its write and its reads form a cluster that a legal order keeps together (the read-mapping case of Gibbons
 * and Korach, SIAM J. Comput. 1997; zones in Golab, Li and Shah, PODC 2011). A compare-and-set from u to v must follow
 * the cluster of u at once: it links the two. Linked clusters are chains, chains are blocks, and blocks have a legal
 * order exactly if no two of them must precede each other. An operation of unknown outcome took effect exactly if
 * somebody saw its value, and then so did those that it is linked to; otherwise it may as well be left out.
 *
 * A certificate may leave out whole clusters: a legal order of the history stays legal without them, once a
 * compare-and-set whose old value is gone is taken for a plain write.
 */
import type { Json } from "../../proto/json.ts";
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, failedRow, inapplicable, invalid, valid } from "./acts.ts";
import { link } from "./chains-links.ts";
import { placeRefused } from "./chains-refused.ts";
import { refuteBlocks, refuteOrder } from "./chains-refute.ts";
import { LocalValues } from "./local-values.ts";
import { intervalsOf } from "./observations.ts";
import { rankOrder } from "./rank-order.ts";

export const CHAINS = "chains";
const NONE = -1;
export const KINDS = { write: 0, cas: 1, swap: 2, read: 3 } as const;

/** Per local value; the initial one is 0. Times are ranks, operations are indices into the acts. */
export interface Clusters {
  readonly acts: Acts;
  readonly count: number;
  /** The operation that wrote the value, or -1. */
  readonly writer: Int32Array;
  /** The value that the writer replaced, or -1 for a plain write. */
  readonly old: Int32Array;
  /** The earliest end and the latest beginning of the reads and the write, and whose they are. */
  readonly firstEnd: Int32Array;
  readonly firstEnder: Int32Array;
  readonly lastBegin: Int32Array;
  readonly lastBeginner: Int32Array;
  /** Some read of the value, or -1. */
  readonly reader: Int32Array;
}

export interface ChainRules {
  /** Whether a cas that failed is an observation, as one that answered `false` is. Observed unless told. */
  readonly failures?: "observed" | "ignored";
}

/**
 * `write` (input v), `read` (output v), `cas` (input [old, new]; one that did not find `old` answers `false` or fails),
 * `swap` (input new, output old).
 */
export function decideChains(part: Part, initial: Json = null, rules: ChainRules = {}): Decision {
  const refusing = { kind: "cas", failures: rules.failures !== "ignored" };
  const acts = actsOf(part, ["write", "cas", "swap"], ["read"], refusing);
  if (typeof acts === "string") return inapplicable(CHAINS, acts);
  const values = new LocalValues(part.columns.values, acts.count);
  values.of(initial);
  const written = new Int32Array(acts.count);
  const seen = new Int32Array(acts.count).fill(NONE);
  const problem = nameValues(acts, values, written, seen);
  if (problem !== undefined) return inapplicable(CHAINS, problem);
  const named = namedOf(acts, values);
  if (typeof named === "string") return inapplicable(CHAINS, named);
  const clusters = allocate(acts, values.size);
  for (let op = 0; op < acts.count; op++) {
    if (at(acts.kind, op) === KINDS.read) continue;
    const value = at(written, op);
    if (value === 0) return inapplicable(CHAINS, "the initial value is written");
    if (at(clusters.writer, value) >= 0) return inapplicable(CHAINS, "a value is written twice");
    clusters.writer[value] = op;
    clusters.old[value] = at(seen, op);
    touch(clusters, value, op);
  }
  const strange = placeReads(clusters, seen);
  if (strange !== undefined) return strange;
  const links = link(clusters);
  if ("verdict" in links) return links;
  const order = orderBlocks(clusters, links.next, links.heads, seen);
  if ("verdict" in order) return order;
  if (acts.refused.length === 0)
    return valid(
      CHAINS,
      order.map((op) => at(acts.row, op)),
    );
  return placeRefused(clusters, links.next, order, intervalsOf(part, acts.refused), named);
}

/** The values that the refused compare-and-sets did not find. */
function namedOf({ part, refused }: Acts, values: LocalValues): Int32Array | string {
  const named = new Int32Array(refused.length);
  for (let i = 0; i < refused.length; i++) {
    const pair = part.columns.values.valueOf(at(part.columns.input, at(refused, i)));
    if (!Array.isArray(pair) || pair.length !== 2) return "a cas does not name two values";
    named[i] = values.of((pair as Json[])[0] ?? null);
  }
  return named;
}

/** Gives each operation the value that it writes and the one that it sees. @returns why that is impossible. */
function nameValues(
  { part, count, kind, input, output, end }: Acts,
  values: LocalValues,
  written: Int32Array,
  seen: Int32Array,
): string | undefined {
  for (let op = 0; op < count; op++) {
    const code = at(kind, op);
    if (code === KINDS.cas) {
      const pair = part.columns.values.valueOf(at(input, op));
      if (!Array.isArray(pair) || pair.length !== 2) return "a cas does not name two values";
      seen[op] = values.of((pair as Json[])[0] ?? null);
      written[op] = values.of((pair as Json[])[1] ?? null);
    } else {
      if (code !== KINDS.read) written[op] = values.ofId(at(input, op));
      // What a swap of unknown outcome saw is unknown: it is a plain write.
      if (code === KINDS.read || (code === KINDS.swap && end[op] !== NEVER))
        seen[op] = values.ofId(at(output, op));
    }
  }
  return undefined;
}

function allocate(acts: Acts, count: number): Clusters {
  const none = (): Int32Array => new Int32Array(count).fill(NONE);
  const clusters = {
    acts,
    count,
    writer: none(),
    old: none(),
    firstEnd: new Int32Array(count).fill(NEVER),
    firstEnder: none(),
    lastBegin: none(),
    lastBeginner: none(),
    reader: none(),
  };
  // The initial value was written before everything.
  clusters.firstEnd[0] = -1;
  return clusters;
}

function touch(clusters: Clusters, value: number, op: number): void {
  const { acts, firstEnd, firstEnder, lastBegin, lastBeginner } = clusters;
  if (at(acts.end, op) < at(firstEnd, value)) {
    firstEnd[value] = at(acts.end, op);
    firstEnder[value] = op;
  }
  if (at(acts.begin, op) > at(lastBegin, value)) {
    lastBegin[value] = at(acts.begin, op);
    lastBeginner[value] = op;
  }
}

function placeReads(clusters: Clusters, seen: Int32Array): Decision | undefined {
  const { acts, writer, reader } = clusters;
  for (let op = 0; op < acts.count; op++) {
    if (at(acts.kind, op) !== KINDS.read) continue;
    const value = at(seen, op);
    const write = at(writer, value);
    const row = at(acts.row, op);
    if (value > 0 && write < 0) {
      const failed = failedRow(acts.part, "write", at(acts.output, op));
      return failed === undefined
        ? invalid(CHAINS, "thin air", [row])
        : invalid(CHAINS, "aborted read", [row, failed]);
    }
    if (write >= 0 && at(acts.end, op) < at(acts.begin, write))
      return invalid(CHAINS, "future read", [row, at(acts.row, write)]);
    reader[value] = op;
    touch(clusters, value, op);
  }
  return undefined;
}

/** Looks for two blocks that must precede each other: only the one that reaches farthest can conflict with the next. */
function orderBlocks(
  clusters: Clusters,
  next: Int32Array,
  heads: Int32Array,
  seen: Int32Array,
): Int32Array | Decision {
  const { firstEnd, lastBegin } = clusters;
  const ends = new Int32Array(heads.length).fill(NEVER);
  const begins = new Int32Array(heads.length).fill(-1);
  const left = new Int32Array(heads.length);
  for (let block = 0; block < heads.length; block++) {
    for (let value = at(heads, block); value >= 0; value = at(next, value)) {
      if (at(firstEnd, value) < at(begins, block)) return refuteOrder(clusters, value);
      ends[block] = Math.min(at(ends, block), at(firstEnd, value));
      begins[block] = Math.max(at(begins, block), at(lastBegin, value));
    }
    left[block] = Math.min(at(ends, block), at(begins, block));
  }
  const order = rankOrder(left);
  let farthest = NONE;
  for (const block of order) {
    if (farthest >= 0 && at(ends, block) < at(begins, farthest))
      return refuteBlocks(clusters, next, at(heads, farthest), at(heads, block));
    const forward = at(ends, block) < at(begins, block);
    if (forward && (farthest < 0 || at(begins, block) > at(begins, farthest))) farthest = block;
  }
  return listOf(clusters, next, heads, order, seen);
}

/** Block by block, value by value: the write, then its reads in the order of their beginnings. */
function listOf(
  { acts, count, writer }: Clusters,
  next: Int32Array,
  heads: Int32Array,
  order: Int32Array,
  seen: Int32Array,
): Int32Array {
  const later = new Int32Array(acts.count).fill(NONE);
  const first = new Int32Array(count).fill(NONE);
  for (let op = acts.count - 1; op >= 0; op--) {
    if (at(acts.kind, op) !== KINDS.read) continue;
    later[op] = at(first, at(seen, op));
    first[at(seen, op)] = op;
  }
  const list = new Int32Array(acts.count);
  let length = 0;
  for (const block of order)
    for (let value = at(heads, block); value >= 0; value = at(next, value)) {
      if (at(writer, value) >= 0) list[length++] = at(writer, value);
      for (let op = at(first, value); op >= 0; op = at(later, op)) list[length++] = op;
    }
  return list.subarray(0, length);
}
