/** What EDN consists of. Plain things are themselves: `nil` null, numbers (those that are exact), texts, booleans. */

export class Keyword {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A word of its own, a character, or a number that is none of JSON's. */
export class Word {
  readonly kind: "symbol" | "character" | "number";
  readonly text: string;
  constructor(kind: Word["kind"], text: string) {
    this.kind = kind;
    this.text = text;
  }
}

/** A vector or a list: `[]`, `()`. */
export class Row {
  readonly items: readonly Form[];
  constructor(items: readonly Form[]) {
    this.items = items;
  }
}

export class SetOf {
  readonly items: readonly Form[];
  constructor(items: readonly Form[]) {
    this.items = items;
  }
}

/** `entries`: key, value, key, value, ... */
export class Entries {
  readonly entries: readonly Form[];
  constructor(entries: readonly Form[]) {
    this.entries = entries;
  }
}

/** `#tag form` */
export class Tagged {
  readonly tag: string;
  readonly form: Form;
  constructor(tag: string, form: Form) {
    this.tag = tag;
    this.form = form;
  }
}

export type Form =
  | null
  | boolean
  | number
  | string
  | Keyword
  | Word
  | Row
  | SetOf
  | Entries
  | Tagged;
