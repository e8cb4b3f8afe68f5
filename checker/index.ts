/** The public door of the checker ("testbed/checker"): history and checks in, verdict out. */
export { check } from "./check.ts";
export { InvalidCheckError } from "./check-kind.ts";
export {
  type Dropped,
  detectFormat,
  FORMATS,
  type Format,
  type ReadResult,
  RecordingReader,
  readRecording,
} from "./formats/index.ts";
export { OK } from "./history/columns.ts";
export type { Recording } from "./history/recording.ts";
export type { HistoryLike, PlainEvent } from "./history-like.ts";
export {
  type CausalSpec,
  causal,
  type RegularSpec,
  regular,
  type SafeSpec,
  type SequentialSpec,
  type SessionGuaranteesSpec,
  type StalenessSpec,
  safe,
  sequential,
  sessionGuarantees,
  staleness,
} from "./levels/index.ts";
export { type LinearizableSpec, linearizable } from "./linearizability/linearizable.ts";
export { type LostWritesSpec, lostWrites } from "./lost-write.ts";
export { kindsOf, MODELS } from "./models/catalogue.ts";
export { likelyModels } from "./models/likely.ts";
export {
  casRegister,
  counter,
  fetchAndAdd,
  keyValue,
  log,
  type ModelSpec,
  multiRegister,
  mutex,
  priorityQueue,
  queue,
  register,
  rwLock,
  semaphore,
  set,
  stack,
  transactions,
} from "./models/model-spec.ts";
export { checkInParallel, type ParallelOptions } from "./parallel/check.ts";
export { type Alarm, RegisterStream } from "./register/stream.ts";
export type { Action, Model, Touch } from "./search/index.ts";
export { CHECKS, finds, validateCheck } from "./spec.ts";
export { type SplitBrainSpec, splitBrain } from "./split-brain.ts";
