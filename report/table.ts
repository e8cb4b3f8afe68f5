/** A table that a screen reader can announce and a phone can scroll sideways. */
import { html, type Markup, type Part } from "./markup.ts";

export interface Table {
  readonly caption: string;
  /** A column whose name begins with `#` holds numbers or instants and stands to the right. */
  readonly columns: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Part[])[];
}

export function table({ caption, columns, rows }: Table): Markup {
  const tone = (index: number) => (columns[index]?.startsWith("#") === true ? "number" : "words");
  const head = columns.map(
    (name, index) => html`<th scope="col" class="${tone(index)}">${name.replace("#", "")}</th>`,
  );
  const body = rows.map(([heading = "", ...cells]) => {
    const rest = cells.map((cell, index) => html`<td class="${tone(index + 1)}">${cell}</td>`);
    return html`<tr><th scope="row">${heading}</th>${rest}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>
`;
}
