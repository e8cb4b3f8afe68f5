/** Histories of many formats, as recordings. */
export type { Dropped } from "./damage.ts";
export { detectFormat, FORMATS, type Format } from "./detect.ts";
export type { NemesisEvent } from "./foreign-event.ts";
export type { Limits } from "./limits.ts";
export {
  type ChunkOptions,
  type ReadOptions,
  type ReadResult,
  RecordingReader,
  readRecording,
} from "./read-recording.ts";
