/**
 * The sessions of a register history as one numbered row of nodes, session after session, each in its order: the node
 * after a node is what its process did next, unless a session ends there. A session is a process of the history; a
 * client whose operation got no answer goes on under another number, and nothing is said of it from there on.
 */
import type { Columns } from "../history/columns.ts";
import { INITIAL, type ReadsFrom } from "./reads-from.ts";

/** In place of a node: a write, which has no source. */
export const NO_SOURCE = -2;

export interface Sessions {
  readonly columns: Columns;
  /** How many sessions. */
  readonly width: number;
  /** By session: its first node; one more entry for the end of the last. */
  readonly start: Int32Array;
  /** How many nodes. */
  readonly count: number;
  /** By node. */
  readonly row: Int32Array;
  readonly session: Int32Array;
  readonly key: Int32Array;
  /** By node: the node of the write that a read got its value from, `INITIAL`, or `NO_SOURCE` for a write. */
  readonly source: Int32Array;
  /** The writes by key and session. */
  readonly writes: Writes;
}

/** Writes of one key by one session are a group; a group's nodes ascend. */
export interface Writes {
  /** By key: its first group; one more entry for the end. */
  readonly groupsOf: Int32Array;
  /** By group: its session, and where its nodes begin; one more entry for the end. */
  readonly session: Int32Array;
  readonly begin: Int32Array;
  readonly nodes: Int32Array;
}

export function sessionsOf(from: ReadsFrom): Sessions {
  const { columns, counts, source } = from;
  const { process } = columns;
  const numbers = new Map<number, number>();
  const sessionOfRow = new Int32Array(columns.count).fill(-1);
  const sizes: number[] = [];
  for (let row = 0; row < columns.count; row++) {
    if (counts[row] === 0) continue;
    const name = process[row] as number;
    let session = numbers.get(name);
    if (session === undefined) {
      session = sizes.push(0) - 1;
      numbers.set(name, session);
    }
    sessionOfRow[row] = session;
    sizes[session] = (sizes[session] as number) + 1;
  }
  const start = new Int32Array(sizes.length + 1);
  for (const [session, size] of sizes.entries())
    start[session + 1] = (start[session] as number) + size;
  const count = start[sizes.length] as number;
  const [row, session, key] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const nodeOf = new Int32Array(columns.count).fill(-1);
  const next = start.slice();
  for (let at = 0; at < columns.count; at++) {
    const own = sessionOfRow[at] as number;
    if (own < 0) continue;
    const node = next[own] as number;
    next[own] = node + 1;
    nodeOf[at] = node;
    row[node] = at;
    session[node] = own;
    key[node] = columns.key[at] as number;
  }
  const sources = new Int32Array(count);
  for (let node = 0; node < count; node++) {
    const writer = source[row[node] as number] as number;
    sources[node] =
      writer >= 0 ? (nodeOf[writer] as number) : writer === INITIAL ? INITIAL : NO_SOURCE;
  }
  const writes = writesOf(columns.keys.length, key, session, sources);
  return { columns, width: sizes.length, start, count, row, session, key, source: sources, writes };
}

function writesOf(keys: number, key: Int32Array, session: Int32Array, source: Int32Array): Writes {
  const ends = new Int32Array(keys + 1);
  let count = 0;
  for (let node = 0; node < key.length; node++) {
    if (source[node] !== NO_SOURCE) continue;
    const next = (key[node] as number) + 1;
    ends[next] = (ends[next] as number) + 1;
    count++;
  }
  for (let k = 0; k < keys; k++) ends[k + 1] = (ends[k + 1] as number) + (ends[k] as number);
  const nodes = new Int32Array(count);
  const next = ends.slice();
  for (let node = 0; node < key.length; node++) {
    if (source[node] !== NO_SOURCE) continue;
    const at = next[key[node] as number] as number;
    nodes[at] = node;
    next[key[node] as number] = at + 1;
  }
  const groupsOf = new Int32Array(keys + 1);
  const groupSession = new Int32Array(count);
  const begin = new Int32Array(count + 1);
  let groups = 0;
  for (let k = 0; k < keys; k++) {
    groupsOf[k] = groups;
    for (let at = ends[k] as number; at < (ends[k + 1] as number); at++) {
      const own = session[nodes[at] as number] as number;
      if (at > (ends[k] as number) && groupSession[groups - 1] === own) continue;
      groupSession[groups] = own;
      begin[groups++] = at;
    }
  }
  groupsOf[keys] = groups;
  begin[groups] = count;
  return {
    groupsOf,
    session: groupSession.subarray(0, groups),
    begin: begin.subarray(0, groups + 1),
    nodes,
  };
}
