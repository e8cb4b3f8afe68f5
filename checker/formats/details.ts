/** What a history says besides its columns: lines, times, nodes, errors; and single operations made of all of it. */
import type { Operation } from "../../proto/operation.ts";
import { type Columns, FAIL, NEVER, OK, UNKNOWN } from "../history/columns.ts";
import { Interner } from "../history/intern.ts";
import type { ForeignEvent } from "./foreign-event.ts";
import { Growing } from "./growing.ts";
import type { FoundRow } from "./orphans.ts";

interface Extra {
  readonly error?: string | undefined;
  readonly seen?: Operation["seen"];
  readonly request?: string | undefined;
  readonly final?: boolean;
}

export class Details {
  readonly #lines = Growing.integers();
  readonly #nodes = new Interner<string>();
  /** By row, in the order of the invocations as they were read. */
  readonly #invocation = Growing.integers();
  readonly #node = Growing.integers();
  readonly #invokedAt = Growing.numbers();
  readonly #completedAt = Growing.numbers();
  readonly #extra = new Map<number, Extra>();
  /** By row of the columns: the row as it was read, or -1 for the first one that was found, -2, ... */
  #read: Int32Array | undefined;
  #found: readonly FoundRow[] = [];

  event(line: number): void {
    this.#lines.push(line);
  }

  invoked(index: number, time: number, event: ForeignEvent): void {
    this.#invocation.push(index);
    this.#node.push(this.#nodes.id(event.node));
    this.#invokedAt.push(time);
    this.#completedAt.push(Number.NaN);
    this.#more(this.#invocation.length - 1, event);
  }

  completed(row: number, time: number, event: ForeignEvent): void {
    if (event.type !== "info") this.#completedAt.set(row, time);
    if (event.node !== "") this.#node.set(row, this.#nodes.id(event.node));
    this.#more(row, event);
  }

  #more(row: number, { error, own, type }: ForeignEvent): void {
    if (error === undefined && own === undefined) return;
    const before = this.#extra.get(row);
    const extra: Extra =
      type === "invoke"
        ? { request: own?.request, final: own?.final === true }
        : { ...before, error, seen: own?.seen };
    this.#extra.set(row, extra);
  }

  /** Index of a row's invocation, while rows are read. */
  invocation(row: number): number {
    return this.#invocation.at(row);
  }

  /** The line of an event. */
  lineOf(index: number): number {
    const found = this.#found[index];
    return found === undefined ? this.#lines.at(index - this.#found.length) : found.event.line;
  }

  /** Writes the times into columns whose rows are as they were read. */
  fill(columns: Columns): void {
    for (let row = 0; row < columns.count; row++) {
      columns.invokedAt[row] = this.#invokedAt.at(row);
      columns.completedAt[row] = this.#completedAt.at(row);
    }
  }

  /** The rows move, as they do in the columns. */
  rearrange(without: ReadonlySet<number>, found: readonly FoundRow[]): void {
    if (without.size === 0 && found.length === 0) return;
    const kept: number[] = [];
    for (let row = 0; row < this.#invocation.length; row++) if (!without.has(row)) kept.push(row);
    this.#found = found;
    this.#read = Int32Array.from([...found.map((_, i) => -1 - i), ...kept]);
  }

  operation(columns: Columns, row: number): Operation {
    if (!(row >= 0 && row < columns.count)) throw new RangeError(`there is no row ${row}`);
    const read = this.#read === undefined ? row : (this.#read[row] ?? row);
    const found = this.#found[-1 - read]?.event;
    const extra = found ?? this.#extra.get(read);
    const status = columns.status[row];
    const output = columns.output[row] ?? UNKNOWN;
    const completed = columns.completed[row] ?? NEVER;
    const over = completed !== NEVER;
    return {
      id: columns.invoked[row] ?? 0,
      process: columns.process[row] ?? 0,
      f: columns.kinds[columns.f[row] ?? 0] ?? "",
      key: columns.keys[columns.key[row] ?? 0] ?? "",
      input: columns.values.valueOf(columns.input[row] ?? 0),
      output: output === UNKNOWN ? undefined : columns.values.valueOf(output),
      node: found?.node ?? this.#nodes.valueOf(this.#node.at(read)),
      status: status === OK ? "ok" : status === FAIL ? "fail" : "info",
      invokedAt: columns.invokedAt[row] ?? Number.NaN,
      completed: over ? completed : undefined,
      completedAt: over ? columns.completedAt[row] : undefined,
      error: extra?.error,
      seen: found === undefined ? this.#extra.get(read)?.seen : found.own?.seen,
      request: found === undefined ? this.#extra.get(read)?.request : found.own?.request,
      final: found === undefined && this.#extra.get(read)?.final === true,
    };
  }
}
