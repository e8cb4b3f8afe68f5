/** Histories told in short, and the columns that the procedures read. */
import type { Json } from "../../../proto/json.ts";
import { type Columns, FAIL, INFO, NEVER, OK, type Part, UNKNOWN } from "../../history/columns.ts";
import { Interner } from "../../history/intern.ts";

export interface Act {
  readonly f: string;
  readonly input: Json;
  /** `ok` unless told. */
  readonly status?: "ok" | "fail" | "info";
  readonly output?: Json;
  readonly process?: number;
}

/** An act with its ranks; what never returned ends at infinity. */
export interface Told extends Act {
  readonly process: number;
  readonly begin: number;
  readonly end: number;
}

/** @param told by beginning. */
export function partOfTold(told: readonly Told[]): Part {
  const kinds = new Interner<string>();
  const values = new Interner();
  values.id(null);
  const column = (of: (one: Told) => number): Int32Array => Int32Array.from(told, of);
  const byte = (of: (one: Told) => number): Uint8Array => Uint8Array.from(told, of);
  const columns: Columns = {
    count: told.length,
    kinds: kinds.all,
    f: byte(({ f }) => kinds.id(f)),
    status: byte(({ status }) => (status === "fail" ? FAIL : status === "info" ? INFO : OK)),
    keys: ["x"],
    key: new Int32Array(told.length),
    process: column(({ process }) => process),
    input: column(({ input }) => values.id(input)),
    output: column((one) =>
      (one.status ?? "ok") === "ok" ? values.id(one.output ?? null) : UNKNOWN,
    ),
    values,
    invoked: column(({ begin }) => begin),
    completed: column(({ end, status }) => (status === "info" ? NEVER : end)),
    invokedAt: new Float64Array(told.length),
    completedAt: new Float64Array(told.length),
  };
  return { columns, rows: Int32Array.from(told, (_, row) => row) };
}

/** The same part at other times. */
export function retime({ columns }: Part, told: readonly Told[]): void {
  for (let row = 0; row < told.length; row++) {
    const { begin = 0, end = 0 } = told[row] ?? {};
    columns.invoked[row] = begin;
    columns.completed[row] = end === Number.POSITIVE_INFINITY ? NEVER : end;
  }
}

/** Acts with their first and last rank; each of a process of its own unless told. */
export function partOf(acts: readonly (Act & { readonly at: readonly [number, number] })[]): Part {
  const told = acts.map((act, i): Told => {
    const [begin, end] = act.at;
    return { ...act, process: act.process ?? i, begin, end: endOf(act, end) };
  });
  return partOfTold(told.sort((a, b) => a.begin - b.begin));
}

export function endOf({ status }: Act, end: number): number {
  return status === "info" ? Number.POSITIVE_INFINITY : end;
}

export function story(told: readonly Told[]): string {
  const line = ({ process, f, input, output, status = "ok", begin, end }: Told, row: number) =>
    `${row}: p${process} ${f} ${JSON.stringify(input)} -> ${JSON.stringify(output)} ${status} [${begin}, ${end}]`;
  return told.map(line).join("\n");
}

/** @returns from, from + 1, ..., to. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
