/**
 * The values of one part as numbers 0, 1, 2, ... in the order in which they are met. The ids of the columns are shared
 * by all keys: arrays indexed by them would cost every key the size of the whole history.
 */
import type { Json } from "../../proto/json.ts";
import { Interner, type Values } from "../history/intern.ts";

export class LocalValues {
  readonly #values: Values;
  /** Values that only occur within others, as the two of a compare-and-set. */
  readonly #inner = new Interner();
  /** From ids to local numbers plus one: an array where it is not much longer than the part. */
  readonly #dense: Int32Array | undefined;
  readonly #sparse = new Map<number, number>();
  #size = 0;

  constructor(values: Values, expected: number) {
    this.#values = values;
    if (values.size <= 8 * expected + 1024) this.#dense = new Int32Array(values.size);
  }

  get size(): number {
    return this.#size;
  }

  of(value: Json): number {
    return this.ofId(this.#values.find(value) ?? this.#values.size + this.#inner.id(value));
  }

  ofId(id: number): number {
    const dense = this.#dense;
    if (dense !== undefined && id < dense.length) {
      const known = dense[id] ?? 0;
      if (known > 0) return known - 1;
      dense[id] = this.#size + 1;
      return this.#size++;
    }
    const known = this.#sparse.get(id);
    if (known !== undefined) return known;
    this.#sparse.set(id, this.#size);
    return this.#size++;
  }
}
