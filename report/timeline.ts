/**
 * The layout of the whole run as data: a lane for each node (faults, clock, leadership, stale
 * accepts) and below them a lane for each client, on one even axis, so that what happened to a
 * node stands above what its clients saw.
 */
import type { NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import { type Axis, evenAxis, evenTicks, type Tick, xOf } from "./axis.ts";
import type { ClockSpan, FaultSpan, Recording, Term } from "./recording.ts";
import { packRows } from "./rows.ts";
import { selectOperations } from "./selection.ts";
import {
  CLIENT_HEIGHT,
  clientRows,
  type NodeParts,
  nodesOf,
  placeNodeSpans,
} from "./timeline-lanes.ts";
import { shorten } from "./wording.ts";

export interface Span<Of> {
  readonly of: Of;
  readonly label: string;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

export interface Stage {
  readonly stage: string;
  readonly x: number;
  readonly labelX: number;
  readonly labelY: number;
}

export interface Timeline {
  readonly axis: Axis;
  /** Where the lanes begin, below the time scale and the names of the stages. */
  readonly top: number;
  readonly height: number;
  readonly lanes: readonly { readonly name: string; readonly y: number; readonly height: number }[];
  readonly faults: readonly Span<FaultSpan>[];
  readonly clocks: readonly Span<ClockSpan>[];
  readonly terms: readonly (Span<Term> & { readonly contested: boolean })[];
  readonly marks: readonly { readonly note: NoteEvent; readonly x: number; readonly y: number }[];
  readonly operations: readonly (Span<Operation> & { readonly witness: boolean })[];
  readonly stages: readonly Stage[];
  readonly ticks: readonly Tick[];
  readonly sentence: string;
}

export const SPAN_HEIGHT = 15;
const STAGE_ROW = 14;
const DRAWN_MARKS = 500;

export function timeline(recording: Recording, witness: ReadonlySet<number>): Timeline {
  const clients = clientRows(recording);
  const busiest = Math.max(1, ...clients.map(({ operations }) => operations));
  const axis = evenAxis(0, recording.endNs, Math.min(6000, Math.max(1088, busiest * 8)));
  const lanes: Timeline["lanes"][number][] = [];
  const parts: NodeParts[] = [];
  const stages = packRows(
    recording.stages,
    ({ stage, time }) => ({ text: stage, x: xOf(axis, time) + 3 }),
    axis.width,
  );
  const top = 20 + stages.count * STAGE_ROW;
  let y = top;
  for (const node of nodesOf(recording)) {
    const part = placeNodeSpans(node, recording, axis, y);
    lanes.push({ name: shorten(`node ${node}`, 200), y, height: part.height });
    parts.push(part);
    y += part.height;
  }
  y += 8;
  const laneY = new Map<number, number>();
  for (const { name, processes } of clients) {
    lanes.push({ name, y, height: CLIENT_HEIGHT });
    for (const process of processes) laneY.set(process, y);
    y += CLIENT_HEIGHT;
  }
  const selection = selectOperations(recording.operations, witness);
  const marks = parts.flatMap((part) => part.marks);
  const unmarked = marks.length - DRAWN_MARKS;
  const cut = unmarked > 0 ? ` ${unmarked} later marks of nodes are not drawn.` : "";
  return {
    axis,
    top,
    height: y + 4,
    lanes,
    faults: parts.flatMap((part) => part.faults),
    clocks: parts.flatMap((part) => part.clocks),
    terms: parts.flatMap((part) => part.terms),
    marks: marks.slice(0, DRAWN_MARKS),
    operations: selection.operations.map((operation) => {
      const end = operation.completedAt ?? recording.gaveUpAt.get(operation.id) ?? recording.endNs;
      const [fromX, toX] = [xOf(axis, operation.invokedAt), xOf(axis, end)];
      const y = (laneY.get(operation.process) ?? top) + 4;
      return { of: operation, label: "", fromX, toX, y, witness: witness.has(operation.id) };
    }),
    stages: stages.placed.map(({ item, text, x, row }) => {
      const place = { x: xOf(axis, item.time), labelX: x, labelY: 30 + row * STAGE_ROW };
      return { stage: text, ...place };
    }),
    ticks: evenTicks(axis),
    sentence: `${selection.sentence}${cut}`,
  };
}
