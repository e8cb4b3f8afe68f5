/** Puts labels of one lane into as few rows as possible without one covering another. */
import { round } from "./axis.ts";

export interface Label {
  readonly text: string;
  readonly x: number;
  /** The label's place must also keep free up to here. */
  readonly toX?: number;
  /** Where the label must end when there is no room to the right of `x`. */
  readonly elseBeforeX?: number;
}

export interface Rows<Item> {
  readonly count: number;
  /** In the order of the items given. */
  readonly placed: readonly {
    readonly item: Item;
    readonly text: string;
    readonly x: number;
    readonly row: number;
  }[];
}

/**
 * A generous guess of a 12 px system font's advance: there is no font to measure where the page is
 * written.
 */
const CHARACTER_PX = 6.9;
const GAP_PX = 10;

export function packRows<Item>(
  items: readonly Item[],
  labelOf: (item: Item) => Label,
  width: number,
): Rows<Item> {
  const ends: number[] = [];
  const placed = items.map((item) => {
    const label = labelOf(item);
    return { item, label, x: startOf(label, width), row: 0 };
  });
  for (const place of [...placed].sort((a, b) => a.x - b.x)) {
    const free = ends.findIndex((end) => end + GAP_PX <= place.x);
    place.row = free === -1 ? ends.length : free;
    ends[place.row] = Math.max(place.x + sizeOf(place.label), place.label.toX ?? 0);
  }
  return {
    count: ends.length,
    placed: placed.map(({ item, label, x, row }) => ({ item, text: label.text, x, row })),
  };
}

function startOf(label: Label, width: number): number {
  const size = sizeOf(label);
  if (label.x + size <= width) return label.x;
  return round(Math.max(0, (label.elseBeforeX ?? width) - size));
}

function sizeOf({ text }: Label): number {
  return text.length * CHARACTER_PX;
}
