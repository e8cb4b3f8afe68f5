/**
 * The operations of a part that matter to an object, as dense columns: what failed is gone, and so is what changes
 * nothing and was never answered. Every procedure of this folder begins with them.
 */
import { type Columns, FAIL, INFO, NEVER, OK, type Part, UNKNOWN } from "../history/columns.ts";
import type { Inapplicable, Invalid, Valid } from "../history/decision.ts";
import { rankOrder } from "./rank-order.ts";

export interface Acts {
  readonly part: Part;
  readonly count: number;
  readonly row: Int32Array;
  /** Index into the names given to `actsOf`: the effects first, then what is pure. */
  readonly kind: Uint8Array;
  readonly begin: Int32Array;
  /** `NEVER` exactly if the outcome is unknown. */
  readonly end: Int32Array;
  readonly input: Int32Array;
  /** `UNKNOWN` exactly if the outcome is. */
  readonly output: Int32Array;
  /** Rows of what was refused and only shows that; see `Refusing`. They are no acts. */
  readonly refused: Int32Array;
}

/** A kind of operation that says by the answer `false` that the object would not. */
export interface Refusing {
  readonly kind: string;
  /** Whether a failure says the same; otherwise it says nothing. */
  readonly failures: boolean;
}

/** Reads an index that is known to exist. */
export function at(array: Int32Array | Uint8Array, index: number): number {
  return array[index] ?? 0;
}

/** @returns why not, when an operation is of a kind that the object does not have, or its answer is missing. */
export function actsOf(
  part: Part,
  effects: readonly string[],
  pure: readonly string[],
  refusing?: Refusing,
): Acts | string {
  const { columns, rows } = part;
  const no = columns.values.find(false);
  const refusingCode = columns.kinds.indexOf(refusing?.kind ?? "");
  const refused = new Int32Array(refusing === undefined ? 0 : rows.length);
  let refusals = 0;
  const names = [...effects, ...pure];
  const codes = Int32Array.from(columns.kinds, (name) => names.indexOf(name));
  const size = rows.length;
  const row = new Int32Array(size);
  const kind = new Uint8Array(size);
  const [begin, end] = [new Int32Array(size), new Int32Array(size)];
  const [input, output] = [new Int32Array(size), new Int32Array(size)];
  let count = 0;
  for (let i = 0; i < size; i++) {
    const r = at(rows, i);
    const status = at(columns.status, r);
    if (at(columns.f, r) === refusingCode && saysNo(columns, r, no, refusing?.failures)) {
      refused[refusals++] = r;
      continue;
    }
    if (status === FAIL) continue;
    const code = at(codes, at(columns.f, r));
    if (code < 0) return `it has no ${columns.kinds[at(columns.f, r)] ?? "such operation"}`;
    if (status === INFO && code >= effects.length) continue;
    if (status !== INFO && at(columns.output, r) === UNKNOWN)
      return "an acknowledged answer is missing";
    row[count] = r;
    kind[count] = code;
    begin[count] = at(columns.invoked, r);
    end[count] = status === INFO ? NEVER : at(columns.completed, r);
    input[count] = at(columns.input, r);
    output[count] = at(columns.output, r);
    count++;
  }
  return { part, count, row, kind, begin, end, input, output, refused: refused.slice(0, refusals) };
}

function saysNo(
  { status, output }: Columns,
  row: number,
  no: number | undefined,
  failures = false,
): boolean {
  return status[row] === FAIL ? failures : status[row] === OK && output[row] === no;
}

/** The same acts with the ranks 0, 1, 2, ... of their own events alone: gaps can then be counted in arrays. */
export function ranked(acts: Acts): Acts {
  const { count, begin, end } = acts;
  const ranks = new Int32Array(2 * count);
  // Where ranks are equal after all, what begins comes first: the two overlap.
  ranks.set(begin.subarray(0, count));
  ranks.set(end.subarray(0, count), count);
  for (const [rank, event] of rankOrder(ranks).entries()) ranks[event] = rank;
  for (let op = 0; op < count; op++) if (end[op] === NEVER) ranks[count + op] = NEVER;
  return { ...acts, begin: ranks.subarray(0, count), end: ranks.subarray(count) };
}

/** The row of a failed operation of this kind and input, for words: its value should have been seen by nobody. */
export function failedRow(part: Part, name: string, input: number): number | undefined {
  const { status, f, kinds, input: inputs } = part.columns;
  return part.rows.find(
    (r) => at(status, r) === FAIL && kinds[at(f, r)] === name && at(inputs, r) === input,
  );
}

export function valid(route: string, order: Int32Array): Valid {
  return { verdict: "valid", route, order };
}

export function invalid(route: string, what: string, rows: Iterable<number>): Invalid {
  const certificate = [...new Set(rows)].sort((a, b) => a - b);
  return { verdict: "invalid", route, class: what, certificate };
}

export function inapplicable(route: string, reason: string): Inapplicable {
  return { verdict: "inapplicable", route, reason };
}
