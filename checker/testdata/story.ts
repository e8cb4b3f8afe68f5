/**
 * Histories told by hand, for tests: operations as intervals in milliseconds, put in order by their
 * times.
 */
import type {
  Completion,
  Event,
  History,
  Seen,
  StageEvent,
  Unindexed,
} from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";
import type { Note } from "../../proto/notes.ts";

export type Part = readonly Unindexed<Event>[];

interface Told {
  readonly process?: number;
  readonly node?: string;
  readonly key?: string;
  readonly status?: Completion;
  readonly seen?: Seen;
  readonly request?: string;
  readonly final?: true;
}

let processes = 1_000;

/** A write of `value` from `from` to `to`. With the status `info` it has no completion. */
export function write(value: Json, from: number, to: number, told: Told = {}): Part {
  return operation("write", value, value, from, to, told);
}

/** A read that returned `value`. */
export function read(value: Json, from: number, to: number, told: Told = {}): Part {
  return operation("read", null, value, from, to, told);
}

export function finalRead(value: Json, from: number, to: number, told: Told = {}): Part {
  return read(value, from, to, { ...told, final: true });
}

function operation(
  f: string,
  input: Json,
  output: Json,
  from: number,
  to: number,
  told: Told,
): Part {
  const {
    process = processes++,
    node = "n1",
    key = "x",
    status = "ok",
    seen,
    request,
    final,
  } = told;
  const base = { process, f, key, node };
  const invoke = {
    ...base,
    type: "invoke" as const,
    time: nanoseconds(from),
    value: input,
    ...(request === undefined ? {} : { request }),
    ...(final === undefined ? {} : { final }),
  };
  if (status === "info") return [invoke];
  const completion = {
    ...base,
    type: status,
    time: nanoseconds(to),
    value: status === "ok" ? output : input,
  };
  return [invoke, seen === undefined ? completion : { ...completion, seen }];
}

let faults = 0;

/** A fault from `from` to `to`, effective at both ends unless `not` names an end that was not. */
export function fault(
  f: string,
  node: string,
  from: number,
  to: number,
  not?: "begin" | "end" | "ended",
): Part {
  const id = faults++;
  const base = { type: "fault" as const, id, f, node, detail: {}, evidence: {} };
  const begin = {
    ...base,
    phase: "begin" as const,
    time: nanoseconds(from),
    effective: not !== "begin",
  };
  const end = { ...base, phase: "end" as const, time: nanoseconds(to), effective: not !== "end" };
  return not === "ended" ? [begin] : [begin, end];
}

export function stage(name: StageEvent["stage"], at: number): Part {
  return [{ type: "stage", stage: name, time: nanoseconds(at) }];
}

export function note(node: string, at: number, said: Note): Part {
  return [{ type: "note", node, time: nanoseconds(at), arrived: nanoseconds(at), ...said }];
}

/** The parts in the order of time; at equal times in the order told. */
export function story(...parts: readonly Part[]): History {
  const events = parts.flat().sort((a, b) => a.time - b.time);
  return {
    header: { testbed: "history", schema: 1, scenario: "story", seed: 1, versions: {} },
    events: events.map((event, index): Event => ({ ...event, index })),
  };
}

function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}
