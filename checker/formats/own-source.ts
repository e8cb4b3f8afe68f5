/** A history of our own, whole and sound. */
import { type Bytes, recordingOfFile } from "../history/recording.ts";
import type { ChunkOptions, ReadResult } from "./read-recording.ts";
import { TestbedReader } from "./testbed-strict.ts";

export class OwnSource {
  readonly #reader: TestbedReader;
  readonly #bytes: Bytes;
  #offset = 0;

  constructor({ size = 0, limits = {}, bytes }: ChunkOptions) {
    if (bytes === undefined)
      throw new TypeError("a testbed history is read again for single operations: give bytes");
    this.#bytes = (from, to) => bytes(from + this.#offset, to + this.#offset);
    this.#reader = new TestbedReader(size, limits, this.#bytes);
  }

  /** `skipped`: bytes of the file before this chunk that are not fed. */
  feed(chunk: Uint8Array, skipped = 0): void {
    this.#offset += skipped;
    this.#reader.feed(chunk);
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): ReadResult {
    return {
      recording: recordingOfFile(this.#reader.end(), this.#bytes),
      ...{ format: "testbed", dropped: [], droppedCount: 0, notes: [], nemesis: [] },
      processNames: new Map(),
      // The header is line 1.
      lineOf: (index) => index + 2,
    };
  }
}
