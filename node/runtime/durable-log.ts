/**
 * A small append-only log: what was acknowledged is on disk, so that a node can be killed and come back with its data.
 *
 * One record a line: the CRC-32 of the text in eight hex digits, a space, the record as JSON. Records that are
 * appended while the disk is busy share the next write and fsync. At start the log is read up to the first line that
 * is not whole and right (a torn write of a crash), and cut there.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";

export interface Opened<R> {
  readonly log: DurableLog<R>;
  /** What was there, in order. */
  readonly records: readonly R[];
}

interface Pending {
  readonly line: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export class DurableLog<R> {
  readonly #file: FileHandle;
  #pending: Pending[] = [];
  #flushing: Promise<void> | undefined;
  /** Why nothing is written any more. A failed write may have left half a line, and what follows half a line is lost. */
  #broken: unknown;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or creates the log. The caller vouches that the file holds records of type R: its own earlier life wrote it. */
  static async open<R>(path: string): Promise<Opened<R>> {
    const file = await open(path, "a+");
    const { records, length } = decode<R>(await file.readFile());
    await file.truncate(length);
    await file.datasync();
    return { log: new DurableLog<R>(file), records };
  }

  /** Resolves when the record is on disk. */
  append(record: R): Promise<void> {
    const text = JSON.stringify(record);
    return new Promise((done, failed) => {
      this.#pending.push({ line: `${checksum(text)} ${text}\n`, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        if (this.#broken !== undefined) throw this.#broken;
        await this.#file.appendFile(batch.map((entry) => entry.line).join(""));
        await this.#file.datasync();
        for (const entry of batch) entry.done();
      } catch (error) {
        this.#broken = error;
        for (const entry of batch) entry.failed(error);
      }
    }
    this.#flushing = undefined;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

function decode<R>(content: Buffer): { records: R[]; length: number } {
  const records: R[] = [];
  let length = 0;
  for (;;) {
    const end = content.indexOf(10, length);
    if (end === -1) return { records, length };
    const line = content.toString("utf8", length, end);
    const text = line.slice(9);
    if (line.slice(0, 9) !== `${checksum(text)} `) return { records, length };
    records.push(JSON.parse(text) as R);
    length = end + 1;
  }
}
