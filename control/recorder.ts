/**
 * Writes the history as it happens. Index and time are given here, in one place and in one order; lines are handed to
 * the file in short bursts, so that a crash of the controller loses at most the last of them.
 *
 * A file that can not be written (a full disk) ends the run: `onError` is told once, at once.
 */
import { type FileHandle, open } from "node:fs/promises";
import type { Event, Header, NoteEvent, Unindexed } from "../proto/history.ts";
import { encodeLine } from "../proto/history-codec.ts";
import type { Note } from "../proto/notes.ts";

const FLUSH_EVERY_MS = 50;

/** An event as the run tells it: the recorder adds index and time. */
export type Told =
  Exclude<Unindexed<Event>, { type: "note" }> extends infer E
    ? E extends { time: number }
      ? Omit<E, "time">
      : never
    : never;

export class Recorder {
  readonly #file: FileHandle;
  readonly #onError: (error: unknown) => void;
  readonly #startNs: bigint;
  readonly #timer: NodeJS.Timeout;
  readonly #counts = new Map<Event["type"], number>();
  #next = 0;
  #lines: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  private constructor(file: FileHandle, startNs: bigint, onError: (error: unknown) => void) {
    this.#file = file;
    this.#startNs = startNs;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#flush(), FLUSH_EVERY_MS);
  }

  /** `startNs`: true time at which the run began. */
  static async open(
    path: string,
    header: Header,
    startNs: bigint,
    onError: (error: unknown) => void,
  ): Promise<Recorder> {
    const file = await open(path, "wx");
    const recorder = new Recorder(file, startNs, onError);
    recorder.#lines.push(encodeLine(header));
    return recorder;
  }

  /** Nanoseconds since the run began. */
  now(): number {
    return Number(process.hrtime.bigint() - this.#startNs);
  }

  /** Appends an event that happens now. Returns its index. */
  tell(event: Told): number {
    return this.#append({ ...event, index: this.#next, time: this.now() } as Event);
  }

  /** Appends a node's note, made at `at` (true time, as the node read it). */
  note(node: string, at: bigint, note: Note): void {
    const time = Number(at - this.#startNs);
    const index = this.#next;
    const event: NoteEvent = { index, time, type: "note", node, arrived: this.now(), ...note };
    this.#append(event);
  }

  /** How many operations have completed so far, by outcome. */
  count(type: Event["type"]): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Writes out everything and closes the file. @throws what the file system said, if it failed. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#writing;
    try {
      if (!this.#failed) await this.#file.datasync();
    } finally {
      await this.#file.close();
    }
  }

  #append(event: Event): number {
    this.#next += 1;
    this.#counts.set(event.type, this.count(event.type) + 1);
    this.#lines.push(encodeLine(event));
    return event.index;
  }

  #flush(): void {
    if (this.#lines.length === 0 || this.#failed) return;
    const text = this.#lines.join("");
    this.#lines = [];
    this.#writing = this.#writing
      .then(() => this.#file.appendFile(text))
      .catch((error: unknown) => {
        if (!this.#failed) this.#onError(error);
        this.#failed = true;
      });
  }
}
