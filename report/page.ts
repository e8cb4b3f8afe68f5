/**
 * The whole page. It runs no script and loads nothing: the content security policy forbids both,
 * so that even a mistake in the markup could not make a recorded value act.
 */
import type { History } from "../proto/history.ts";
import type { Json } from "../proto/json.ts";
import type { Judgement } from "../proto/verdict.ts";
import { banner } from "./banner.ts";
import { sharedFills } from "./chart.ts";
import { checks } from "./checks.ts";
import { counterexamples, counterexampleTitle, withAnomalies } from "./counterexample.ts";
import { environment, type NodeLog, nodeLogs, planDetails, repeatCommand } from "./environment.ts";
import { html, type Markup, stylesheet, textOf } from "./markup.ts";
import { type Recording, recordingOf } from "./recording.ts";
import { section } from "./section.ts";
import { STYLE } from "./style.ts";
import { tested } from "./tested.ts";
import { timeline } from "./timeline.ts";
import { timelinePicture } from "./timeline-picture.ts";
import { shorten } from "./wording.ts";

export interface ReportInput {
  readonly judgement: Judgement;
  readonly history: History;
  readonly environment: { readonly [fact: string]: Json };
  readonly plan: Json;
  /** The command that repeats the run. */
  readonly repeat: string;
  readonly logs: readonly NodeLog[];
}

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** One self-contained HTML file as text. Pure: the same input gives the same text. */
export function renderReport(input: ReportInput): string {
  const recording = recordingOf(input.history);
  const title = `${shorten(input.judgement.scenario, 100)}, seed ${input.judgement.seed}`;
  const page = html`<html lang="en"><head><meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<link rel="icon" href="data:,"/>
<title>${input.judgement.verdict.verdict}: ${title}</title>${stylesheet(STYLE)}</head>
<body>${sharedFills()}${body(input, recording)}</body></html>`;
  return `<!doctype html>\n${textOf(page)}\n`;
}

function claimOf(plan: Json): string {
  const isRecord = typeof plan === "object" && plan !== null && !Array.isArray(plan);
  const claim = isRecord ? (plan as { readonly [key: string]: Json })["claim"] : undefined;
  return typeof claim === "string" ? claim : "";
}

function body(input: ReportInput, recording: Recording): Markup {
  const { judgement } = input;
  const about = { claim: claimOf(input.plan), repeat: input.repeat };
  return html`${banner(judgement, recording, about)}${contents(judgement)}<main>${alert(recording)}
${counterexamples(judgement.verdict.checks, recording)}
${section("tested", "What was tested", [tested(recording), checks(judgement.verdict)])}
${section("timeline", "The whole run", [wholeRun(judgement, recording)])}
${section("logs", "Logs of the nodes", [nodeLogs(input.logs)])}
${section("environment", "Repeat it", [
  repeatCommand(input.repeat),
  environment(input.environment),
  planDetails(input.plan),
])}</main>`;
}

function contents({ verdict }: Judgement): Markup {
  const title = counterexampleTitle(verdict.checks);
  const found = withAnomalies(verdict.checks).length > 0;
  const first = found ? html`<li><a href="#counterexample">${title}</a></li>` : html``;
  return html`<nav aria-label="On this page"><ul>${first}
<li><a href="#tested">What was tested</a></li><li><a href="#timeline">The whole run</a></li>
<li><a href="#logs">Logs</a></li><li><a href="#environment">Repeat it</a></li></ul></nav>`;
}

function alert({ malformed }: Recording): Markup {
  if (malformed === undefined) return html``;
  const { message, event } = malformed;
  const raw = event === undefined ? "The event is not in the history." : JSON.stringify(event);
  const words = html`<p class="warning">⚠ ${shorten(message, 600)}.</p>
<p>The operations cannot be paired up, so everything below shows only what came before that event;
operations open there are shown as info.</p><pre tabindex="0">${shorten(raw, 20_000)}</pre>`;
  return section("malformed", "The history is malformed", [words]);
}

function wholeRun({ verdict }: Judgement, recording: Recording): Markup {
  const anomalies = verdict.checks.flatMap((check) => check.anomalies);
  const layout = timeline(recording, new Set(anomalies.flatMap(({ operations }) => operations)));
  const framed = layout.operations.some(({ witness }) => witness)
    ? " Framed bars belong to a counterexample."
    : "";
  return html`<p>${layout.sentence}${framed} Hover over anything to read it in full; scroll sideways
to see all.</p><figure>${timelinePicture(layout)}<figcaption>Nodes above, clients below. Faults are
shaded across all lanes. Diamonds are remarks of nodes: stalls, recoveries, refused and outdated
writes.</figcaption></figure>`;
}
