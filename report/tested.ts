/**
 * What was really tested: a verdict is worth what happened while the faults were on, so this is
 * counted here.
 */
import type { Completion } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import { html, type Markup } from "./markup.ts";
import type { FaultSpan, Recording } from "./recording.ts";
import { table } from "./table.ts";
import { instant } from "./time.ts";
import { optionsText, plural, shorten } from "./wording.ts";

export const PHASES = [
  "before the first fault",
  "while a fault is on",
  "no fault on, later",
] as const;
export type Phase = (typeof PHASES)[number] | "no fault in this run";

export interface Count {
  readonly kind: string;
  readonly phase: Phase;
  readonly counts: Readonly<Record<Completion, number>>;
}

/** An operation belongs to the phase in which it was invoked. */
export function phaseOf(ns: number, faults: readonly FaultSpan[]): Phase {
  if (faults.length === 0) return "no fault in this run";
  if (faults.some(({ fromNs, toNs }) => fromNs <= ns && ns <= toNs)) return PHASES[1];
  return ns < Math.min(...faults.map(({ fromNs }) => fromNs)) ? PHASES[0] : PHASES[2];
}

/**
 * A row for each kind and phase, also where nothing happened; final reads belong to one phase
 * only.
 */
export function countOperations({ operations, faults }: Recording): Count[] {
  const kindOf = (o: Operation) => (o.final ? `${o.f} (final)` : o.f);
  const phases: readonly Phase[] = faults.length === 0 ? ["no fault in this run"] : PHASES;
  const rows = [...new Set(operations.map(kindOf))].sort().flatMap((kind) =>
    phases.map((phase) => {
      const here = operations.filter(
        (o) => kindOf(o) === kind && phaseOf(o.invokedAt, faults) === phase,
      );
      const count = (status: Completion) => here.filter((o) => o.status === status).length;
      return { kind, phase, counts: { ok: count("ok"), fail: count("fail"), info: count("info") } };
    }),
  );
  const isIdle = ({ ok, fail, info }: Count["counts"]) => ok + fail + info === 0;
  return rows.filter(({ kind, counts }) => !(kind.endsWith("(final)") && isIdle(counts)));
}

export function tested(recording: Recording): Markup {
  const { operations } = recording;
  const keys = [...new Set(operations.map(({ key }) => key))];
  const processes = new Set(operations.map(({ process }) => process)).size;
  const some = keys
    .slice(0, 12)
    .map((key) => shorten(key, 40))
    .join(", ");
  const rest = keys.length > 12 ? `, and ${keys.length - 12} more` : "";
  return html`<p>${plural(operations.length, "operation")} on ${plural(keys.length, "key")}
(${some}${rest}) by ${plural(processes, "process", "processes")}. A client whose operation ends in
info goes on as a new process.</p>
${countTable(countOperations(recording))}${faultTable(recording.faults)}`;
}

function countTable(rows: readonly Count[]): Markup {
  return table({
    caption: "Operations by kind and by the phase in which they were invoked",
    columns: ["kind", "phase", "#ok", "#fail", "#info"],
    rows: rows.map(({ kind, phase, counts: { ok, fail, info } }) => {
      return [shorten(kind, 40), phase, okCell(phase, ok, kind), fail, info];
    }),
  });
}

/** No ok operation while a fault is on means that the fault was never put to the test. */
function okCell(phase: Phase, ok: number, kind: string): Markup {
  const vacuous = phase === PHASES[1] && ok === 0 && !kind.endsWith("(final)");
  return vacuous ? html`<span class="warning">⚠ none</span>` : html`${ok}`;
}

function faultTable(faults: readonly FaultSpan[]): Markup {
  if (faults.length === 0) return html`<p>No fault was applied in this run.</p>`;
  return table({
    caption: "Faults, with the evidence that they and their healing took effect",
    columns: ["fault", "node", "#from", "#to", "took effect", "healed", "evidence"],
    rows: faults.map(({ f, node, begin, end, fromNs, toNs }) => [
      html`${shorten(f, 40)} <small>${optionsText(begin?.detail ?? {})}</small>`,
      shorten(node, 40),
      begin === undefined ? "?" : instant(fromNs),
      end === undefined ? "not ended" : instant(toNs),
      effect(begin?.effective),
      effect(end?.effective),
      [begin, end].map((event) => html`<div>${optionsText(event?.evidence ?? {}, 240)}</div>`),
    ]),
  });
}

function effect(effective: boolean | undefined): Markup {
  if (effective === undefined) return html`<span class="warning">⚠ not recorded</span>`;
  return effective ? html`✓ yes` : html`<span class="warning">✗ not shown</span>`;
}
