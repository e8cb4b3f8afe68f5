/**
 * What queues, stacks and priority queues have in common: a value is put in, once, and taken out, once; who finds the
 * container empty is told so. Nothing comes from nowhere, comes out twice, or comes out before it went in.
 */
import { NEVER } from "../history/columns.ts";
import type { Invalid } from "../history/decision.ts";
import { type Acts, at, invalid } from "./acts.ts";
import { LocalValues } from "./local-values.ts";

export interface Container {
  readonly acts: Acts;
  /** By value: the operation that put it in and the one that took it out, or -1. */
  readonly inserts: Int32Array;
  readonly removes: Int32Array;
  /** Those that took something out, or nothing, and were never answered; by beginning. */
  readonly lost: readonly number[];
  /** Some value was put in for sure and never taken out. */
  readonly remaining: boolean;
  readonly empties: readonly number[];
}

/** The first of the two kinds of the acts puts in, the other one takes out. @param take for words: `dequeue`. */
export function containerOf(acts: Acts, route: string, take: string): Container | Invalid | string {
  const { part, count, kind, input, output, end, row } = acts;
  const values = new LocalValues(part.columns.values, count);
  const nothing = values.of(null);
  const value = new Int32Array(count);
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === 0) value[op] = values.ofId(at(input, op));
    else value[op] = at(end, op) === NEVER ? -1 : values.ofId(at(output, op));
  }
  const inserts = new Int32Array(values.size).fill(-1);
  const removes = new Int32Array(values.size).fill(-1);
  for (let op = 0; op < count; op++) {
    if (at(kind, op) !== 0) continue;
    if (at(value, op) === nothing) return "null is put in, which also means empty";
    if (at(inserts, at(value, op)) >= 0) return "a value is put in twice";
    inserts[at(value, op)] = op;
  }
  const empties: number[] = [];
  const lost: number[] = [];
  for (let op = 0; op < count; op++) {
    if (at(kind, op) === 0) continue;
    const v = at(value, op);
    if (v < 0) lost.push(op);
    else if (v === nothing) empties.push(op);
    else {
      const insert = at(inserts, v);
      if (insert < 0) return invalid(route, "thin air", [at(row, op)]);
      const rows = [at(row, op), at(row, insert)];
      if (at(acts.end, op) < at(acts.begin, insert)) return invalid(route, `future ${take}`, rows);
      if (at(removes, v) >= 0)
        return invalid(route, `duplicate ${take}`, [...rows, at(row, at(removes, v))]);
      removes[v] = op;
    }
  }
  const remaining = inserts.some((op, v) => op >= 0 && end[op] !== NEVER && at(removes, v) < 0);
  return { acts, inserts, removes, lost, remaining, empties };
}
