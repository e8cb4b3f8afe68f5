/**
 * A register's operations by the value that they are about. Where all written values differ, a value with its write
 * and its reads is a cluster, and a legal order is a sequence of whole clusters (Gibbons & Korach 1997, with the
 * read-mapping known).
 *
 * Clusters are numbered: 0 is the initial value, written by nobody before everything; the others follow in the order
 * of the invocations of their writes.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, NEVER, OK, type Part } from "../history/columns.ts";
import type { Inapplicable } from "../history/decision.ts";

/** The row of a write that there is not. */
export const NOBODY = -1;
/** The cluster of an operation that belongs to none. */
export const NONE = -1;

export interface Clusters {
  readonly count: number;
  /** By cluster: the row of its write; `NOBODY` for the initial value. */
  readonly write: Int32Array;
  /** By cluster: the rank of its earliest completion, `NEVER` when a write of unknown outcome was not read. */
  readonly firstEnd: Int32Array;
  /** By cluster: the rank of its latest invocation. */
  readonly lastBegin: Int32Array;
  /** By place in `part.rows`: the cluster; `NONE` for what failed, unanswered reads, and `strays`. */
  readonly of: Int32Array;
  /** Places in `part.rows` of the reads whose value nobody could have written before their answer. */
  readonly strays: readonly number[];
}

/** @returns the clusters, or why these operations have none: they are no register's, or a value was written twice. */
export function clustersOf(part: Part, initial: Json, route: string): Clusters | Inapplicable {
  const { values } = part.columns;
  const no = (reason: string): Inapplicable => ({ verdict: "inapplicable", route, reason });
  const acts = actsOf(part);
  if (typeof acts === "string") return no(acts);
  const { role, value, begun, end, writes } = acts;
  const builder = new Builder(writes + 1, values.size);
  builder.begin(values.find(initial));
  const of = new Int32Array(role.length).fill(NONE);
  for (let at = 0; at < role.length; at++) {
    if (role[at] !== WRITES) continue;
    const row = part.rows[at] ?? 0;
    const cluster = builder.write(row, value[at] ?? 0, begun[at] ?? 0, end[at] ?? NEVER);
    if (cluster === NONE)
      return no(`${JSON.stringify(values.valueOf(value[at] ?? 0))} was written twice`);
    of[at] = cluster;
  }
  const strays: number[] = [];
  for (let at = 0; at < role.length; at++) {
    if (role[at] !== READS) continue;
    const cluster = builder.find(value[at] ?? 0);
    const ended = end[at] ?? NEVER;
    if (cluster === NONE || ended < (builder.written[cluster] ?? 0)) strays.push(at);
    else {
      of[at] = cluster;
      builder.read(cluster, begun[at] ?? 0, ended);
    }
  }
  return { ...builder.clusters, of, strays };
}

const WRITES = 1;
const READS = 2;

/**
 * What the part's operations say, gathered once: the rows of one key of many lie far apart in the columns. Without a
 * role is what failed, and reads without an answer. @returns why not, when there are other kinds than reads and writes.
 */
function actsOf({ columns, rows }: Part) {
  const { f, status, input, output, invoked, completed } = columns;
  const size = rows.length;
  const role = new Uint8Array(size);
  const [value, begun, end] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  const read = columns.kinds.indexOf("read");
  const write = columns.kinds.indexOf("write");
  let writes = 0;
  for (let at = 0; at < size; at++) {
    const row = rows[at] ?? 0;
    const kind = f[row] ?? 0;
    const how = status[row] ?? FAIL;
    begun[at] = invoked[row] ?? 0;
    end[at] = completed[row] ?? NEVER;
    if (kind === write) {
      if (how === FAIL) continue;
      role[at] = WRITES;
      value[at] = input[row] ?? 0;
      writes++;
    } else if (kind !== read) return `a register has no ${columns.kinds[kind]}`;
    else if (how === OK) {
      role[at] = READS;
      value[at] = output[row] ?? 0;
    }
  }
  return { role, value, begun, end, writes };
}

/** Up to so many ids of values for one cluster a table by id is worth its room. */
const SPARSEST = 4;

/**
 * Clusters as they grow, found by value id: in a table by id where the part has a good share of all values, else in a
 * hash table of the part's own size, however many values there are.
 */
class Builder {
  readonly clusters;
  /** By cluster: the rank of its write's invocation, -1 of the initial value's. */
  readonly written: Int32Array;
  /** Cluster plus one; 0 is free. */
  readonly #slots: Int32Array;
  readonly #direct: boolean;
  readonly #values: Int32Array;
  #next = 1;

  constructor(count: number, values: number) {
    this.clusters = {
      count,
      write: new Int32Array(count).fill(NOBODY),
      firstEnd: new Int32Array(count).fill(-1),
      lastBegin: new Int32Array(count).fill(-1),
    };
    this.written = new Int32Array(count).fill(-1);
    this.#direct = values <= count * SPARSEST;
    this.#values = new Int32Array(this.#direct ? 0 : count).fill(NONE);
    let size = 4;
    while (size < count * 2) size *= 2;
    this.#slots = new Int32Array(this.#direct ? values : size);
  }

  /** The initial value, `undefined` where nobody ever mentioned it. */
  begin(value: number | undefined): void {
    if (value === undefined) return;
    this.#values[0] = value;
    this.#slots[this.#slotOf(value)] = 1;
  }

  /** @returns the cluster, `NONE` when the value has a write already. */
  write(row: number, value: number, begun: number, end: number): number {
    const slot = this.#slotOf(value);
    if (this.#slots[slot] !== 0) return NONE;
    const cluster = this.#next++;
    const { write, firstEnd, lastBegin } = this.clusters;
    this.#slots[slot] = cluster + 1;
    this.#values[cluster] = value;
    write[cluster] = row;
    firstEnd[cluster] = end;
    lastBegin[cluster] = begun;
    this.written[cluster] = begun;
    return cluster;
  }

  read(cluster: number, begun: number, end: number): void {
    const { firstEnd, lastBegin } = this.clusters;
    if (end < (firstEnd[cluster] ?? 0)) firstEnd[cluster] = end;
    if (begun > (lastBegin[cluster] ?? 0)) lastBegin[cluster] = begun;
  }

  find(value: number): number {
    return (this.#slots[this.#slotOf(value)] ?? 0) - 1;
  }

  /** Where the value's cluster is, or the free slot where it belongs. */
  #slotOf(value: number): number {
    if (this.#direct) return value;
    const mask = this.#slots.length - 1;
    const mixed = Math.imul(value, 0x9e37_79b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const cluster = (this.#slots[slot] ?? 0) - 1;
      if (cluster < 0 || this.#values[cluster] === value) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
