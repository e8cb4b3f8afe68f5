/** Whatever somebody has a history in, as what the checks are given. */
import type { History } from "../proto/history.ts";
import type { Json } from "../proto/json.ts";
import { type ReadOptions, readRecording } from "./formats/index.ts";
import { type Recording, recordingOf } from "./history/recording.ts";

/** One event, as a line of the jsonl format. */
export interface PlainEvent {
  readonly process: number | string;
  /** `ok`: it happened; `fail`: it certainly did not; `info`: nobody knows. */
  readonly type: "invoke" | "ok" | "fail" | "info";
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
  if ("columns" in history) return history;
  if ("events" in history) return recordingOf(history);
  const lines = history.map((event) => `${JSON.stringify(event)}\n`);
  if (lines.length === 0) return recordingOf({ events: [] });
  return read(new TextEncoder().encode(lines.join("")), { ...options, format: "jsonl" });
}

function read(bytes: Uint8Array, options: ReadOptions): Recording {
  return readRecording(bytes, options).recording;
}
