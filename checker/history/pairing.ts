/**
 * Joins invocations with their completions, straight into columns: `operationsOf` without objects. It refuses what
 * that refuses, with the same words.
 */
import { MalformedHistoryError } from "../../proto/operation.ts";
import { allocate, type Columns, INFO, NEVER, OK, UNKNOWN } from "./columns.ts";
import { Interner } from "./intern.ts";
import { INVOKE } from "./scanned-line.ts";
import type { ScannedValues } from "./scanned-values.ts";

const FREE = -1;
const RETIRED = -2;
/** `Columns.f` has one byte. */
const MOST_KINDS = 256;

export class Pairing {
  readonly kinds = new Interner<string>();
  readonly keys = new Interner<string>();
  readonly #values: ScannedValues;
  readonly #open = new RowOfProcess();
  #columns: ReturnType<typeof allocate>;
  #capacity: number;
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;
  #malformed: MalformedHistoryError | undefined;

  /** `expected`: about how many operations there will be; more or fewer cost time, nothing else. */
  constructor(values: ScannedValues, expected: number) {
    this.#values = values;
    this.#capacity = Math.max(16, Math.ceil(expected));
    this.#columns = allocate(this.#capacity);
  }

  /** An event of an operation. `value` is an id, asked for invocations and completions that are ok. */
  take(
    type: number,
    process: number,
    kind: number,
    key: number,
    value: number,
    index: number,
    time: number,
  ): void {
    // The first mistake is told, once it is known that all lines can be read.
    if (this.#malformed !== undefined) return;
    if (time < this.#last) {
      this.#refuse(index, "its time lies before its predecessor's");
      return;
    }
    this.#last = time;
    const row = this.#open.get(process);
    if (type === INVOKE) this.#invoke(row, process, kind, key, value, index, time);
    else this.#complete(row, type, process, kind, key, value, index, time);
  }

  #invoke(
    open: number,
    process: number,
    kind: number,
    key: number,
    value: number,
    index: number,
    time: number,
  ): void {
    if (open !== FREE) {
      this.#refuse(
        index,
        open === RETIRED
          ? `process ${process} acts again after info`
          : `process ${process} invokes while its operation ${this.#columns.invoked[open]} is open`,
      );
      return;
    }
    if (this.#count === this.#capacity) this.#resize(this.#capacity * 2);
    const row = this.#count++;
    const columns = this.#columns;
    columns.f[row] = kind;
    columns.status[row] = INFO;
    columns.key[row] = key;
    columns.process[row] = process;
    columns.input[row] = value;
    columns.output[row] = UNKNOWN;
    columns.invoked[row] = index;
    columns.completed[row] = NEVER;
    columns.invokedAt[row] = time;
    columns.completedAt[row] = Number.NaN;
    this.#open.set(process, row);
  }

  #complete(
    row: number,
    type: number,
    process: number,
    kind: number,
    key: number,
    value: number,
    index: number,
    time: number,
  ): void {
    if (row < 0) {
      this.#refuse(index, `process ${process} completes what it did not invoke`);
      return;
    }
    const columns = this.#columns;
    if (columns.f[row] !== kind || columns.key[row] !== key) {
      const invoked = this.#name(columns.f[row] ?? 0, columns.key[row] ?? 0);
      const text = `completes ${this.#name(kind, key)}, but process ${process} had invoked ${invoked}`;
      this.#refuse(index, text);
      return;
    }
    this.#open.set(process, type === INFO ? RETIRED : FREE);
    columns.status[row] = type;
    if (type === INFO) return;
    if (type === OK) columns.output[row] = value;
    columns.completed[row] = index;
    columns.completedAt[row] = time;
  }

  #name(kind: number, key: number): string {
    return `${this.kinds.valueOf(kind)} ${this.keys.valueOf(key)}`;
  }

  #refuse(index: number, message: string): void {
    this.#malformed = new MalformedHistoryError(index, message);
  }

  /** @throws MalformedHistoryError */
  end(): Columns {
    if (this.kinds.size > MOST_KINDS)
      throw new RangeError(`${this.kinds.size} kinds of operations; columns hold ${MOST_KINDS}`);
    if (this.#malformed !== undefined) throw this.#malformed;
    const count = this.#count;
    // Memory that was never touched costs nothing: only a large misjudgement is worth a copy.
    if (this.#capacity > 2 * count) this.#resize(count);
    const all = this.#columns;
    const columns = {
      f: all.f.subarray(0, count),
      status: all.status.subarray(0, count),
      key: all.key.subarray(0, count),
      process: all.process.subarray(0, count),
      input: all.input.subarray(0, count),
      output: all.output.subarray(0, count),
      invoked: all.invoked.subarray(0, count),
      completed: all.completed.subarray(0, count),
      invokedAt: all.invokedAt.subarray(0, count),
      completedAt: all.completedAt.subarray(0, count),
    };
    this.#values.renumber(columns.input, columns.output);
    return { count, kinds: this.kinds.all, keys: this.keys.all, values: this.#values, ...columns };
  }

  #resize(capacity: number): void {
    const [from, to] = [this.#columns, allocate(capacity)];
    const count = this.#count;
    to.f.set(from.f.subarray(0, count));
    to.status.set(from.status.subarray(0, count));
    to.key.set(from.key.subarray(0, count));
    to.process.set(from.process.subarray(0, count));
    to.input.set(from.input.subarray(0, count));
    to.output.set(from.output.subarray(0, count));
    to.invoked.set(from.invoked.subarray(0, count));
    to.completed.set(from.completed.subarray(0, count));
    to.invokedAt.set(from.invokedAt.subarray(0, count));
    to.completedAt.set(from.completedAt.subarray(0, count));
    this.#columns = to;
    this.#capacity = capacity;
  }
}

/** The open operation of each process. Process numbers are small and dense, unless somebody else gave them. */
class RowOfProcess {
  static readonly DENSE = 1 << 22;
  #dense = new Int32Array(64).fill(FREE);
  readonly #sparse = new Map<number, number>();

  get(process: number): number {
    if (process < this.#dense.length) return this.#dense[process] ?? FREE;
    return this.#sparse.get(process) ?? FREE;
  }

  set(process: number, row: number): void {
    if (process >= this.#dense.length && process < RowOfProcess.DENSE) this.#widen(process);
    if (process < this.#dense.length) this.#dense[process] = row;
    else this.#sparse.set(process, row);
  }

  #widen(process: number): void {
    let length = this.#dense.length;
    while (length <= process) length *= 2;
    const wider = new Int32Array(length).fill(FREE);
    wider.set(this.#dense);
    this.#dense = wider;
  }
}
