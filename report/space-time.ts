/**
 * The layout of a counterexample as data: who did what when, without a word of SVG, so that tests
 * can assert it.
 *
 * A lane for each client and each node involved. An operation is a bar on its client's lane. On
 * its node's lane stands a bracket of the same extent: when exactly the node acted is not
 * recorded, only that it was within the bracket.
 */
import type { NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import type { Anomaly } from "../proto/verdict.ts";
import { type Axis, eventTicks, type Tick } from "./axis.ts";
import { type ClientPlace, PAD, placeClient, placeNode } from "./lanes.ts";
import type { FaultSpan, Recording, Term } from "./recording.ts";
import { sceneOf } from "./scene.ts";
import { shorten } from "./wording.ts";

export interface Lane {
  readonly name: string;
  readonly y: number;
  readonly height: number;
}

export interface Bar {
  readonly operation: Operation;
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly fromX: number;
  /** Where the answer came, or where the client gave up. */
  readonly toX: number;
  readonly y: number;
  /** The bracket on the node's lane. */
  readonly bracketY: number;
  readonly stamp: string;
  readonly stampX: number;
}

export interface Band {
  readonly fault: FaultSpan;
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
  readonly height: number;
}

/** A node believed that it leads. */
export interface TermSpan {
  readonly term: Term;
  readonly label: string;
  readonly labelX: number;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

export interface Mark {
  readonly note: NoteEvent;
  readonly label: string;
  readonly labelX: number;
  readonly x: number;
  readonly y: number;
}

export interface SpaceTime {
  readonly axis: Axis;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly bars: readonly Bar[];
  readonly bands: readonly Band[];
  readonly terms: readonly TermSpan[];
  readonly marks: readonly Mark[];
  readonly ticks: readonly Tick[];
  /** Indices of the anomaly that the history does not hold, or that are too many to draw. */
  readonly missing: readonly number[];
  readonly undrawn: number;
}

const TOP = 30;

export function spaceTime(anomaly: Anomaly, recording: Recording): SpaceTime {
  const scene = sceneOf(anomaly, recording);
  const { axis } = scene;
  const lanes: Lane[] = [];
  const bars: Bar[] = [];
  const bands: Band[] = [];
  const terms: TermSpan[] = [];
  const marks: Mark[] = [];
  let y = TOP;
  const places = new Map<number, ClientPlace>();
  for (const client of scene.clients) {
    const placed = placeClient(client, axis, y);
    for (const [id, place] of placed.places) places.set(id, place);
    lanes.push({ name: client.name, y, height: placed.height });
    y += placed.height;
  }
  y += PAD;
  for (const node of scene.nodes) {
    const placed = placeNode(node, scene, y, places);
    bars.push(...placed.bars);
    bands.push(...placed.bands);
    terms.push(...placed.terms);
    marks.push(...placed.marks);
    lanes.push({ name: shorten(`node ${node}`, 200), y, height: placed.height });
    y += placed.height;
  }
  bars.sort((a, b) => a.operation.id - b.operation.id);
  const ticks = eventTicks(axis, scene.instants);
  const { missing, undrawn } = scene;
  return { axis, height: y + PAD, lanes, bars, bands, terms, marks, ticks, missing, undrawn };
}
