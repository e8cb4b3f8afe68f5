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
  const { columns, rows } = part;
  const no = (reason: string): Inapplicable => ({ verdict: "inapplicable", route, reason });
  const read = columns.kinds.indexOf("read");
  const write = columns.kinds.indexOf("write");
  let writes = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const f = columns.f[row];
    if (f === write && columns.status[row] !== FAIL) writes++;
    else if (f !== write && f !== read) return no(`a register has no ${columns.kinds[f ?? 0]}`);
  }
  const builder = new Builder(writes + 1, columns.values.find(initial));
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (columns.f[row] !== write || columns.status[row] === FAIL) continue;
    const begun = columns.invoked[row] ?? 0;
    const end = columns.completed[row] ?? NEVER;
    if (!builder.write(row, columns.input[row] ?? 0, begun, end)) {
      const value = JSON.stringify(columns.values.valueOf(columns.input[row] ?? 0));
      return no(`${value} was written twice`);
    }
  }
  const of = new Int32Array(rows.length).fill(NONE);
  const strays: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (columns.f[row] === write) {
      if (columns.status[row] !== FAIL) of[at] = builder.find(columns.input[row] ?? 0);
    } else if (columns.status[row] === OK) {
      const cluster = builder.find(columns.output[row] ?? 0);
      const begun = columns.invoked[row] ?? 0;
      const end = columns.completed[row] ?? NEVER;
      const writer = builder.clusters.write[cluster] ?? NOBODY;
      if (cluster === NONE || (writer !== NOBODY && end < (columns.invoked[writer] ?? 0)))
        strays.push(at);
      else {
        of[at] = cluster;
        builder.read(cluster, begun, end);
      }
    }
  }
  return { ...builder.clusters, of, strays };
}

/** Clusters as they grow, found by value id: a hash table of the part's own size, however many values there are. */
class Builder {
  readonly clusters;
  /** Cluster plus one; 0 is free. */
  readonly #slots: Int32Array;
  readonly #values: Int32Array;
  #next = 1;

  constructor(count: number, initial: number | undefined) {
    this.clusters = {
      count,
      write: new Int32Array(count).fill(NOBODY),
      firstEnd: new Int32Array(count).fill(-1),
      lastBegin: new Int32Array(count).fill(-1),
    };
    this.#values = new Int32Array(count).fill(NONE);
    let size = 4;
    while (size < count * 2) size *= 2;
    this.#slots = new Int32Array(size);
    if (initial === undefined) return;
    this.#values[0] = initial;
    this.#slots[this.#slotOf(initial)] = 1;
  }

  /** @returns false when the value has a write already. */
  write(row: number, value: number, begun: number, end: number): boolean {
    const slot = this.#slotOf(value);
    if (this.#slots[slot] !== 0) return false;
    const cluster = this.#next++;
    this.#slots[slot] = cluster + 1;
    this.#values[cluster] = value;
    this.clusters.write[cluster] = row;
    this.clusters.firstEnd[cluster] = end;
    this.clusters.lastBegin[cluster] = begun;
    return true;
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
