/**
 * A part of a history as it travels to a worker: the columns are shared memory and are not copied; of the values only
 * those that the part is about go along.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, type Part, UNKNOWN } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import type { Values } from "../history/intern.ts";
import type { ModelSpec } from "../models/model-spec.ts";
import type { Budget } from "../search/index.ts";
import { canonical } from "../value.ts";

/** Which search: the whole portfolio, or breadth first alone, to compete with it where it is stuck. */
export type Engine = "portfolio" | "breadth";

export interface Job {
  readonly columns: Omit<Columns, "values">;
  readonly rows: Int32Array;
  readonly size: number;
  /** Ids and values, in step. */
  readonly ids: Int32Array;
  readonly values: readonly Json[];
  readonly model: ModelSpec;
  readonly budget: Partial<Budget>;
  readonly engine: Engine;
}

export type Report =
  | { readonly kind: "stalled" }
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "failed"; readonly message: string };

export function jobOf(
  { columns, rows }: Part,
  model: ModelSpec,
  budget: Partial<Budget>,
  engine: Engine,
): Job {
  const { values, keys, ...others } = columns;
  // There may be a million of them, and the search asks for none.
  const shared = { ...others, keys: keys.length > 16 ? [] : keys };
  const used = new Set<number>();
  for (const row of rows) used.add(columns.input[row] ?? 0).add(columns.output[row] ?? UNKNOWN);
  used.delete(UNKNOWN);
  const ids = Int32Array.from(used);
  return {
    columns: shared,
    rows,
    size: values.size,
    ids,
    values: Array.from(ids, (id) => values.valueOf(id)),
    model,
    budget,
    engine,
  };
}

export function partOf({ columns, rows, size, ids, values }: Job): Part {
  return { columns: { ...columns, values: new SomeValues(size, ids, values) }, rows };
}

/** The values of one part, by the ids that they have in the whole history. */
class SomeValues implements Values {
  readonly size: number;
  readonly #byId: ReadonlyMap<number, Json>;
  readonly #byText: ReadonlyMap<string, number>;

  constructor(size: number, ids: Int32Array, values: readonly Json[]) {
    this.size = size;
    this.#byId = new Map(values.map((value, at) => [ids[at] ?? 0, value]));
    this.#byText = new Map(values.map((value, at) => [canonical(value), ids[at] ?? 0]));
  }

  valueOf(id: number): Json {
    const value = this.#byId.get(id);
    if (value === undefined) throw new RangeError(`no value has the id ${id}`);
    return value;
  }

  find(value: Json): number | undefined {
    return this.#byText.get(canonical(value));
  }
}
