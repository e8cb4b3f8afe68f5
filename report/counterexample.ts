/**
 * The counterexamples, first things first: for each failed check the picture, the argument, the
 * cause, the evidence.
 */
import type { Operation } from "../proto/operation.ts";
import {
  type Anomaly,
  type Cause,
  type CheckResult,
  type Grade,
  mostTelling,
} from "../proto/verdict.ts";
import { legend } from "./chart.ts";
import { html, type Markup, type Part } from "./markup.ts";
import type { Recording } from "./recording.ts";
import { section } from "./section.ts";
import { spaceTime } from "./space-time.ts";
import { spaceTimePicture } from "./space-time-picture.ts";
import { stampLabels } from "./stamps.ts";
import { table } from "./table.ts";
import { instant, milliseconds } from "./time.ts";
import { operationLabel, plural, shorten } from "./wording.ts";

export const GRADE_WORDS: Readonly<Record<Grade, string>> = {
  proven: "Proven: it follows from what the clients saw and true time alone.",
  strong: "Strong: it holds if what the nodes noted about themselves is truthful.",
  note: "Worth knowing: this is legal and by itself never makes a run invalid.",
};

const DRAWN_ANOMALIES = 10;

/** Checks that found something, those that failed first. */
export function withAnomalies(checks: readonly CheckResult[]): readonly CheckResult[] {
  return mostTelling(checks).filter(({ anomalies }) => anomalies.length > 0);
}

export function counterexampleTitle(checks: readonly CheckResult[]): string {
  return checks.some(({ verdict }) => verdict === "invalid") ? "What went wrong" : "Worth knowing";
}

export function counterexamples(checks: readonly CheckResult[], recording: Recording): Markup {
  const found = withAnomalies(checks);
  if (found.length === 0) return html``;
  const stories = found.map((check) => checkAnomalies(check, recording));
  return section("counterexample", counterexampleTitle(checks), [legend(), ...stories]);
}

function checkAnomalies({ check, anomalies, found }: CheckResult, recording: Recording): Markup {
  const [first, ...others] = anomalies;
  if (first === undefined) return html``;
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  const untold = Math.max(0, total - anomalies.length);
  const more =
    untold === 0
      ? html``
      : html`<p>${plural(untold, "more anomaly", "more anomalies")} of this check
found but not written out.</p>`;
  return html`<article><h3>Check ${check.name}: ${first.name}, ${first.class}</h3>
${anomalyStory(first, recording, true)}
${others.map(
  (anomaly, index) => html`<details><summary>${anomaly.summary}</summary>
${anomalyStory(anomaly, recording, index < DRAWN_ANOMALIES)}</details>`,
)}${more}</article>`;
}

function anomalyStory(anomaly: Anomaly, recording: Recording, drawn: boolean): Markup {
  const operations = anomaly.operations.flatMap((id) => {
    const operation = recording.operations.find((operation) => operation.id === id);
    return operation === undefined ? [] : [operation];
  });
  const steps = anomaly.because.map((step) => html`<li>${shorten(step, 1000)}</li>`);
  return html`<p class="summary">${shorten(anomaly.summary, 600)}</p>
<div class="story">${drawn && operations.length > 0 ? picture(anomaly, recording) : html``}
<div><h4>${anomaly.grade === "note" ? "The argument" : "Why this cannot be right"}</h4>
<ol class="because">${steps}</ol></div>
<div><h4>Cause</h4>${causeWords(anomaly.cause)}
<h4>How sure</h4><p>${GRADE_WORDS[anomaly.grade]}</p></div></div>
${operationsTable(anomaly, operations)}`;
}

function picture(anomaly: Anomaly, recording: Recording): Markup {
  const layout = spaceTime(anomaly, recording);
  const description = `Space-time picture of ${plural(layout.bars.length, "operation")} on ${plural(
    layout.lanes.length,
    "lane",
  )}. ${anomaly.summary} The table below it lists the same operations.`;
  const shortened = layout.axis.stretches.some((stretch) => stretch.shortened)
    ? "Time runs to the right, to scale except where ⋯ marks a shortened wait and its length. "
    : "Time runs to the right, to scale. ";
  const { undrawn, missing } = layout;
  const cut = undrawn === 0 ? "" : `${undrawn} further operations or notes are not drawn. `;
  const lost = missing.length === 0 ? "" : `Not in the history: #${missing.join(", #")}.`;
  const stamped = layout.bars.some(({ stamp }) => /^stamp T( |$)/.test(stamp));
  return html`<figure>${spaceTimePicture(layout, shorten(description, 600))}
<figcaption>${shortened}Each operation is a bar with its index in history.jsonl; below it, on the
node's lane, a bracket spans the time in which the node acted (info: if at all, then or later).
${stampCaption(stamped)}${cut}${lost}</figcaption></figure>`;
}

function stampCaption(shown: boolean): string {
  if (!shown) return "";
  return "Stamps are what the nodes' clocks gave; T is that of the argument's first operation. ";
}

function causeWords(cause: Cause | undefined): Markup {
  if (cause === undefined) return html`<p>The check names no cause.</p>`;
  const { skew } = cause;
  const bound =
    skew === undefined
      ? html``
      : html`<p>Clock bound: the clock of <b>${skew.ahead}</b> was ahead of that of
<b>${skew.behind}</b> by at least <b>${milliseconds(skew.atLeastNs)}</b>
and at most <b>${milliseconds(skew.atMostNs)}</b>.</p>`;
  return html`<p><span class="tag">${cause.kind}</span> ${shorten(cause.text, 600)}</p>${bound}`;
}

function operationsTable(anomaly: Anomaly, operations: readonly Operation[]): Markup {
  if (anomaly.operations.length === 0) return html`<p>This anomaly rests on no operations.</p>`;
  if (operations.length === 0)
    return html`<p class="warning">⚠ Its operations could not be found in the history:
#${anomaly.operations.join(", #")}.</p>`;
  const stamps = stampLabels(anomaly.operations, operations);
  return table({
    caption: "The operations, in the order of the argument; index is that of the invocation",
    columns: ["index", "client", "node", "key", "operation", "result", "#from", "#to", "stamp"],
    rows: operations.map((operation) => operationRow(operation, stamps)),
  });
}

function operationRow(o: Operation, stamps: ReadonlyMap<number, string>): Part[] {
  return [
    `#${o.id}`,
    o.process,
    shorten(o.node, 40),
    shorten(o.key, 40),
    operationLabel(o, 80),
    o.error === undefined ? o.status : `${o.status}: ${shorten(o.error, 200)}`,
    instant(o.invokedAt, 6),
    o.completedAt === undefined ? "never known" : instant(o.completedAt, 6),
    stampCell(o, stamps),
  ];
}

function stampCell({ id, seen }: Operation, stamps: ReadonlyMap<number, string>): Markup {
  if (seen?.stamp === undefined) return html`–`;
  return html`${stamps.get(id) ?? ""} <small>${shorten(seen.stamp, 40)}</small>`;
}
