/** The last words of a run: what was found, the proof in a few lines, where the report is, how to see it again. */
import { type Anomaly, type Judgement, mostTelling } from "../../proto/verdict.ts";
import { coloured, mark } from "./display.ts";

export function summary(judgement: Judgement, report: string, repeat: string): string {
  const kind = { expected: "good", unexpected: "bad", inconclusive: "unsure" } as const;
  const head = `${mark(kind[judgement.outcome])} ${coloured("bold", judgement.sentence)}`;
  return [head, ...details(judgement), row("Report", report), row("Again", repeat)].join("\n");
}

/** The first anomaly of every check that has one; all of the reasons of an inconclusive run. */
export function details(judgement: Pick<Judgement, "reasons" | "verdict">): string[] {
  const lines = judgement.reasons.map((reason) => `  ${reason}`);
  for (const { verdict, check, anomalies, reason } of mostTelling(judgement.verdict.checks)) {
    const [first] = anomalies;
    if (verdict === "invalid" && first !== undefined) lines.push(...proof(first));
    else lines.push(row(check.name, `${verdict}: ${reason}`));
  }
  return lines;
}

function proof(anomaly: Anomaly): string[] {
  const operations = `operations ${anomaly.operations.join(", ")}`;
  const { cause, summary } = anomaly;
  const told = cause === undefined || summary.includes(cause.text);
  return [
    row(anomaly.name, `${summary} (${operations})`),
    ...(told ? [] : [row("", `Cause: ${cause.text}`)]),
  ];
}

function row(name: string, text: string): string {
  return `  ${coloured("dim", name.padEnd(17))} ${text}`;
}
