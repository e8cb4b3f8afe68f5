/**
 * One lane of a counterexample's picture: a client with its bars, or a node with all that happened
 * to it.
 */
import type { Operation } from "../proto/operation.ts";
import { type Axis, xOf } from "./axis.ts";
import { packRows } from "./rows.ts";
import type { ClientLane, Scene } from "./scene.ts";
import type { Band, Bar, Mark, TermSpan } from "./space-time.ts";
import { faultLabel, noteLabel, operationLabel } from "./wording.ts";

export const BAR_HEIGHT = 16;
export const PAD = 8;
const ROW = 16;

/** Where an operation stands on its client's lane. */
export interface ClientPlace {
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly y: number;
}

export function placeClient({ operations }: ClientLane, axis: Axis, top: number) {
  const label = (operation: Operation) => ({
    text: `${operationLabel(operation, 16)}  #${operation.id}`,
    x: xOf(axis, operation.invokedAt),
  });
  const rows = packRows(operations, label, axis.width);
  const y = top + PAD + rows.count * ROW;
  const places = rows.placed.map(({ item, text, x, row }): readonly [number, ClientPlace] => {
    return [item.id, { label: text, labelX: x, labelY: baseline(top + PAD, row), y }];
  });
  return { places, height: rows.count * ROW + BAR_HEIGHT + 2 * PAD };
}

interface NodeLane {
  readonly bars: readonly Bar[];
  readonly bands: readonly Band[];
  readonly terms: readonly TermSpan[];
  readonly marks: readonly Mark[];
  readonly height: number;
}

/** From top to bottom: labels of faults, leadership, brackets with their stamps, remarks. */
export function placeNode(
  node: string,
  scene: Scene,
  top: number,
  places: ReadonlyMap<number, ClientPlace>,
): NodeLane {
  const own = <Item extends { readonly node: string }>(items: readonly Item[]) =>
    items.filter((item) => item.node === node);
  const { axis } = scene;
  const faults = packRows(
    own(scene.faults),
    (fault) => ({ text: faultLabel(fault), x: xOf(axis, fault.fromNs) + 4 }),
    axis.width,
  );
  const terms = packRows(
    own(scene.terms),
    (term) => ({
      text: `leads epoch ${term.epoch}`,
      x: xOf(axis, term.fromNs) + 4,
      toX: xOf(axis, term.toNs),
    }),
    axis.width,
  );
  const termsY = top + PAD + faults.count * ROW;
  const brackets = placeBrackets(
    own(scene.operations),
    scene,
    termsY + terms.count * (ROW + 2),
    places,
  );
  const marks = packRows(
    own(scene.notes),
    (note) => {
      const x = xOf(axis, note.time);
      return { text: noteLabel(note), x: x + 8, elseBeforeX: x - 8 };
    },
    axis.width,
  );
  const end = brackets.bottom + marks.count * ROW;
  const height = Math.max(end - top - PAD, ROW) + 2 * PAD;
  return {
    bars: brackets.bars,
    bands: faults.placed.map(({ item, text, x, row }) => {
      const place = { labelX: x, labelY: baseline(top + PAD, row), y: top, height };
      return { fault: item, label: text, ...place, ...extent(item, axis) };
    }),
    terms: terms.placed.map(({ item, text, x, row }) => {
      const y = termsY + row * (ROW + 2);
      return { term: item, label: text, labelX: x, y, ...extent(item, axis) };
    }),
    marks: marks.placed.map(({ item, text, x, row }) => {
      const y = baseline(brackets.bottom, row);
      return { note: item, label: text, labelX: x, x: xOf(axis, item.time), y };
    }),
    height,
  };
}

function placeBrackets(
  operations: readonly Operation[],
  { axis, stamps, endOf }: Scene,
  top: number,
  places: ReadonlyMap<number, ClientPlace>,
) {
  const span = (o: Operation) => ({ fromX: xOf(axis, o.invokedAt), toX: xOf(axis, endOf(o)) });
  const rows = packRows(
    operations,
    (operation) => {
      const { fromX, toX } = span(operation);
      return { text: stamps.get(operation.id) ?? "", x: fromX, toX };
    },
    axis.width,
  );
  const bars = rows.placed.map(({ item, text, x, row }): Bar => {
    const place = places.get(item.id) ?? { label: "", labelX: 0, labelY: top, y: top };
    const bracketY = top + row * 2 * ROW + 4;
    return { operation: item, ...place, ...span(item), bracketY, stamp: text, stampX: x };
  });
  return { bars, bottom: top + rows.count * 2 * ROW };
}

function extent({ fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }, axis: Axis) {
  return { fromX: xOf(axis, fromNs), toX: xOf(axis, toNs) };
}

function baseline(top: number, row: number): number {
  return top + (row + 1) * ROW - 4;
}
