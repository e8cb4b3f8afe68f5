/**
 * The first thing seen: what came out, in a word and a sentence, and whether that is what the
 * scenario expects.
 */
import { type Judgement, mostTelling, type OutcomeKind, type Validity } from "../proto/verdict.ts";
import { html, type Markup } from "./markup.ts";
import type { Recording } from "./recording.ts";
import { plural, shorten } from "./wording.ts";

interface Headline {
  readonly icon: string;
  readonly word: string;
}

const HEADLINES: Readonly<Record<Validity, Headline>> = {
  valid: { icon: "✓", word: "No violation" },
  invalid: { icon: "✗", word: "Violation" },
  unknown: { icon: "?", word: "Unknown" },
};

const OUTCOME_WORDS: Readonly<Record<OutcomeKind, string>> = {
  expected: "✓ as the scenario expects",
  unexpected: "! not what the scenario expects",
  inconclusive: "? inconclusive: read the reasons first",
};

/** `claim` is what the verdict is about; `repeat` the command that runs it again. */
export function banner(
  judgement: Judgement,
  recording: Recording,
  { claim, repeat }: { readonly claim: string; readonly repeat: string },
): Markup {
  const { outcome, verdict, scenario, seed } = judgement;
  const { icon, word } = headline(judgement);
  const tone = outcome === "inconclusive" ? "unknown" : verdict.verdict;
  const facts = [
    ["Seed", String(seed)],
    ["Faults", faultWords(judgement.calm, recording)],
    ["Operations", recording.operations.length.toLocaleString("en")],
    ["Expected", expectationWords(judgement)],
  ] as const;
  return html`<header class="banner ${tone}">
<p class="verdict"><span aria-hidden="true">${icon}</span> <strong>${word}</strong>
<span class="tag ${outcome}">${OUTCOME_WORDS[outcome]}</span></p>
<h1>${shorten(scenario, 200)}</h1>${claim === "" ? "" : html`<p>Claimed: ${shorten(claim, 1000)}</p>`}
<p class="sentence">${shorten(judgement.sentence, 1000)}</p>
${reasons(judgement).map((reason) => html`<p>${shorten(reason, 1000)}</p>`)}
<dl class="facts">${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>${repeat === "" ? "" : html`<pre>${shorten(repeat, 1000)}</pre>`}</header>`;
}

function headline({ outcome, verdict }: Judgement): Headline {
  if (outcome === "inconclusive" && verdict.verdict !== "invalid")
    return { icon: "?", word: "Inconclusive" };
  return HEADLINES[verdict.verdict];
}

/** The one-sentence reason: the first anomaly, or what was missing, or what the checks did show. */
export function reasons({ outcome, reasons, verdict }: Judgement): readonly string[] {
  const failed = mostTelling(verdict.checks).find((check) => check.verdict === "invalid");
  const anomaly = failed?.anomalies[0];
  const shown = anomaly === undefined ? [] : [anomaly.summary];
  if (outcome === "inconclusive") return [...reasons, ...shown];
  if (shown.length > 0) return shown;
  return verdict.checks
    .filter((check) => check.verdict === verdict.verdict)
    .map(({ check, reason }) => `${check.name}: ${reason}`);
}

function faultWords(calm: boolean, { faults }: Recording): string {
  if (calm) return "none: this is the calm twin, the scenario without its faults";
  const effective = faults.filter(({ begin }) => begin?.effective === true).length;
  return `${plural(faults.length, "fault")} applied, ${effective} took effect`;
}

function expectationWords({ expectation }: Judgement): string {
  if (expectation === "valid") return "no violation";
  const also = expectation.also ?? [];
  const allowed = also.length === 0 ? "" : ` (${also.join(", ")} may also be found)`;
  return `${expectation.invalid.join(", ")}${allowed}`;
}
