/** A part of the page with its heading; the id is the anchor that the contents link to. */
import { html, type Markup } from "./markup.ts";

export function section(id: string, title: string, parts: readonly Markup[]): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${parts}</section>
`;
}
