/**
 * From the bytes of a history file to columns, without an object for any operation: a scanner reads the lines that
 * the recorder writes for operations, the codec all others, so that the result (and every refusal) is what
 * `columnsOf(operationsOf(decodeHistory(text)))` gives, at several times the speed and a tenth of the memory.
 *
 *     const reader = new HistoryReader(size);
 *     for (const chunk of file) reader.feed(chunk);
 *     const { columns } = reader.end();
 */
import type { Event, Header, OperationEvent } from "../../proto/history.ts";
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { type Columns, FAIL, INFO, OK, UNKNOWN } from "./columns.ts";
import { decodeEventLine, decodeHeaderLine } from "./exact-line.ts";
import { LineOffsets } from "./line-offsets.ts";
import { OperationLine } from "./operation-line.ts";
import { Pairing } from "./pairing.ts";
import { RecordedLine } from "./recorded-line.ts";
import { INTEGER, INVOKE, NULL, TEXT } from "./scanned-line.ts";
import { ScannedValues } from "./scanned-values.ts";
import { TextIds } from "./text-ids.ts";

/** Faults, stages and notes. */
export type OtherEvent = Exclude<Event, OperationEvent>;

export interface Recorded {
  readonly header: Header;
  readonly columns: Columns;
  /** The events that are no steps of operations, in order. */
  readonly others: readonly OtherEvent[];
  /** Where in the file each event stands, for what has no column: `node`, `error`, `seen`, `request`, `final`. */
  readonly lines: LineOffsets;
}

const NEWLINE = 0x0a;
/** Two lines, as short as they get. */
const BYTES_OF_AN_OPERATION = 180;
const TYPES = { ok: OK, fail: FAIL, info: INFO, invoke: INVOKE } as const;

/** Reads a whole file. @throws HistoryFormatError, MalformedHistoryError */
export function ingest(bytes: Uint8Array): Recorded {
  const reader = new HistoryReader(bytes.length);
  reader.feed(bytes);
  return reader.end();
}

export class HistoryReader {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #line = new OperationLine();
  readonly #recorded = new RecordedLine(this.#line);
  readonly #values = new ScannedValues();
  readonly #pairing: Pairing;
  readonly #kindIds: TextIds;
  readonly #keyIds: TextIds;
  readonly #textIds: TextIds;
  readonly #jsonIds: TextIds;
  readonly #others: OtherEvent[] = [];
  readonly #lines = new LineOffsets();
  #header: Header | undefined;
  /** Lines read so far, the header included. */
  #read = 0;
  /** Bytes read so far: those of whole lines. */
  #offset = 0;
  #carried: Uint8Array = new Uint8Array(0);
  #refusal: unknown;

  /** `size`: of the whole file in bytes, if known. */
  constructor(size = 0) {
    this.#pairing = new Pairing(this.#values, size / BYTES_OF_AN_OPERATION);
    this.#kindIds = new TextIds((text) => this.#pairing.kinds.id(text));
    this.#keyIds = new TextIds((text) => this.#pairing.keys.id(text));
    this.#textIds = new TextIds((text) => this.#values.id(text));
    this.#jsonIds = new TextIds((text) => this.#values.id(JSON.parse(text)));
  }

  /** The next bytes of the file; lines may be cut anywhere. `chunk` may be reused afterwards. */
  feed(chunk: Uint8Array): void {
    let from = 0;
    if (this.#carried.length > 0) {
      from = chunk.indexOf(NEWLINE) + 1;
      const joined = concatenated(this.#carried, from === 0 ? chunk : chunk.subarray(0, from));
      this.#carried = from === 0 ? joined : new Uint8Array(0);
      if (from === 0) return;
      this.#readLines(joined, 0, joined.length);
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    this.#readLines(chunk, from, Math.max(from, end));
    this.#carried = chunk.slice(Math.max(from, end));
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): Recorded {
    if (this.#read === 0 && this.#carried.length === 0)
      throw new HistoryFormatError(1, "the file is empty; a header line was expected");
    if (this.#carried.length > 0)
      throw new HistoryFormatError(
        this.#read + 1,
        "cut short: the last line has no newline. Remove that line to judge what came before it",
      );
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#header === undefined) throw new Error("a file that was read has no header");
    this.#lines.end(this.#offset);
    const columns = this.#pairing.end();
    return { header: this.#header, columns, others: this.#others, lines: this.#lines };
  }

  #readLines(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    this.#recorded.turnTo(bytes);
    try {
      if (this.#refusal === undefined)
        while (at < to) {
          const index = this.#read - 1;
          if (index >= 0) this.#lines.add(index, this.#offset + at - from);
          at = this.#readLine(bytes, at, index);
          this.#read += 1;
        }
    } catch (error) {
      this.#refusal = error;
    }
    // After a refusal lines are only counted: that the file is cut short is told before all else.
    if (this.#refusal !== undefined)
      for (; at < to; at = bytes.indexOf(NEWLINE, at) + 1) this.#read += 1;
    this.#offset += to - from;
  }

  /** @returns where the next line begins. */
  #readLine(bytes: Uint8Array, at: number, index: number): number {
    if (index < 0) return this.#takeExact(bytes, at, index);
    let next = this.#recorded.scan(at, index);
    if (next < 0) next = this.#line.scan(bytes, at);
    if (next < 0 || this.#line.index !== index) return this.#takeExact(bytes, at, index);
    this.#takeScanned(bytes);
    return next;
  }

  #takeScanned(bytes: Uint8Array): void {
    const line = this.#line;
    const value = line.type === INVOKE || line.type === OK ? this.#scannedValue(bytes) : UNKNOWN;
    let { kind, key } = this.#recorded;
    if (kind < 0) {
      kind = this.#kindIds.id(bytes, line.fFrom, line.fTo);
      key = this.#keyIds.id(bytes, line.keyFrom, line.keyTo);
      this.#recorded.learn(kind, key);
    }
    this.#pairing.take(line.type, line.process, kind, key, value, line.index, line.time);
  }

  #scannedValue(bytes: Uint8Array): number {
    const line = this.#line;
    if (line.valueKind === INTEGER) return this.#values.idOfInteger(line.value);
    if (line.valueKind === NULL) return 0;
    const ids = line.valueKind === TEXT ? this.#textIds : this.#jsonIds;
    return ids.id(bytes, line.valueFrom, line.valueTo);
  }

  #takeExact(bytes: Uint8Array, at: number, index: number): number {
    const end = bytes.indexOf(NEWLINE, at);
    const text = this.#decoder.decode(bytes.subarray(at, end));
    if (index < 0) this.#header = decodeHeaderLine(text);
    else this.#takeEvent(decodeEventLine(text, index));
    return end + 1;
  }

  #takeEvent(event: Event): void {
    if (event.type === "fault" || event.type === "stage" || event.type === "note") {
      this.#others.push(event);
      return;
    }
    const type = TYPES[event.type];
    const value = type === INVOKE || type === OK ? this.#values.id(event.value) : UNKNOWN;
    const kind = this.#pairing.kinds.id(event.f);
    const key = this.#pairing.keys.id(event.key);
    this.#pairing.take(type, event.process, kind, key, value, event.index, event.time);
  }
}

function concatenated(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
