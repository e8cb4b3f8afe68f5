/**
 * The history sorted by kind for drawing: operations, fault spans, clock spans, terms of leaders,
 * stages, notes.
 */
import type { Event, FaultEvent, History, NoteEvent, StageEvent } from "../proto/history.ts";
import { MalformedHistoryError, type Operation, operationsOf } from "../proto/operation.ts";

/** A fault from its beginning to its end; without an end it lasts until the history ends. */
export interface FaultSpan {
  readonly id: number;
  readonly f: string;
  readonly node: string;
  readonly begin: FaultEvent | undefined;
  readonly end: FaultEvent | undefined;
  readonly fromNs: number;
  readonly toNs: number;
}

/** A time in which a node's clock was set off from true time. */
export interface ClockSpan {
  readonly node: string;
  readonly offsetNs: number;
  readonly rate: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** A time in which a node believed that it leads. */
export interface Term {
  readonly node: string;
  readonly epoch: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** Why it stopped; `undefined` while it still believed so at the end of the history. */
  readonly why: string | undefined;
}

export interface Recording {
  readonly operations: readonly Operation[];
  /** When an `info` operation's client gave up, by the operation's id. */
  readonly gaveUpAt: ReadonlyMap<number, number>;
  /** Set when the events do not pair up; then `operations` are those before the offending event. */
  readonly malformed: { readonly message: string; readonly event: Event | undefined } | undefined;
  readonly faults: readonly FaultSpan[];
  readonly clocks: readonly ClockSpan[];
  readonly terms: readonly Term[];
  readonly stages: readonly StageEvent[];
  readonly notes: readonly NoteEvent[];
  readonly endNs: number;
}

export function recordingOf(history: History): Recording {
  const notes = history.events.filter((event) => event.type === "note");
  const endNs = history.events.reduce((last, event) => Math.max(last, event.time), 1);
  return {
    ...pairedOperations(history),
    gaveUpAt: gaveUpTimes(history),
    faults: faultSpans(
      history.events.filter((event) => event.type === "fault"),
      endNs,
    ),
    clocks: clockSpans(notes, endNs),
    terms: termsOf(notes, endNs),
    stages: history.events.filter((event) => event.type === "stage"),
    notes,
    endNs,
  };
}

function pairedOperations(history: History): Pick<Recording, "operations" | "malformed"> {
  try {
    return { operations: operationsOf(history), malformed: undefined };
  } catch (error) {
    if (!(error instanceof MalformedHistoryError)) throw error;
    const before = history.events.filter((event) => event.index < error.index);
    const event = history.events.find((event) => event.index === error.index);
    return {
      operations: operationsOf({ ...history, events: before }),
      malformed: { message: error.message, event },
    };
  }
}

function gaveUpTimes(history: History): Map<number, number> {
  const open = new Map<number, number>();
  const times = new Map<number, number>();
  for (const event of history.events) {
    if (event.type === "invoke") open.set(event.process, event.index);
    if (event.type !== "info") continue;
    const id = open.get(event.process);
    if (id !== undefined) times.set(id, event.time);
  }
  return times;
}

function faultSpans(events: readonly FaultEvent[], endNs: number): FaultSpan[] {
  const ids = [...new Set(events.map((event) => event.id))];
  return ids.flatMap((id) => {
    const begin = events.find((event) => event.id === id && event.phase === "begin");
    const end = events.find((event) => event.id === id && event.phase === "end");
    const known = begin ?? end;
    if (known === undefined) return [];
    const { f, node, time } = known;
    return [{ id, f, node, begin, end, fromNs: time, toNs: end?.time ?? endNs }];
  });
}

function clockSpans(notes: readonly NoteEvent[], endNs: number): ClockSpan[] {
  const settings = notes.filter((note) => note.kind === "clock");
  return settings.flatMap((note, position) => {
    if (note.offsetNs === 0 && note.rate === 1) return [];
    const next = settings.find((later, at) => at > position && later.node === note.node);
    const { node, offsetNs, rate } = note;
    return [{ node, offsetNs, rate, fromNs: note.time, toNs: next?.time ?? endNs }];
  });
}

function termsOf(notes: readonly NoteEvent[], endNs: number): Term[] {
  return notes.flatMap((note, position) => {
    if (note.kind !== "leader-start") return [];
    const { node, epoch } = note;
    const end = notes.find(
      (later, at) =>
        at > position &&
        later.kind === "leader-end" &&
        later.node === node &&
        later.epoch === epoch,
    );
    const why = end?.kind === "leader-end" ? end.why : undefined;
    return [{ node, epoch, fromNs: note.time, toNs: end?.time ?? endNs, why }];
  });
}
