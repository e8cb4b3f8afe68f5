/**
 * EDN as JSON: keywords, symbols and characters are their names, lists and vectors arrays, sets sorted arrays, maps
 * objects, `#tag form` is `{"#tag": form}`. Numbers keep their value: `1`, `1N` and `1.0` are one. `:a` and "a" would
 * become one as well, so a history may have only one of them.
 */
import type { Json } from "../../proto/json.ts";
import { Entries, type Form, Keyword, Row, SetOf, Tagged, Word } from "./edn-forms.ts";
import { isBroken } from "./json-line.ts";
import { type Distinct, fail, told } from "./values.ts";

const DIGITS_KEPT = /^-?\d+(?:e-?\d+)?n$/;

/** `names`: those of this history. @throws FieldError */
export function jsonOf(form: Form, names: Distinct): Json {
  if (form === null || typeof form === "number" || typeof form === "boolean") return form;
  if (typeof form === "string") {
    if (isBroken(form)) fail("half of a character (a lone surrogate)");
    return names.text(form, "text");
  }
  if (form instanceof Keyword) return names.text(form.name, "keyword");
  if (form instanceof Word) return wordOf(form, names);
  if (form instanceof Row) return form.items.map((item) => jsonOf(item, names));
  if (form instanceof SetOf) return sortedSet(form.items.map((item) => jsonOf(item, names)));
  if (form instanceof Tagged)
    return form.tag === "jepsen.independent/tuple"
      ? jsonOf(form.form, names)
      : { [`#${form.tag}`]: jsonOf(form.form, names) };
  return objectOf(form, names);
}

function wordOf({ kind, text }: Word, names: Distinct): Json {
  if (kind === "number" && !DIGITS_KEPT.test(text)) fail(`the number ${told(text)} is no EDN`);
  if (isBroken(text)) fail("half of a character (a lone surrogate)");
  return names.text(text, kind);
}

function objectOf({ entries }: Entries, names: Distinct): Json {
  const object: [string, Json][] = [];
  const known = new Set<string>();
  for (let i = 0; i < entries.length; i += 2) {
    const key = jsonOf(entries[i] ?? null, names);
    const name = typeof key === "string" ? key : JSON.stringify(key);
    if (known.has(name)) fail(`a map has the key ${told(name)} twice`);
    known.add(name);
    object.push([name, jsonOf(entries[i + 1] ?? null, names)]);
  }
  // No assignment: a key may be called __proto__.
  return Object.fromEntries(object);
}

function sortedSet(items: Json[]): Json {
  const texts = items.map((item) => ({ item, text: JSON.stringify(item) }));
  texts.sort((a, b) =>
    typeof a.item === "number" && typeof b.item === "number"
      ? a.item - b.item
      : Number(a.text > b.text) - Number(a.text < b.text),
  );
  for (const [i, { text }] of texts.entries())
    if (text === texts[i - 1]?.text) fail(`a set has ${told(text)} twice`);
  return texts.map(({ item }) => item);
}

/** EDN as it is read aloud: for errors, which are told and not compared. */
export function textOf(form: Form): string {
  if (typeof form === "string") return form;
  if (form instanceof Keyword) return form.name;
  if (form instanceof Word) return form.text;
  if (form instanceof Row) return `[${form.items.map(textOf).join(" ")}]`;
  if (form instanceof SetOf) return `#{${form.items.map(textOf).join(" ")}}`;
  if (form instanceof Entries) return `{${form.entries.map(textOf).join(" ")}}`;
  if (form instanceof Tagged) return `#${form.tag} ${textOf(form.form)}`;
  return String(form ?? "nil");
}
