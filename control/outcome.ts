/**
 * Verdict against expectation. A run in which too little happened is `inconclusive`, never green; an anomaly that
 * nobody declared is never masked by that, except on a machine that was too busy to be believed.
 */
import type { History } from "../proto/history.ts";
import type { AnomalyName, Expectation, Outcome, Verdict } from "../proto/verdict.ts";
import type { Plan } from "./plan.ts";

/** A stall outside of a pause that is longer than this share of the smallest protocol timeout may decide a run. */
const STALL_SHARE = 0.25;

export function outcomeOf(verdict: Verdict, plan: Plan, history: History): Outcome {
  const found = foundIn(verdict);
  const missing = declared(plan.expect).filter((name) => !found.includes(name));
  const undeclared = found.filter((name) => !allowed(plan.expect).includes(name));
  const failed = verdict.assumptions
    .filter((assumption) => !assumption.holds)
    .map((assumption) => `${assumption.name}: ${assumption.detail}`);
  const unapplied = neverBegan(plan, history);
  const cut = history.events.some((event) => event.type === "stage" && event.stage === "stop")
    ? []
    : ["the run did not finish: it was cut short, or it failed"];
  const unknown = verdict.checks
    .filter((check) => check.verdict === "unknown")
    .map((check) => `${check.check.name}: ${check.reason}`);
  const weak = [...cut, ...failed, ...unapplied, ...unknown];
  const contradicted = undeclared.length > 0 || (missing.length > 0 && weak.length === 0);
  if (contradicted) {
    const busy = stalls(plan, history);
    return busy.length > 0
      ? inconclusive("machine too busy", busy)
      : { outcome: "unexpected", sentence: contradiction(found, missing, undeclared), reasons: [] };
  }
  if (weak.length > 0) return inconclusive(weak[0] ?? "", weak);
  return { outcome: "expected", sentence: asDeclared(plan.expect, found), reasons: [] };
}

/** Names found, in no particular order. */
export function foundIn(verdict: Verdict): AnomalyName[] {
  const names = verdict.checks.flatMap((check) => Object.keys(check.found) as AnomalyName[]);
  return [...new Set(names)];
}

function declared(expect: Expectation): readonly AnomalyName[] {
  return expect === "valid" ? [] : expect.invalid;
}

function allowed(expect: Expectation): readonly AnomalyName[] {
  return expect === "valid" ? [] : [...expect.invalid, ...(expect.also ?? [])];
}

function asDeclared(expect: Expectation, found: readonly AnomalyName[]): string {
  if (expect === "valid") return "valid, as expected";
  const also = found.filter((name) => !expect.invalid.includes(name));
  const rest = also.length === 0 ? "" : ` (also ${also.join(", ")})`;
  return `invalid, as expected: ${expect.invalid.join(", ")}${rest}`;
}

function contradiction(
  found: readonly AnomalyName[],
  missing: readonly AnomalyName[],
  undeclared: readonly AnomalyName[],
): string {
  const besides = found.filter((name) => !undeclared.includes(name));
  const rest = besides.length === 0 ? "" : ` (besides ${besides.join(", ")})`;
  if (undeclared.length > 0) return `invalid, and not as declared: ${undeclared.join(", ")}${rest}`;
  if (found.length === 0) return `valid, but ${missing.join(", ")} was declared`;
  return `invalid, but without the declared ${missing.join(", ")}`;
}

function inconclusive(why: string, reasons: readonly string[]): Outcome {
  return { outcome: "inconclusive", sentence: `inconclusive: ${why}`, reasons };
}

function neverBegan(plan: Plan, history: History): string[] {
  const begun = new Set(
    history.events.flatMap((e) => (e.type === "fault" && e.phase === "begin" ? [e.id] : [])),
  );
  return plan.faults
    .filter((fault) => !begun.has(fault.id))
    .map(
      ({ fault }) =>
        `faults-took-effect: ${fault.fault} of ${fault.target} was planned and never began`,
    );
}

/** Stalls that no pause of ours explains and that are long enough to matter. */
function stalls(plan: Plan, history: History): string[] {
  const limitMs = plan.protocolTimeoutMs * STALL_SHARE;
  const pauses = history.events.flatMap((event) =>
    event.type === "fault" && event.f === "pause" ? [event] : [],
  );
  // Before that, nodes start side by side and no client asks for anything.
  const driven = history.events.find((event) => event.type === "stage")?.time ?? 0;
  return history.events.flatMap((event) => {
    if (event.type !== "note" || event.kind !== "stall" || event.ms < limitMs) return [];
    if (event.time < driven) return [];
    const began = event.time - event.ms * 1e6;
    const ours = pauses.some(
      (pause) =>
        pause.node === event.node &&
        pause.phase === "begin" &&
        pause.time >= began - 100e6 &&
        pause.time <= event.time,
    );
    const text = `${event.node} stood still for ${event.ms} ms, more than a quarter of ${plan.protocolTimeoutMs} ms`;
    return ours ? [] : [text];
  });
}
