/**
 * What of a recording belongs into the picture of one anomaly: its operations, notes, nodes, and
 * the faults then on.
 */
import type { NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import type { Anomaly } from "../proto/verdict.ts";
import { type Axis, brokenAxis } from "./axis.ts";
import type { FaultSpan, Recording, Term } from "./recording.ts";
import { stampLabels } from "./stamps.ts";
import { shorten } from "./wording.ts";

const DRAWN_OPERATIONS = 40;
const DRAWN_NOTES = 40;
const TOLD_APART = 12;

export interface ClientLane {
  readonly name: string;
  readonly operations: readonly Operation[];
}

export interface Scene {
  readonly axis: Axis;
  readonly clients: readonly ClientLane[];
  readonly nodes: readonly string[];
  readonly operations: readonly Operation[];
  readonly notes: readonly NoteEvent[];
  readonly faults: readonly FaultSpan[];
  readonly terms: readonly Term[];
  readonly stamps: ReadonlyMap<number, string>;
  readonly instants: readonly number[];
  readonly missing: readonly number[];
  readonly undrawn: number;
  readonly endOf: (operation: Operation) => number;
}

export function sceneOf(anomaly: Anomaly, recording: Recording): Scene {
  const wanted = [...new Set(anomaly.operations)];
  const found = recording.operations.filter(({ id }) => wanted.includes(id));
  const operations = found.slice(0, DRAWN_OPERATIONS);
  const noted = recording.notes.filter(({ index }) => anomaly.notes.includes(index));
  const notes = noted.slice(0, DRAWN_NOTES);
  const gaveUp = (id: number) => recording.gaveUpAt.get(id);
  const endOf = (o: Operation) => o.completedAt ?? gaveUp(o.id) ?? recording.endNs;
  const instants = [
    ...operations.flatMap((o) => [o.invokedAt, endOf(o)]),
    ...notes.map(({ time }) => time),
  ];
  const from = Math.min(...instants);
  const to = Math.max(...instants);
  const faults = recording.faults.filter(({ fromNs, toNs }) => fromNs <= to && toNs >= from);
  const edges = faults.flatMap(({ fromNs, toNs }) => [fromNs, toNs]);
  const inner = edges.filter((ns) => ns > from && ns < to);
  const points = [...instants, ...(inner.length > TOLD_APART ? [] : inner)];
  const nodes = [
    anomaly.nodes,
    ...[operations, notes, faults].map((all) => all.map((x) => x.node)),
  ];
  return {
    axis: brokenAxis(points, usualDuration(operations)),
    clients: clientLanes(operations),
    nodes: [...new Set(nodes.flat())].sort(),
    operations,
    notes,
    faults,
    terms: recording.terms.filter(({ fromNs, toNs }) => fromNs <= to && toNs >= from),
    stamps: stampLabels(wanted, operations),
    instants: points,
    missing: wanted.filter((id) => !found.some((operation) => operation.id === id)),
    undrawn: found.length - operations.length + noted.length - notes.length,
    endOf,
  };
}

/** The median of the answered operations: these shall be easy to see. */
function usualDuration(operations: readonly Operation[]): number {
  const sizes = operations
    .flatMap((o) => (o.completedAt === undefined ? [] : [o.completedAt - o.invokedAt]))
    .filter((ns) => ns > 0)
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 1e6;
}

function clientLanes(operations: readonly Operation[]): ClientLane[] {
  const processes = [...new Set(operations.map(({ process }) => process))];
  return processes.map((process) => {
    const own = operations.filter((operation) => operation.process === process);
    const nodes = [...new Set(own.map(({ node }) => node))].join(", ");
    return { name: shorten(`client ${process} → ${nodes}`, 200), operations: own };
  });
}
