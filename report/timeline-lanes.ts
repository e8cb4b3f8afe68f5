/** The lanes of the whole run: which processes share one, and what stands on a node's. */
import type { NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import { type Axis, xOf } from "./axis.ts";
import type { Recording, Term } from "./recording.ts";
import { packRows } from "./rows.ts";
import { duration } from "./time.ts";
import type { Timeline } from "./timeline.ts";
import { faultLabel } from "./wording.ts";

export const CLIENT_HEIGHT = 20;
const STEP = 18;

export interface ClientRow {
  readonly name: string;
  readonly processes: readonly number[];
  readonly operations: number;
}

/** A client goes on as a new process after info: processes that cannot overlap share a lane. */
export function clientRows({ operations, gaveUpAt }: Recording): ClientRow[] {
  const byProcess = new Map<number, Operation[]>();
  for (const operation of operations) {
    const own = byProcess.get(operation.process);
    if (own === undefined) byProcess.set(operation.process, [operation]);
    else own.push(operation);
  }
  const rows: { processes: number[]; operations: number; freeAt: number }[] = [];
  for (const [process, own] of byProcess) {
    const from = own[0]?.invokedAt ?? 0;
    const freeAt = gaveUpAt.get(own.at(-1)?.id ?? -1) ?? Number.POSITIVE_INFINITY;
    const row = rows.find((row) => row.freeAt <= from);
    if (row === undefined) {
      rows.push({ processes: [process], operations: own.length, freeAt });
    } else {
      row.processes.push(process);
      row.operations += own.length;
      row.freeAt = freeAt;
    }
  }
  return rows.map(({ processes, operations }) => ({
    name: `client ${processes.join(", ")}`,
    processes,
    operations,
  }));
}

export function nodesOf({ operations, faults, notes }: Recording): string[] {
  const named = [operations, faults, notes].flatMap((all) => all.map(({ node }) => node));
  return [...new Set(named)].sort();
}

export type NodeParts = Pick<Timeline, "faults" | "clocks" | "terms" | "marks"> & {
  readonly height: number;
};

export function placeNodeSpans(
  node: string,
  recording: Recording,
  axis: Axis,
  y: number,
): NodeParts {
  const own = <T extends { readonly node: string }>(all: readonly T[]) =>
    all.filter((item) => item.node === node);
  const faults = own(recording.faults);
  const clocks = own(recording.clocks);
  const terms = own(recording.terms);
  const spanX = ({ fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }) => ({
    fromX: xOf(axis, fromNs),
    toX: xOf(axis, toNs),
  });
  const rows = packRows(
    faults,
    (fault) => ({
      text: faultLabel(fault),
      x: xOf(axis, fault.fromNs) + 4,
      toX: xOf(axis, fault.toNs),
    }),
    axis.width,
  );
  const clockY = y + 3 + rows.count * STEP;
  const termY = clockY + (clocks.length > 0 ? STEP : 0);
  const stale = own(recording.notes).filter((note) => isMarked(note));
  const height = termY + (terms.length + stale.length > 0 ? STEP : 0) - y + 3;
  return {
    faults: rows.placed.map(({ item, text, x, row }) => {
      return { of: item, label: text, labelX: x, ...spanX(item), y: y + 3 + row * STEP };
    }),
    clocks: clocks.map((clock) => {
      const rate = clock.rate === 1 ? "" : ` rate ${clock.rate}`;
      const label = `clock noted ${duration(clock.offsetNs)}${rate}`;
      return { of: clock, label, ...spanX(clock), y: clockY };
    }),
    terms: terms.map((term) => {
      const label = `leads, epoch ${term.epoch}`;
      return { of: term, label, ...spanX(term), y: termY, contested: isContested(term, recording) };
    }),
    marks: stale.map((note) => ({ note, x: xOf(axis, note.time), y: termY })),
    height: Math.max(height, CLIENT_HEIGHT),
  };
}

/** Two nodes that lead at one time; whether that is harmful is for the checks to say. */
function isContested(term: Term, { terms }: Recording): boolean {
  return terms.some(
    (other) => other.node !== term.node && other.fromNs < term.toNs && term.fromNs < other.toNs,
  );
}

function isMarked(note: NoteEvent): boolean {
  if (note.kind === "accept") return note.epoch < note.highest;
  return note.kind === "stall" || note.kind === "recovered" || note.kind === "reject";
}
