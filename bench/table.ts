/** Numbers to rows: medians with their range, the ratio, and whether it keeps to the target. */

/** How many times the floor's cost ours may be. */
export const TARGET = 1.5;

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  /** `cost`: less is better, the ratio is ours to the floor. `rate`: more is better, it is the floor to ours. */
  readonly kind: "cost" | "rate";
  /** Shown for what it tells, not held to the target. */
  readonly information?: true;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

export function ratio({ kind, ours, floor }: Row): number {
  return kind === "cost" ? median(ours) / median(floor) : median(floor) / median(ours);
}

const HEADER = ["", "ours", "(range)", "floor", "(range)", "ratio", "target"];

export function tableOf(rows: readonly Row[]): string {
  return aligned([HEADER, ...rows.map(cellsOf)]);
}

/** Columns of equal width: the first one to the left, all others to the right. */
export function aligned(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells
    .map((line) =>
      line
        .map((text, column) =>
          column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cellsOf(row: Row): string[] {
  const known = row.ours.length > 0 && row.floor.length > 0;
  if (!known) return [row.name, "not measured here", "", "", "", "", ""];
  const value = ratio(row);
  return [
    row.name,
    `${show(median(row.ours))} ${row.unit}`,
    range(row.ours),
    `${show(median(row.floor))} ${row.unit}`,
    range(row.floor),
    value.toFixed(2),
    row.information ? "" : `<= ${TARGET} ${value <= TARGET ? "met" : "MISSED"}`,
  ];
}

export function range(values: readonly number[]): string {
  return `(${show(Math.min(...values))}-${show(Math.max(...values))})`;
}

export function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
