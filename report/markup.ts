/**
 * Markup that cannot be forged: every interpolation into `html` is escaped unless `html` itself
 * made it.
 *
 * A history is foreign text (keys, values, errors, log lines of the system under test), so
 * escaping may not depend on anybody's memory. Markup is branded with a symbol that no JSON can
 * carry, and an interpolation that is not inside a quoted attribute or between tags is refused.
 * Invisible characters (bidirectional overrides, zero width, control codes) are shown as
 * `\u{202e}`: they could make a reader see another value than the one that was recorded.
 *
 *     html`<td title="${value}">${value}</td>`
 */
const written: unique symbol = Symbol("markup");

export interface Markup {
  readonly [written]: string;
}

export type Part = string | number | Markup | readonly Part[];

export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = literals[0] ?? "";
  for (const [index, part] of parts.entries()) {
    if (isUnquoted(text.slice(text.lastIndexOf("<"))))
      throw new Error("markup: an interpolation must stand in a quoted attribute or between tags");
    text += write(part) + (literals[index + 1] ?? "");
  }
  return { [written]: text };
}

/** A style element from a text of ours. Without `<` it cannot end early. */
export function stylesheet(css: string): Markup {
  if (css.includes("<")) throw new Error("markup: a stylesheet must not contain <");
  return { [written]: `<style>${css}</style>` };
}

/** The finished text, for the file. */
export function textOf(markup: Markup): string {
  return markup[written];
}

/**
 * Whether the text, which begins with the last `<`, ends inside a tag but outside of double
 * quotes.
 */
function isUnquoted(tag: string): boolean {
  if (!tag.startsWith("<") || tag.includes(">")) return false;
  return !tag.replace(/"[^"]*"/g, "").includes('"');
}

function write(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeText(part);
  if (written in part) return part[written];
  return part.map(write).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(
    /[&<>"']|[^\P{Cc}\n\r\t]|\p{Cf}|\p{Cs}|[\u2028\u2029]/gu,
    (character) => ENTITIES[character] ?? visible(character),
  );
}

function visible(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
