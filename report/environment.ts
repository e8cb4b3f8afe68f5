/** Where the run happened, how to repeat it, and what the nodes wrote. */
import type { Json } from "../proto/json.ts";
import { html, type Markup } from "./markup.ts";
import { table } from "./table.ts";
import { shorten, valueText } from "./wording.ts";

export interface NodeLog {
  readonly node: string;
  readonly tail: string;
}

export function environment(facts: { readonly [fact: string]: Json }): Markup {
  const entries = Object.entries(facts);
  if (entries.length === 0) return html`<p>Nothing about the machine was recorded.</p>`;
  return table({
    caption: "The machine and the versions",
    columns: ["fact", "value"],
    rows: entries.map(([name, value]) => [shorten(name, 80), valueText(value, 2000)]),
  });
}

export function repeatCommand(command: string): Markup {
  return html`<pre class="copy" tabindex="0"><code>${command}</code></pre>
<p>The seed fixes the operations and the timeline of faults. It cannot fix the scheduling of the
machine or of its network, so a rare violation may need several attempts.</p>`;
}

export function planDetails(plan: Json): Markup {
  return html`<details><summary>The plan of this run (plan.json)</summary>
<pre tabindex="0">${JSON.stringify(plan, null, 2)}</pre></details>`;
}

const LOG_CHARACTERS = 200_000;

export function nodeLogs(logs: readonly NodeLog[]): Markup {
  if (logs.length === 0) return html`<p>No logs of nodes were kept.</p>`;
  return html`${logs.map(({ node, tail }) => {
    const cut = tail.length - LOG_CHARACTERS;
    const left =
      cut > 0 ? `${cut.toLocaleString("en")} earlier characters are left out here.\n` : "";
    const shown = tail === "" ? "The log is empty." : tail.slice(-LOG_CHARACTERS);
    return html`<details><summary>${shorten(node, 200)}</summary>
<pre tabindex="0">${left}${shown}</pre></details>`;
  })}`;
}
