/** An operation as Jepsen has it, from the forms of its fields. */
import type { Json } from "../../proto/json.ts";
import { type Entries, type Form, Keyword, Word } from "./edn-forms.ts";
import { jsonOf, textOf } from "./edn-value.ts";
import { NEMESIS } from "./foreign-event.ts";
import type { Joining } from "./joining.ts";
import {
  Distinct,
  type EventType,
  eventType,
  fail,
  indexOf,
  keyedValue,
  processOf,
  timeOf,
  told,
} from "./values.ts";

/** Fields that nobody gave are `undefined`. */
export interface Fields {
  process?: Form;
  type?: Form;
  f?: Form;
  value?: Form;
  time?: Form;
  index?: Form;
  node?: Form;
  error?: Form;
}

const NAMES: ReadonlySet<string> = new Set([
  ...["process", "type", "f", "value", "time", "index", "node", "error"],
]);

/** @throws FieldError when a field is given twice. */
export function fieldsOf({ entries }: Entries): Fields {
  const fields: Fields = {};
  const others = new Set<string>();
  for (let i = 0; i < entries.length; i += 2) {
    const key = entries[i];
    if (!(key instanceof Keyword)) fail(`the key ${told(textOf(key ?? null))} is no keyword`);
    const { name } = key;
    if (NAMES.has(name) ? Object.hasOwn(fields, name) : others.has(name))
      fail(`the key :${name} is given twice`);
    if (NAMES.has(name)) fields[name as keyof Fields] = entries[i + 1] ?? null;
    else others.add(name);
  }
  return fields;
}

export class JepsenEvents {
  readonly #joining: Joining;
  readonly #keyed: boolean;
  readonly #keys = new Distinct();
  readonly #values = new Distinct();

  constructor(joining: Joining, keyed: boolean) {
    this.#joining = joining;
    this.#keyed = keyed;
  }

  /** @throws FieldError, HistoryFormatError, MalformedHistoryError */
  take(fields: Fields, line: number): void {
    const f = nameOf(fields.f, "operation f");
    const index = indexOf(plain(fields.index));
    const time = timeOf(plain(fields.time));
    const process = nameOrNumber(fields.process);
    if (fields.process instanceof Keyword && process === NEMESIS) {
      const value = textOf(fields.value ?? null);
      this.#joining.takeNemesis({ line, time, type: nameOf(fields.type, "type"), f, value }, index);
      return;
    }
    const type = eventType(plain(fields.type));
    const [key, value] = this.#keyAndValue(type, fields.value ?? null);
    const node = fields.node === undefined || fields.node === null ? "" : textOf(fields.node);
    const error =
      fields.error === undefined || fields.error === null ? undefined : textOf(fields.error);
    this.#joining.take({
      line,
      type,
      process: processOf(process),
      f,
      key,
      value,
      time,
      index,
      node,
      error,
      own: undefined,
    });
  }

  /** What failed or is not known may hold an error instead of a value. */
  #keyAndValue(type: EventType, form: Form): readonly [string | undefined, Json] {
    if (type === "info") return this.#keyed ? [undefined, null] : ["", null];
    if (type === "fail" && !this.#isValue(form)) return this.#keyed ? [undefined, ""] : ["", ""];
    const value = jsonOf(form, this.#values);
    if (!this.#keyed) return ["", value];
    const [own, inner] = keyedValue(value);
    return [this.#keys.key(own), inner];
  }

  #isValue(form: Form): boolean {
    try {
      const value = jsonOf(form, new Distinct());
      if (this.#keyed) keyedValue(value);
      return !(form instanceof Keyword) && typeof form !== "string";
    } catch {
      return false;
    }
  }
}

/** Numbers, and the names of keywords and texts. */
function plain(form: Form | undefined): Json | undefined {
  if (form instanceof Keyword) return form.name;
  if (form instanceof Word) return form.text;
  if (typeof form === "object" && form !== null) return textOf(form);
  return form;
}

function nameOrNumber(form: Form | undefined): Json | undefined {
  const named = form instanceof Keyword || typeof form === "string" || typeof form === "number";
  return named
    ? plain(form)
    : fail(`the process ${told(plain(form))} is neither a number nor a name`);
}

function nameOf(form: Form | undefined, what: string): string {
  if (form instanceof Keyword) return form.name;
  return typeof form === "string" ? form : fail(`the ${what} ${told(plain(form))} is no name`);
}
