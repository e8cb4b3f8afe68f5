/**
 * A history in any format to a `Recording`, whole or by chunks.
 *
 *     const { recording, incomplete } = readRecording(bytes, { format: "jepsen-edn" });
 *
 * What is wrong is refused with its line. A lenient reader keeps what is sound instead and says so in two ways, which
 * whoever judges the recording has to heed:
 *
 * - `incomplete` is there: an `invalid` is to be answered with `unknown`, for a valid history may look invalid now.
 *   It is whenever a line could not be read (it may have been the beginning of a write that somebody read), an answer
 *   had no invocation or another one than its own, a process had two operations open (an answer may have gone to the
 *   wrong one), or lines are missing or out of order by their `index` or `time`. It is not for a file whose end is
 *   cut off (nothing before depends on it) and for a time that cannot be (order is that of the lines).
 * - `droppedCount` is not 0: a `valid` speaks of what was kept, in the order in which it stands, and of no more.
 */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import type { Bytes, Recording } from "../history/recording.ts";
import type { Dropped } from "./damage.ts";
import { detectFormat, FORMATS, type Format } from "./detect.ts";
import { EventSource } from "./event-source.ts";
import type { NemesisEvent } from "./foreign-event.ts";
import type { Limits } from "./limits.ts";
import { joined } from "./lines.ts";
import { OwnSource } from "./own-source.ts";

/** The byte order mark, which is passed over. */
const MARK = [0xef, 0xbb, 0xbf];

export interface ReadOptions {
  /** Otherwise it is told from the first bytes. */
  readonly format?: Format;
  readonly fileName?: string;
  readonly lenient?: boolean;
  /** Values are `[key, value]`, as Jepsen's independent keys are. Not for `testbed`. */
  readonly keyed?: boolean;
  readonly limits?: Limits;
  /** What a failed `cas` says. Jepsen's `fail` says nothing (`silent`); elsewhere the comparison failed (`observed`). */
  readonly failedCas?: "observed" | "silent";
  /** What a read says that answers nil: in `jepsen-edn` nothing (`anything`), as Knossos has it; elsewhere `null`. */
  readonly nilReads?: "null" | "anything";
}

export interface ReadResult {
  readonly recording: Recording;
  readonly format: Format;
  /** The first of them, with what was done instead. */
  readonly dropped: readonly Dropped[];
  readonly droppedCount: number;
  /** Why an `invalid` proves nothing. */
  readonly incomplete?: string;
  /** What the format's meaning made of the events, in sentences. */
  readonly notes: readonly string[];
  readonly nemesis: readonly NemesisEvent[];
  /** What the file calls the processes whose numbers are not its own. */
  readonly processNames: ReadonlyMap<number, string>;
  /** The line of the file, from 1, on which an event stands. */
  lineOf(index: number): number;
}

export interface ChunkOptions extends ReadOptions {
  /** Of the file in bytes, if known. */
  readonly size?: number;
  /** Stretches of the file again: single operations of a `testbed` history are read when they are asked for. */
  readonly bytes?: Bytes;
}

/** @throws HistoryFormatError, MalformedHistoryError whose message names the line */
export function readRecording(bytes: Uint8Array, options: ReadOptions = {}): ReadResult {
  if (bytes.length === 0) throw new HistoryFormatError(1, "the file is empty");
  const format = options.format ?? detectFormat(bytes, options.fileName);
  if (format === undefined)
    throw new HistoryFormatError(
      1,
      `its beginning tells no format. Give one: ${FORMATS.join(", ")}`,
    );
  // Line by line our own format takes many times as long, for a file that has nothing wrong.
  if (format === "testbed" && options.lenient === true)
    try {
      return readWhole(bytes, format, { ...options, lenient: false });
    } catch (error) {
      if (error instanceof TypeError) throw error;
    }
  return readWhole(bytes, format, options);
}

function readWhole(bytes: Uint8Array, format: Format, options: ReadOptions): ReadResult {
  const reader = new RecordingReader(format, {
    ...options,
    size: bytes.length,
    bytes: (from, to) => bytes.subarray(from, to),
  });
  reader.feed(bytes);
  return reader.end();
}

/** For files that are larger than a buffer may be. EDN has to fit into memory as a text. */
export class RecordingReader {
  readonly #source: OwnSource | EventSource;
  #first: Uint8Array | undefined = new Uint8Array(0);

  constructor(format: Format, options: ChunkOptions = {}) {
    if (!FORMATS.includes(format)) throw new TypeError(`there is no format ${String(format)}`);
    if (format === "testbed" && options.keyed === true)
      throw new TypeError("the format testbed has keys of its own: keyed is not for it");
    this.#source =
      format === "testbed" && options.lenient !== true
        ? new OwnSource(options)
        : new EventSource(format, options);
  }

  /** `chunk` may be reused afterwards. @throws HistoryFormatError, MalformedHistoryError */
  feed(chunk: Uint8Array): void {
    if (this.#first === undefined) {
      this.#source.feed(chunk);
      return;
    }
    const first = this.#first.length === 0 ? chunk : joined([this.#first, chunk]);
    this.#first = first.length < MARK.length ? first.slice() : undefined;
    if (first.length >= MARK.length) this.#begin(first);
  }

  #begin(first: Uint8Array): void {
    const offset = MARK.every((byte, at) => first[at] === byte) ? MARK.length : 0;
    this.#source.feed(first.subarray(offset), offset);
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): ReadResult {
    if (this.#first !== undefined) {
      if (this.#first.length === 0) throw new HistoryFormatError(1, "the file is empty");
      this.#begin(this.#first);
    }
    return this.#source.end();
  }
}
