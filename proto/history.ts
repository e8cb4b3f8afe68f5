/**
 * The history: one JSON object a line, appended as it happens. The first line is a header.
 *
 * `index` is the line's number among the events, dense from 0, and its order is authoritative for operations.
 * `time` is nanoseconds of CLOCK_MONOTONIC since the run began: an invocation is stamped before it is sent, a
 * completion after it was received, by the controller. A node's note is stamped by the node with the same true clock.
 */
import type { Json } from "./json.ts";
import type { Note } from "./notes.ts";

export const HISTORY_SCHEMA = 1;

export interface Header {
  readonly testbed: "history";
  readonly schema: typeof HISTORY_SCHEMA;
  readonly scenario: string;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What the system showed of itself in an answer. Stamps are int64 and travel as decimal strings. */
export interface Seen {
  /** The stamp that conflict resolution compares; ties are broken by `by`, the name of the node that gave it. */
  readonly stamp?: string;
  readonly by?: string;
  /** What the stamp counts: nanoseconds of the node's wall clock, a logical counter, or the larger of both. */
  readonly clock?: "wall" | "logical" | "hybrid";
  readonly epoch?: number;
  /** The node that answered from its own authority. */
  readonly served?: string;
}

export type Completion = "ok" | "fail" | "info";

/** A step of a client's operation. `process` is a logical single thread; after `info` its number is retired. */
export interface OperationEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "invoke" | Completion;
  readonly process: number;
  readonly f: string;
  readonly key: string;
  /** The argument of a write, the answer of a read (`null` while unknown or when the key was never written). */
  readonly value: Json;
  readonly node: string;
  readonly error?: string;
  readonly seen?: Seen;
  /** Identity of the request as the nodes know it; joins notes of nodes to operations. */
  readonly request?: string;
  /** True for the reads after all faults were healed. */
  readonly final?: true;
}

/** The beginning or the end of a fault: planned, resolved to real targets, with evidence that it took effect. */
export interface FaultEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "fault";
  /** `begin` and `end` of one fault share the id. */
  readonly id: number;
  readonly phase: "begin" | "end";
  readonly f: string;
  readonly node: string;
  readonly detail: { readonly [option: string]: Json };
  readonly evidence: { readonly [fact: string]: Json };
  /** Whether the evidence shows that the fault (or its healing) really happened. */
  readonly effective: boolean;
}

/** A stage of the run begins. */
export interface StageEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "stage";
  readonly stage: "drive" | "heal" | "settle" | "read" | "stop";
}

/** A node's own remark. `time` is the node's reading of the true clock; `arrived` is when the controller had it. */
export type NoteEvent = {
  readonly index: number;
  readonly time: number;
  readonly type: "note";
  readonly node: string;
  readonly arrived: number;
} & Note;

export type Event = OperationEvent | FaultEvent | StageEvent | NoteEvent;

export interface History {
  readonly header: Header;
  readonly events: readonly Event[];
}

/** What the writer is given; it adds the index. */
export type Unindexed<E> = E extends unknown ? Omit<E, "index"> : never;
