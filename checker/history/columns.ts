/**
 * A history as columns: one typed array for each property of an operation, no object for any of them. A million
 * operations are 40 MB this way and are walked at the speed of memory; as objects they are ten times that.
 *
 * Time is rank: the index of the event in the history, which one collector wrote in the order it saw. Ranks are all
 * different, so two operations are ordered (a before b) exactly if `completed[a] < invoked[b]`.
 */
import type { Operation } from "../../proto/operation.ts";
import { Interner, type Values } from "./intern.ts";

export const OK = 0;
export const FAIL = 1;
export const INFO = 2;

/** The completion of an operation that never returned: after everything. */
export const NEVER = 0x7fff_ffff;
/** The id of a value that nobody knows, such as the answer of a read that never returned. */
export const UNKNOWN = -1;

export interface Columns {
  readonly count: number;
  /** Names of the kinds of operation; `f` holds indices into it. */
  readonly kinds: readonly string[];
  readonly f: Uint8Array;
  /** `OK`, `FAIL` or `INFO`. */
  readonly status: Uint8Array;
  readonly keys: readonly string[];
  /** Indices into `keys`. */
  readonly key: Int32Array;
  readonly process: Int32Array;
  /** Ids in `values`; 0 is `null`. Equal ids are equal values. */
  readonly input: Int32Array;
  /** Ids in `values`, `UNKNOWN` unless the status is `OK`. */
  readonly output: Int32Array;
  readonly values: Values;
  /** Rank of the invocation: the operation's identity in verdicts. Ascending. */
  readonly invoked: Int32Array;
  /** Rank of the completion; `NEVER` unless the operation returned (`OK` or `FAIL`). */
  readonly completed: Int32Array;
  /** Nanoseconds since the run began. NaN where nothing was recorded. For words only, never for order. */
  readonly invokedAt: Float64Array;
  readonly completedAt: Float64Array;
}

/** The operations of one key, or any other part that is judged alone: rows of the columns, by invocation. */
export interface Part {
  readonly columns: Columns;
  readonly rows: Int32Array;
}

/** Columns of operations that are at hand as objects, in the order of their invocations. */
export function columnsOf(operations: readonly Operation[]): Columns {
  const count = operations.length;
  const kinds = new Interner<string>();
  const keys = new Interner<string>();
  const values = new Interner();
  values.id(null);
  const columns = allocate(count);
  for (const [row, op] of operations.entries()) {
    columns.f[row] = kinds.id(op.f);
    columns.status[row] = op.status === "ok" ? OK : op.status === "fail" ? FAIL : INFO;
    columns.key[row] = keys.id(op.key);
    columns.process[row] = op.process;
    columns.input[row] = values.id(op.input);
    columns.output[row] = op.output === undefined ? UNKNOWN : values.id(op.output);
    columns.invoked[row] = op.id;
    columns.completed[row] = op.completed ?? NEVER;
    columns.invokedAt[row] = op.invokedAt;
    columns.completedAt[row] = op.completedAt ?? Number.NaN;
  }
  return { count, kinds: kinds.all, keys: keys.all, values, ...columns };
}

/** Empty columns for this many operations. Shared memory, so that workers need no copy. */
export function allocate(count: number) {
  const bytes = (size: number): SharedArrayBuffer => new SharedArrayBuffer(count * size);
  return {
    f: new Uint8Array(bytes(1)),
    status: new Uint8Array(bytes(1)),
    key: new Int32Array(bytes(4)),
    process: new Int32Array(bytes(4)),
    input: new Int32Array(bytes(4)),
    output: new Int32Array(bytes(4)),
    invoked: new Int32Array(bytes(4)),
    completed: new Int32Array(bytes(4)),
    invokedAt: new Float64Array(bytes(8)),
    completedAt: new Float64Array(bytes(8)),
  };
}

/** One part a key, in the order of `columns.keys`: a counting sort, which keeps the order of invocations. */
export function partsByKey(columns: Columns): Part[] {
  const { count, key, keys } = columns;
  const ends = new Int32Array(keys.length + 1);
  for (let row = 0; row < count; row++)
    ends[(key[row] ?? 0) + 1] = (ends[(key[row] ?? 0) + 1] ?? 0) + 1;
  for (let k = 0; k < keys.length; k++) ends[k + 1] = (ends[k + 1] ?? 0) + (ends[k] ?? 0);
  const starts = ends.slice();
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const k = key[row] ?? 0;
    const at = starts[k] ?? 0;
    rows[at] = row;
    starts[k] = at + 1;
  }
  return keys.map((_, k) => ({ columns, rows: rows.subarray(ends[k], ends[k + 1]) }));
}
