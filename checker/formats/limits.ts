/** How much memory a history may take. It is refused before, not when there is none left. */
import { HistoryFormatError } from "../../proto/history-codec.ts";

export interface Limits {
  /** Of memory, for columns and values. */
  readonly bytes?: number;
  readonly operations?: number;
}

/** Columns, what is open, the lines: measured, and rounded up. */
export const BYTES_OF_A_ROW = 140;
/** A whole number as a value, with its place in a table. */
const BYTES_OF_A_VALUE = 48;
/** Copies of a value that is no number: itself, its canonical text, both in a table. */
const COPIES = 4;

/** @throws HistoryFormatError naming what is needed and what allows it. */
export function requireMemory(needed: number, limits: Limits, line = 1): void {
  const { bytes = Number.POSITIVE_INFINITY } = limits;
  if (needed <= bytes) return;
  throw new HistoryFormatError(
    line,
    `the history needs about ${megabytes(needed)} of memory; limits.bytes allows ${megabytes(bytes)}. Raise limits.bytes`,
  );
}

/** @throws HistoryFormatError */
export function requireOperations(count: number, limits: Limits, line: number): void {
  const { operations = Number.POSITIVE_INFINITY } = limits;
  if (count <= operations) return;
  throw new HistoryFormatError(
    line,
    `more than ${operations} operations, which limits.operations allows. Raise limits.operations`,
  );
}

/** How many operations there may be. */
export function rowsIn({ bytes, operations }: Limits): number {
  const rows = (bytes ?? Number.POSITIVE_INFINITY) / BYTES_OF_A_ROW;
  return Math.min(rows, operations ?? Number.POSITIVE_INFINITY);
}

/** What a file of this many events needs at least: half of the events are invocations. */
export function memoryOfEvents(events: number): number {
  return Math.ceil(events / 2) * BYTES_OF_A_ROW;
}

/** What rows and values take, while they grow. */
export class Memory {
  readonly #limits: Limits;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  row(line: number): void {
    this.#bytes += BYTES_OF_A_ROW;
    if (this.#bytes > (this.#limits.bytes ?? Number.POSITIVE_INFINITY)) this.#refuse(line);
  }

  /** A new value, of a text of about `length` characters; 0 for a whole number. */
  value(length: number, line: number): void {
    this.#bytes += BYTES_OF_A_VALUE + COPIES * length;
    if (this.#bytes > (this.#limits.bytes ?? Number.POSITIVE_INFINITY)) this.#refuse(line);
  }

  #refuse(line: number): void {
    requireMemory(this.#bytes, this.#limits, line);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e5) / 10} MB`;
}
