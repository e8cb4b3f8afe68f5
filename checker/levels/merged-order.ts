/**
 * From an order of each key to one order of all operations that also keeps the sessions. Where the keys' orders keep
 * real time there always is one: linearizability is local (Herlihy & Wing 1990).
 */
import type { Columns } from "../history/columns.ts";

/** Rows; shorter than the orders together when they and the sessions contradict each other. */
export function mergedOrder(columns: Columns, orders: readonly Int32Array[]): Int32Array {
  const { count, process } = columns;
  const waits = new Uint8Array(count);
  const nextOfKey = new Int32Array(count).fill(-1);
  const nextOfSession = new Int32Array(count).fill(-1);
  const placed = new Uint8Array(count);
  let total = 0;
  for (const order of orders) {
    total += order.length;
    for (let i = 0; i < order.length; i++) {
      const row = order[i] as number;
      placed[row] = 1;
      if (i === 0) continue;
      nextOfKey[order[i - 1] as number] = row;
      waits[row] = 1;
    }
  }
  const last = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    if (placed[row] === 0) continue;
    const before = last.get(process[row] as number);
    last.set(process[row] as number, row);
    if (before === undefined) continue;
    nextOfSession[before] = row;
    waits[row] = (waits[row] as number) + 1;
  }
  const merged = new Int32Array(total);
  const ready: number[] = [];
  for (let row = count - 1; row >= 0; row--)
    if (placed[row] === 1 && waits[row] === 0) ready.push(row);
  let length = 0;
  for (let row = ready.pop(); row !== undefined; row = ready.pop()) {
    merged[length++] = row;
    for (const next of [nextOfSession[row] as number, nextOfKey[row] as number]) {
      if (next < 0) continue;
      waits[next] = (waits[next] as number) - 1;
      if (waits[next] === 0) ready.push(next);
    }
  }
  return merged.subarray(0, length);
}
