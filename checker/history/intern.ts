/** Values as small whole numbers: equal values get equal ids, in the order in which they are first met. */
import type { Json } from "../../proto/json.ts";
import { canonical } from "../value.ts";

export interface Values {
  readonly size: number;
  /** @throws RangeError when there is no such id. */
  valueOf(id: number): Json;
  /** `undefined` when the value does not occur. */
  find(value: Json): number | undefined;
}

export class Interner<T extends Json = Json> implements Values {
  readonly #all: T[] = [];
  /** Strings and whole numbers by themselves, all else by their canonical text, which starts with none of both. */
  readonly #plain = new Map<T, number>();
  readonly #structured = new Map<string, number>();

  get size(): number {
    return this.#all.length;
  }

  get all(): readonly T[] {
    return this.#all;
  }

  id(value: T): number {
    const known = this.find(value);
    if (known !== undefined) return known;
    const id = this.#all.length;
    this.#all.push(value);
    if (isPlain(value)) this.#plain.set(value, id);
    else this.#structured.set(canonical(value), id);
    return id;
  }

  find(value: T): number | undefined {
    return isPlain(value) ? this.#plain.get(value) : this.#structured.get(canonical(value));
  }

  valueOf(id: number): T {
    const value = this.#all[id];
    if (value === undefined) throw new RangeError(`no value has the id ${id}`);
    return value;
  }
}

function isPlain(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
