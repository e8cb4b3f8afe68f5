/** Attempts to acquire that were refused, among the holds of a lock. */
import { NEVER } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { at, inapplicable, invalid, valid } from "./acts.ts";
import { ACQUIRE, LOCK, type Locking } from "./lock.ts";
import { intervalsOf, placeAmong, stretchOf } from "./observations.ts";

/** @param order what took effect, in its order. */
export function placeRefused(lock: Locking, order: Int32Array): Decision {
  const { acts, shared } = lock;
  const { part, refused } = acts;
  const writes = new Uint8Array(refused.length);
  for (let i = 0; shared && i < refused.length; i++) {
    const mode = part.columns.values.valueOf(at(part.columns.input, at(refused, i)));
    if (mode !== "read" && mode !== "write")
      return inapplicable(LOCK, "an acquire is neither to read nor to write");
    writes[i] = mode === "write" ? 1 : 0;
  }
  const [forReaders, forWriters] = [takenFrom(lock, order, false), takenFrom(lock, order, true)];
  const placement = placeAmong(stretchOf(acts, order), intervalsOf(part, refused), (one, place) =>
    at(at(writes, one) === 1 ? forWriters : forReaders, place),
  );
  if ("order" in placement) return valid(LOCK, placement.order);
  const stuck = placement.stuck[0] ?? 0;
  return (
    refuteFree(lock, at(refused, stuck), at(writes, stuck) === 1) ??
    inapplicable(LOCK, "an acquire that was refused has no place in the order that was found")
  );
}

/** By place: the first one from there on at which the lock cannot be acquired in this way. */
function takenFrom(lock: Locking, order: Int32Array, write: boolean): Int32Array {
  const { acts, modes, partner } = lock;
  const taken = new Uint8Array(order.length + 1);
  let [holders, writers] = [0, 0];
  taken[0] = Number(isTaken(lock, 0, 0, write));
  for (let i = 0; i < order.length; i++) {
    const op = at(order, i);
    const acquires = at(acts.kind, op) === ACQUIRE;
    holders += acquires ? 1 : -1;
    writers += acquires ? at(modes, op) : -at(modes, at(partner, op));
    taken[i + 1] = Number(isTaken(lock, holders, writers, write));
  }
  const from = new Int32Array(order.length + 1);
  for (let p = order.length, next = order.length + 1; p >= 0; p--) {
    if (at(taken, p) === 1) next = p;
    from[p] = next;
  }
  return from;
}

function isTaken(
  { permits, shared }: Locking,
  holders: number,
  writers: number,
  write: boolean,
): boolean {
  return writers > 0 || holders >= (shared && write ? 1 : permits);
}

/** Refused although at no instant enough can have held; what can have held is part of the argument. */
function refuteFree(lock: Locking, row: number, write: boolean): Decision | undefined {
  const { acts, modes, partner } = lock;
  const { columns } = acts.part;
  const [from, to] = [at(columns.invoked, row), at(columns.completed, row)];
  const rows = [row];
  const steps: { readonly rank: number; readonly op: number; readonly by: number }[] = [];
  for (let op = 0; op < acts.count; op++) {
    if (at(acts.kind, op) !== ACQUIRE) continue;
    const release = at(partner, op);
    const end = release < 0 ? NEVER : at(acts.end, release);
    if (at(acts.begin, op) > to || end < from) continue;
    rows.push(at(acts.row, op), ...(release < 0 ? [] : [at(acts.row, release)]));
    steps.push({ rank: at(acts.begin, op), op, by: 1 }, { rank: end, op, by: -1 });
  }
  steps.sort((a, b) => a.rank - b.rank);
  let [holders, writers] = [0, 0];
  if (isTaken(lock, 0, 0, write)) return undefined;
  for (const { rank, op, by } of steps) {
    if (rank > to) break;
    holders += by;
    writers += by * at(modes, op);
    if (isTaken(lock, holders, writers, write)) return undefined;
  }
  return invalid(LOCK, "refused while free", rows);
}
