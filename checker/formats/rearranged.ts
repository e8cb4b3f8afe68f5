/** Columns without some rows, and with others before them. */
import { allocate, type Columns, NEVER } from "../history/columns.ts";
import type { FoundRow } from "./orphans.ts";

/** `found`: began before all others, in this order. Their ranks push all other ranks up. */
export function rearranged(
  all: Columns,
  without: ReadonlySet<number>,
  found: readonly FoundRow[],
): Columns {
  if (without.size === 0 && found.length === 0) return all;
  const shift = found.length;
  const count = all.count - without.size + shift;
  const to = allocate(count);
  for (const [row, one] of found.entries()) {
    to.f[row] = one.f;
    to.status[row] = one.status;
    to.key[row] = one.key;
    to.process[row] = one.process;
    to.input[row] = one.input;
    to.output[row] = one.output;
    to.invoked[row] = row;
    to.completed[row] = one.completed === NEVER ? NEVER : one.completed + shift;
    to.invokedAt[row] = Number.NaN;
    to.completedAt[row] = one.completedAt;
  }
  let row = shift;
  for (let from = 0; from < all.count; from++) {
    if (without.has(from)) continue;
    const completed = all.completed[from] ?? NEVER;
    to.f[row] = all.f[from] ?? 0;
    to.status[row] = all.status[from] ?? 0;
    to.key[row] = all.key[from] ?? 0;
    to.process[row] = all.process[from] ?? 0;
    to.input[row] = all.input[from] ?? 0;
    to.output[row] = all.output[from] ?? 0;
    to.invoked[row] = (all.invoked[from] ?? 0) + shift;
    to.completed[row] = completed === NEVER ? NEVER : completed + shift;
    to.invokedAt[row] = all.invokedAt[from] ?? Number.NaN;
    to.completedAt[row] = all.completedAt[from] ?? Number.NaN;
    row++;
  }
  return { count, kinds: all.kinds, keys: all.keys, values: all.values, ...to };
}
