/** Whatever somebody has a history in, as what the checks are given. */
import type { History } from "../proto/history.ts";
import { HistoryFormatError } from "../proto/history-codec.ts";
import type { Json } from "../proto/json.ts";
import { type ReadOptions, readRecording } from "./formats/index.ts";
import { type Recording, recordingOf } from "./history/recording.ts";

/** One event, as a line of the jsonl format. */
export interface PlainEvent {
  readonly process: number | string;
  /** `invoke`, or how it ended. `ok`: it happened; `fail`: it certainly did not; `info`: nobody knows. */
  readonly type: string;
  readonly f: string;
  readonly key?: string;
  /** The argument in the `invoke`, the answer in the `ok`. */
  readonly value?: Json;
  /** Nanoseconds. */
  readonly time?: number;
  readonly node?: string;
  readonly error?: string;
}

/** A recorded history, events in the order in which one observer saw them, or the content of a file. */
export type HistoryLike = History | Recording | readonly PlainEvent[] | string | Uint8Array;

/** @throws HistoryFormatError, MalformedHistoryError */
export function recordingFrom(history: HistoryLike, options: ReadOptions = {}): Recording {
  if (typeof history === "string") return read(new TextEncoder().encode(history), options);
  if (history instanceof Uint8Array) return read(history, options);
  if (typeof history !== "object" || history === null)
    throw new TypeError(
      "a history is a list of events, a recorded history or the content of a file",
    );
  if ("columns" in history) return history;
  if ("events" in history) return recordingOf(history);
  const lines = history.map(lineOf);
  if (lines.length === 0) return recordingOf({ events: [] });
  return read(new TextEncoder().encode(lines.join("")), { ...options, format: "jsonl" });
}

function read(bytes: Uint8Array, options: ReadOptions): Recording {
  return readRecording(bytes, options).recording;
}

function lineOf(event: PlainEvent, at: number): string {
  try {
    return `${JSON.stringify(event)}\n`;
  } catch (error) {
    throw new HistoryFormatError(at + 1, `no event of JSON values (${(error as Error).message})`);
  }
}
