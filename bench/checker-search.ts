/**
 * FOR COMPARISON ONLY, no part of the checker: the search of Wing & Gong (1993) with the memory of Lowe (2017), as
 * general checkers have it. It tries operations in the order of their events, goes back when it is stuck, and
 * remembers sets of operations (one bit each) with the state that they led to.
 */
import { FAIL, INFO, NEVER, OK, type Part } from "../checker/history/columns.ts";

/** How many configurations it may remember before it gives up. */
const MOST_CONFIGURATIONS = 30_000;

interface Entry {
  readonly op: number;
  /** Whether the operation begins here. */
  readonly begins: boolean;
  readonly rank: number;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** Registers that hold `null` at first. */
export function searchLinearization({ columns, rows }: Part): "valid" | "invalid" | "unknown" {
  const ops = Array.from(rows).filter(
    (row) =>
      columns.status[row] === OK ||
      (columns.status[row] === INFO && columns.kinds[columns.f[row] ?? 0] === "write"),
  );
  const status = (op: number): number => columns.status[ops[op] ?? 0] ?? FAIL;
  const isWrite = (op: number): boolean => columns.kinds[columns.f[ops[op] ?? 0] ?? 0] === "write";
  const head = linked(ops, columns.invoked, columns.completed);
  const ends = new Map<number, Entry>();
  for (let one = head.next; one !== undefined; one = one.next)
    if (!one.begins) ends.set(one.op, one);
  let due = ops.filter((row) => columns.status[row] === OK).length;
  const placed = new Uint32Array(Math.ceil(ops.length / 32));
  const seen = new Set<string>();
  const stack: { readonly entry: Entry; readonly state: number }[] = [];
  let state = 0;
  let entry = head.next;
  while (due > 0) {
    if (entry?.begins) {
      const { op } = entry;
      const row = ops[op] ?? 0;
      const after: number = isWrite(op) ? (columns.input[row] ?? 0) : state;
      if (isWrite(op) || columns.output[row] === state) {
        flip(placed, op);
        const configuration = `${after} ${placed.join(".")}`;
        if (!seen.has(configuration)) {
          if (seen.size === MOST_CONFIGURATIONS) return "unknown";
          seen.add(configuration);
          stack.push({ entry, state });
          state = after;
          if (status(op) === OK) due -= 1;
          lift(entry);
          lift(ends.get(op));
          entry = head.next;
          continue;
        }
        flip(placed, op);
      }
      entry = entry.next;
      continue;
    }
    // An operation ends here that has not been placed: what was placed last was wrong.
    const last = stack.pop();
    if (last === undefined) return "invalid";
    const { op } = last.entry;
    flip(placed, op);
    state = last.state;
    if (status(op) === OK) due += 1;
    unlift(ends.get(op));
    unlift(last.entry);
    entry = last.entry.next;
  }
  return "valid";
}

/** Beginnings and ends in the order of their ranks; what never ends has no end. */
function linked(ops: readonly number[], invoked: Int32Array, completed: Int32Array): Entry {
  const entries = ops.flatMap((row, op) => {
    const begin = { op, begins: true, rank: invoked[row] ?? 0 };
    const end = { op, begins: false, rank: completed[row] ?? NEVER };
    return end.rank === NEVER ? [begin] : [begin, end];
  });
  entries.sort((a, b) => a.rank - b.rank);
  const head: Entry = { op: -1, begins: false, rank: -1, previous: undefined, next: undefined };
  let last = head;
  for (const one of entries) {
    const entry: Entry = { ...one, previous: last, next: undefined };
    last.next = entry;
    last = entry;
  }
  return head;
}

function lift(entry: Entry | undefined): void {
  if (entry?.previous !== undefined) entry.previous.next = entry.next;
  if (entry?.next !== undefined) entry.next.previous = entry.previous;
}

function unlift(entry: Entry | undefined): void {
  if (entry?.previous !== undefined) entry.previous.next = entry;
  if (entry?.next !== undefined) entry.next.previous = entry;
}

function flip(bits: Uint32Array, op: number): void {
  bits[op >>> 5] = (bits[op >>> 5] ?? 0) ^ (1 << (op & 31));
}
