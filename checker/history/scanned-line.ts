/** What a scanner found in the line of an operation: numbers, and where in the bytes the texts stand. No objects. */

export const INVOKE = 3;
/** Kinds of values: what `value`, `valueFrom` and `valueTo` mean. */
export const NULL = 0;
export const INTEGER = 1;
/** A text without escapes; its place is without the quotes. */
export const TEXT = 2;
/** Any other value, to be parsed. */
export const JSON_TEXT = 3;

export class ScannedLine {
  /** `OK`, `FAIL`, `INFO` or `INVOKE`. */
  type = 0;
  process = 0;
  index = 0;
  fFrom = 0;
  fTo = 0;
  keyFrom = 0;
  keyTo = 0;
  valueKind = NULL;
  /** Where the value stands, unless it is `NULL` or an `INTEGER`. */
  valueFrom = 0;
  valueTo = 0;
  /** Time and value, kept where no number needs a box. */
  readonly #numbers = new Float64Array(2);

  get time(): number {
    return this.#numbers[0] ?? 0;
  }

  set time(time: number) {
    this.#numbers[0] = time;
  }

  /** The value when it is an `INTEGER`. */
  get value(): number {
    return this.#numbers[1] ?? 0;
  }

  set value(value: number) {
    this.#numbers[1] = value;
  }
}
