/** The assumptions that give a verdict its meaning, and what each check said. */
import type { Json } from "../proto/json.ts";
import type { Assumption, CheckResult, Verdict } from "../proto/verdict.ts";
import { html, type Markup } from "./markup.ts";
import { table } from "./table.ts";
import { optionsText, shorten, valueText } from "./wording.ts";

const VERDICT_WORDS = { valid: "✓ valid", invalid: "✗ invalid", unknown: "? unknown" } as const;

export function checks({ assumptions, checks }: Verdict): Markup {
  return html`${assumptionTable(assumptions)}${checkTable(checks)}`;
}

function assumptionTable(assumptions: readonly Assumption[]): Markup {
  if (assumptions.length === 0) return html`<p>No assumptions were recorded.</p>`;
  return table({
    caption: "Assumptions: these must hold before the verdict means anything",
    columns: ["assumption", "holds", "detail"],
    rows: assumptions.map(({ name, holds, detail }) => [
      shorten(name, 200),
      holds ? "✓ yes" : html`<span class="warning">✗ no</span>`,
      shorten(detail, 600),
    ]),
  });
}

function checkTable(results: readonly CheckResult[]): Markup {
  if (results.length === 0) return html`<p>No check was made, so nothing is known.</p>`;
  return table({
    caption: "Checks",
    columns: ["check", "verdict", "why", "found", "facts"],
    rows: results.map(({ check, verdict, reason, found, facts }) => [
      html`${shorten(check.name, 80)} <small>${optionsText(check.options)}</small>`,
      html`<span class="said ${verdict}">${VERDICT_WORDS[verdict]}</span>`,
      shorten(reason, 600),
      foundWords(found),
      factList(facts),
    ]),
  });
}

function foundWords(found: CheckResult["found"]): string {
  const words = Object.entries(found).map(([name, count]) => `${count} × ${name}`);
  return words.length === 0 ? "–" : words.join(", ");
}

function factList(facts: { readonly [fact: string]: Json }): Markup {
  const entries = Object.entries(facts);
  if (entries.length === 0) return html`–`;
  return html`<ul class="plain">${entries.map(
    ([name, value]) => html`<li>${shorten(name, 80)}: ${valueText(value, 300)}</li>`,
  )}</ul>`;
}
