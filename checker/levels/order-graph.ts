/**
 * What must come before what: session order, reads after the writes they read from, and what was derived from both.
 * Vector clocks tell of any two nodes whether one comes before the other (Fidge 1988, Mattern 1989), in time and
 * memory of nodes times sessions. No order of time goes in here: a read may stand anywhere in the history.
 */
import type { Sessions } from "./sessions.ts";

/**
 * An order that follows from what a read, `via`, returned.
 * `before`: the write `from` comes before `via`, so it comes before the write `to` whose value `via` returned.
 * `after`: the write `to` comes after the write whose value `via` returned, so after `via` itself, which is `from`.
 * `initial`: `via`, which is `from`, returned the initial value, so it comes before the write `to`.
 */
export interface Derived {
  readonly from: number;
  readonly to: number;
  readonly via: number;
  readonly rule: "before" | "after" | "initial";
  /** It follows from session order, reads, and what was derived in earlier rounds. */
  readonly round: number;
}

/** Clocks are not made when they would need more cells than this; a cell is 4 bytes. */
export const CELLS = 1 << 27;

export interface Clocks {
  /** Node times sessions: how many nodes of the session come before the node, or are the node. */
  readonly cells: Int32Array;
  readonly width: number;
}

export interface Cyclic {
  /** By node: 1 when it is on no cycle and after none. */
  readonly sorted: Uint8Array;
}

/** Whether clocks for this history fit into memory. */
export function fits({ count, width }: Sessions): boolean {
  return count * width <= CELLS;
}

/**
 * @param within by session: how many of its nodes take part, all by default; must be closed under predecessors.
 * @returns the clocks, or what is left out of a cycle.
 */
export function clocksOf(
  sessions: Sessions,
  derived: readonly Derived[],
  within?: Int32Array,
): Clocks | Cyclic {
  const { count, width, session, start } = sessions;
  const { order, sorted, length, total } = topological(sessions, derived, within);
  if (length < total) return { sorted };
  const incoming = adjacency(
    count,
    derived,
    (edge) => edge.to,
    (edge) => edge.from,
  );
  const cells = new Int32Array(count * width);
  for (let i = 0; i < length; i++) {
    const node = order[i] as number;
    const own = session[node] as number;
    const base = node * width;
    const first = start[own] as number;
    if (node > first) cells.copyWithin(base, base - width, base);
    cells[base + own] = node - first + 1;
    const from = sessions.source[node] as number;
    if (from >= 0) merge(cells, width, base, from, sessions);
    for (let at = incoming.ends[node] as number; at < (incoming.ends[node + 1] as number); at++)
      merge(cells, width, base, incoming.items[at] as number, sessions);
  }
  return { cells, width };
}

function merge(
  cells: Int32Array,
  width: number,
  base: number,
  from: number,
  { session, start }: Sessions,
): void {
  const other = session[from] as number;
  if ((cells[base + other] as number) > from - (start[other] as number)) return;
  const source = from * width;
  for (let s = 0; s < width; s++) {
    const theirs = cells[source + s] as number;
    if (theirs > (cells[base + s] as number)) cells[base + s] = theirs;
  }
}

/** Does `a` come before `b`, or is it `b`? */
export function reaches(
  { cells, width }: Clocks,
  sessions: Sessions,
  a: number,
  b: number,
): boolean {
  const own = sessions.session[a] as number;
  return (cells[b * width + own] as number) > a - (sessions.start[own] as number);
}

interface Sorted {
  readonly order: Int32Array;
  readonly length: number;
  readonly sorted: Uint8Array;
  /** How many nodes take part. */
  readonly total: number;
}

/** More predecessors than there are: what takes no part is never ready. */
const NOT_WITHIN = 0x3fff_ffff;

/** Kahn's algorithm; a session goes on as far as it can before another one does. */
export function topological(
  sessions: Sessions,
  derived: readonly Derived[],
  within?: Int32Array,
): Sorted {
  const { count, width, start, source } = sessions;
  const readers = readersOf(sessions);
  const outgoing = adjacency(
    count,
    derived,
    (edge) => edge.from,
    (edge) => edge.to,
  );
  const waits = new Int32Array(count);
  let total = 0;
  for (let s = 0; s < width; s++) {
    const begin = start[s] as number;
    const end = begin + (within?.[s] ?? (start[s + 1] as number) - begin);
    total += end - begin;
    for (let node = begin; node < (start[s + 1] as number); node++)
      waits[node] =
        node >= end ? NOT_WITHIN : Number(node > begin) + Number((source[node] as number) >= 0);
  }
  for (const { to } of derived) waits[to] = (waits[to] as number) + 1;
  const order = new Int32Array(total);
  const sorted = new Uint8Array(count);
  const ready: number[] = [];
  for (let s = width - 1; s >= 0; s--) {
    const first = start[s] as number;
    if (first < (start[s + 1] as number) && waits[first] === 0) ready.push(first);
  }
  let length = 0;
  const release = (node: number): void => {
    waits[node] = (waits[node] as number) - 1;
    if (waits[node] === 0) ready.push(node);
  };
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order[length++] = node;
    sorted[node] = 1;
    for (let at = readers.ends[node] as number; at < (readers.ends[node + 1] as number); at++)
      release(readers.items[at] as number);
    for (let at = outgoing.ends[node] as number; at < (outgoing.ends[node + 1] as number); at++)
      release(outgoing.items[at] as number);
    if (node + 1 < (start[(sessions.session[node] as number) + 1] as number)) release(node + 1);
  }
  return { order, length, sorted, total };
}

export interface Adjacency {
  /** By node: where its items begin; one more entry for the end. */
  readonly ends: Int32Array;
  readonly items: Int32Array;
}

/** By write: its reads. */
export function readersOf({ count, source }: Sessions): Adjacency {
  const ends = new Int32Array(count + 1);
  let reads = 0;
  for (let node = 0; node < count; node++) {
    const from = source[node] as number;
    if (from < 0) continue;
    ends[from + 1] = (ends[from + 1] as number) + 1;
    reads++;
  }
  for (let node = 0; node < count; node++)
    ends[node + 1] = (ends[node + 1] as number) + (ends[node] as number);
  const items = new Int32Array(reads);
  const next = ends.slice();
  for (let node = 0; node < count; node++) {
    const from = source[node] as number;
    if (from < 0) continue;
    const at = next[from] as number;
    items[at] = node;
    next[from] = at + 1;
  }
  return { ends, items };
}

function adjacency(
  count: number,
  derived: readonly Derived[],
  by: (edge: Derived) => number,
  item: (edge: Derived) => number,
): Adjacency {
  const ends = new Int32Array(count + 1);
  for (const edge of derived) ends[by(edge) + 1] = (ends[by(edge) + 1] as number) + 1;
  for (let node = 0; node < count; node++)
    ends[node + 1] = (ends[node + 1] as number) + (ends[node] as number);
  const items = new Int32Array(derived.length);
  const next = ends.slice();
  for (const edge of derived) {
    const at = next[by(edge)] as number;
    items[at] = item(edge);
    next[by(edge)] = at + 1;
  }
  return { ends, items };
}
