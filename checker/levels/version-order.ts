/**
 * Which of two writes to a key is certainly the older version, whatever the system calls newer. Two kinds of evidence:
 *
 * `real-time`: the one had taken effect (it was acknowledged, or a read had returned it) before the other was invoked.
 * That a read of the one ended before a read of the other began shows nothing: the latter may be of an old copy.
 * `happens-before`: whoever wrote the other one knew of the one, through what its session had read and written. Of two
 * writes by sessions that never heard of each other it says nothing, whenever they were.
 *
 * Real time shows all that happens-before does, unless reads end before their writes begin.
 */
import { type Columns, NEVER, OK } from "../history/columns.ts";
import { type Clocks, clocksOf, fits, reaches } from "./order-graph.ts";
import { INITIAL, type ReadsFrom } from "./reads-from.ts";
import { type Sessions, sessionsOf } from "./sessions.ts";

export type Evidence = "real-time" | "happens-before";

export interface VersionOrder {
  /** By row of a write: the rank at which it had certainly taken effect; `NEVER` when nobody can tell. */
  readonly effect: Int32Array;
  /** Is the write of row `a` (or the initial value, `INITIAL`) certainly older than that of row `b`? */
  older(a: number, b: number): boolean;
}

export interface CausalOrder extends VersionOrder {
  readonly sessions: Sessions;
  /** By row: its node; -1 for none. */
  readonly node: Int32Array;
}

/** Reads that ended before their write was invoked show nothing. */
export function realTimeOrder({ columns, source }: ReadsFrom): VersionOrder {
  const { count, status, invoked, completed } = columns;
  const effect = new Int32Array(count).fill(NEVER);
  for (let row = 0; row < count; row++) {
    const end = completed[row] as number;
    if (status[row] !== OK) continue;
    const write = isWrite(columns, row) ? row : (source[row] as number);
    if (write < 0 || end < (invoked[write] as number)) continue;
    if (end < (effect[write] as number)) effect[write] = end;
  }
  const older = (a: number, b: number): boolean =>
    b !== INITIAL && (a === INITIAL || (effect[a] as number) < (invoked[b] as number));
  return { effect, older };
}

/** @returns the order, or why there is none. */
export function causalVersionOrder(from: ReadsFrom): CausalOrder | string {
  const sessions = sessionsOf(from);
  if (!fits(sessions))
    return `${sessions.count} operations of ${sessions.width} sessions need more memory for clocks than there is`;
  const clocks = clocksOf(sessions, []);
  if ("sorted" in clocks) return "causal order has cycles: reads make each other possible";
  const node = new Int32Array(from.columns.count).fill(-1);
  for (let i = 0; i < sessions.count; i++) node[sessions.row[i] as number] = i;
  const { effect } = realTimeOrder(from);
  return { effect, older: olderIn(sessions, clocks, node), sessions, node };
}

function olderIn(sessions: Sessions, clocks: Clocks, node: Int32Array): VersionOrder["older"] {
  return (a, b) =>
    b !== INITIAL &&
    a !== b &&
    (a === INITIAL || reaches(clocks, sessions, node[a] as number, node[b] as number));
}

export function isWrite({ kinds, f }: Columns, row: number): boolean {
  return kinds[f[row] as number] === "write";
}
