/**
 * What the checks are given, wherever it came from: the operations as columns, all other events as they are, and single
 * operations as objects for those few that a verdict speaks of.
 */
import type { Event, History } from "../../proto/history.ts";
import { MalformedHistoryError, type Operation, operationsOf } from "../../proto/operation.ts";
import { type Columns, columnsOf, NEVER } from "./columns.ts";
import type { OtherEvent, Recorded } from "./ingest.ts";

export interface Recording {
  readonly columns: Columns;
  /** Faults, stages and notes, in order. */
  readonly others: readonly OtherEvent[];
  /** How many events there were, of operations and others. */
  readonly events: number;
  /** The operation of a row. */
  operation(row: number): Operation;
  /** What was left out of a damaged file, in a sentence: a verdict speaks of the rest. */
  readonly dropped?: string;
  /** Why a violation in a damaged file proves nothing: what was left out may explain it. */
  readonly incomplete?: string;
  /** All of them, by row: a thousand times the memory of a column. Made once, for checks that need every detail. */
  operations(): readonly Operation[];
}

/** The bytes of a file from one place to another. */
export type Bytes = (from: number, to: number) => Uint8Array;

/** A history at hand as objects. @throws MalformedHistoryError */
export function recordingOf(history: Pick<History, "events">): Recording {
  for (const [i, { index }] of history.events.entries())
    if (index !== i) throw new MalformedHistoryError(index, `stands where ${i} was expected`);
  const operations = operationsOf(history);
  return {
    columns: columnsOf(operations),
    others: history.events.filter(isOther),
    events: history.events.length,
    operation: (row) => operationIn(operations, row),
    operations: () => operations,
  };
}

/** A history that was read from a file, of which `bytes` reads single lines again. */
export function recordingOfFile({ columns, others, lines }: Recorded, bytes: Bytes): Recording {
  // Whoever asks for one event often asks for its neighbours next.
  let last: { readonly from: number; readonly stretch: Uint8Array } | undefined;
  const event = (index: number): Event => {
    const { from, to } = lines.around(index);
    if (last?.from !== from) last = { from, stretch: bytes(from, to).slice() };
    return lines.eventIn(last.stretch, index);
  };
  // What never returned is told as it was invoked: no column says where its `info` stands.
  const operation = (row: number): Operation => {
    const { [row]: invoked = NEVER } = columns.invoked;
    const { [row]: completed = NEVER } = columns.completed;
    const events = [invoked, completed].filter((index) => index !== NEVER).map(event);
    return operationIn(operationsOf({ events }), 0);
  };
  let all: readonly Operation[] | undefined;
  return {
    columns,
    others,
    events: lines.count,
    operation,
    operations: () => {
      all ??= operationsOf({ events: Array.from({ length: lines.count }, (_, i) => event(i)) });
      return all;
    },
  };
}

function isOther(event: History["events"][number]): event is OtherEvent {
  return event.type === "fault" || event.type === "stage" || event.type === "note";
}

function operationIn(operations: readonly Operation[], row: number): Operation {
  const operation = operations[row];
  if (operation === undefined) throw new RangeError(`there is no row ${row}`);
  return operation;
}
