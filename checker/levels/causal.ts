/** The check `causal`: did every session see what it knew of, and nothing older than what it knew? */
import type { Json } from "../../proto/json.ts";
import type { Anomaly, CheckResult, CheckSpec } from "../../proto/verdict.ts";
import type { CheckKind } from "../check-kind.ts";
import { faultSpans } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { allow } from "../options.ts";
import { counted } from "../wording.ts";
import { explainCausal } from "./causal-argument.ts";
import { type Causality, type CausalLevel, causality } from "./causal-patterns.ts";
import { nameOption, optionOf } from "./option-values.ts";
import { fits } from "./order-graph.ts";
import { type ReadsFrom, readsFrom } from "./reads-from.ts";
import { type Sessions, sessionsOf } from "./sessions.ts";
import { explainThinAir } from "./thin-air.ts";
import { zonedOrders } from "./zoned.ts";

export type CausalSpec = {
  readonly name: "causal";
  readonly options: { readonly level: CausalLevel; readonly initial: Json };
};

const LEVELS: readonly CausalLevel[] = ["cc", "ccv", "cm"];
/** How many anomalies are told in full. */
const SHOWN = 5;

/**
 * Registers with unique values, all keys together. `level`: `cc`, causal consistency; `ccv`, by default, in which all
 * sessions order concurrent writes alike (what last-write-wins should give); `cm`, causal memory, in which each session
 * alone has an order of all that it knows.
 */
export function causal(
  options: { readonly level?: CausalLevel; readonly initial?: Json } = {},
): CausalSpec {
  return { name: "causal", options: { level: "ccv", initial: null, ...options } };
}

export const CAUSAL: CheckKind<CausalSpec> = {
  name: "causal",
  finds: ["non-causal"],
  validate: (spec: CheckSpec) => {
    allow(spec, ["level", "initial"]);
    const level = nameOption(spec, "level", LEVELS, "ccv");
    return causal({ level, initial: optionOf(spec, "initial", null) });
  },
  judge,
};

function judge(recording: Recording, check: CausalSpec): CheckResult {
  const { columns } = recording;
  const { level, initial } = check.options;
  const unknown = (reason: string): CheckResult => {
    return { check, verdict: "unknown", reason, anomalies: [], found: {}, facts: {} };
  };
  if (columns.count === 0) return unknown("the history has no operations");
  const from = readsFrom(columns, initial);
  if ("reason" in from) return unknown(from.reason);
  const facts = {
    operations: columns.count,
    leftOut: from.ambiguous,
    thinAir: from.thinAir.length,
  };
  if (from.ambiguous === 0 && zonedOrders(columns, initial) !== undefined) {
    const reason = `${counted(columns.count, "operation")}: every key is linearizable, which implies ${level}`;
    return { ...unknown(reason), verdict: "valid", facts: { ...facts, route: "zones" } };
  }
  const sessions = sessionsOf(from);
  const judged = fits(sessions) ? causality(sessions, level) : undefined;
  return resultOf(recording, check, from, sessions, judged, {
    ...facts,
    route: "bad patterns",
    sessions: sessions.width,
    conflicts: judged?.derived ?? 0,
  });
}

function resultOf(
  recording: Recording,
  check: CausalSpec,
  from: ReadsFrom,
  sessions: Sessions,
  judged: Causality | undefined,
  facts: CheckResult["facts"],
): CheckResult {
  const { level, initial } = check.options;
  const faults = faultSpans(recording.others);
  const findings = [...(judged?.findings ?? [])].sort((a, b) => a.at - b.at);
  const anomalies: Anomaly[] = from.thinAir
    .slice(0, SHOWN)
    .map((row) => explainThinAir(recording, row, "non-causal", faults));
  let bug: string | undefined;
  for (const finding of findings.slice(0, SHOWN - anomalies.length)) {
    const told = explainCausal(recording, sessions, finding, level, initial, faults);
    if (typeof told === "string") bug = told;
    else anomalies.push(told);
  }
  const open = undecided(recording, from, sessions, judged);
  const base = { check, anomalies, facts };
  const all = `${counted(recording.columns.count, "operation")} of ${counted(sessions.width, "session")}`;
  if (anomalies.length > 0) {
    const number = from.thinAir.length + findings.length;
    const patterns = [...new Set(anomalies.map((anomaly) => anomaly.class))].join(", ");
    const reason = `${all}: ${counted(number, "violation")} of ${level} (${patterns})`;
    return { ...base, verdict: "invalid", reason, found: { "non-causal": number } };
  }
  if (bug !== undefined) return { ...base, verdict: "unknown", reason: bug, found: {} };
  if (open !== undefined) return { ...base, verdict: "unknown", reason: open, found: {} };
  return {
    ...base,
    verdict: "valid",
    reason: `${all} show none of the bad patterns of ${level}`,
    found: {},
  };
}

function undecided(
  { columns, operation }: Recording,
  { ambiguous, example }: ReadsFrom,
  { count, width }: Sessions,
  judged: Causality | undefined,
): string | undefined {
  if (judged === undefined)
    return `${count} operations of ${width} sessions need more memory for clocks than there is`;
  if (judged.unfinished)
    return `${count} operations of ${width} sessions: more orders follow from each other than could be looked at; ccv and cc need less`;
  if (ambiguous === 0) return undefined;
  const { key, input, output, f } = operation(example);
  const value = JSON.stringify(f === "write" ? input : output);
  return `${value} was written to ${key} more than once (or is its initial value); ${counted(ambiguous, "operation")} of ${columns.count} were left out, and the others show nothing`;
}
