/** An event of a history as others write it: what all their formats have in common. */
import type { OperationEvent } from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";

export interface ForeignEvent {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  readonly type: OperationEvent["type"];
  /** A number, or a name. */
  readonly process: number | string;
  readonly f: string;
  /** `undefined` where none is given: that of the invocation, or the only one there is. */
  readonly key: string | undefined;
  readonly value: Json;
  /** Nanoseconds; NaN where none is given. */
  readonly time: number;
  /** The number that the event gives itself. */
  readonly index: number | undefined;
  readonly node: string;
  readonly error: string | undefined;
  /** What our own format says besides. */
  readonly own: Pick<OperationEvent, "seen" | "request" | "final"> | undefined;
}

/** Something that was done to the system, by a process that is no client. */
export interface NemesisEvent {
  /** Its place among all events. */
  readonly index: number;
  readonly line: number;
  readonly time: number;
  readonly type: string;
  readonly f: string;
  readonly value: Json;
}

export const NEMESIS = "nemesis";
