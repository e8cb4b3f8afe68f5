/** The check `session-guarantees`: what each client may rely on by itself, whatever the others see. */
import type { Json } from "../../proto/json.ts";
import type { Anomaly, CheckResult, CheckSpec } from "../../proto/verdict.ts";
import { type CheckKind, InvalidCheckError } from "../check-kind.ts";
import { faultSpans } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { allow } from "../options.ts";
import { counted } from "../wording.ts";
import { nameOption, optionOf, refused } from "./option-values.ts";
import { type ReadsFrom, readsFrom } from "./reads-from.ts";
import { explainSession } from "./session-argument.ts";
import {
  GUARANTEES,
  type Guarantee,
  type SessionFindings,
  type SessionViolation,
  sessionViolations,
} from "./session-violations.ts";
import { SHOWN, shownOf } from "./shown.ts";
import {
  type CausalOrder,
  causalVersionOrder,
  type Evidence,
  realTimeOrder,
  type VersionOrder,
} from "./version-order.ts";
import { zonedOrders } from "./zoned.ts";

export type SessionGuaranteesSpec = {
  readonly name: "session-guarantees";
  readonly options: {
    readonly guarantees: readonly Guarantee[];
    readonly evidence: Evidence;
    readonly initial: Json;
  };
};

const EVIDENCE: readonly Evidence[] = ["real-time", "happens-before"];

/**
 * Some or all of read-your-writes, monotonic-reads, monotonic-writes and writes-follow-reads, for each key of a
 * register with unique values. A session is a process of the history.
 *
 * `evidence` says when one version is certainly older than another. By default, `real-time`: when it had taken effect
 * before the other one was invoked. With `happens-before` only when the writer of the other knew of it: for systems
 * that may order writes against real time as long as no session can tell.
 */
export function sessionGuarantees(
  guarantees: readonly Guarantee[] = GUARANTEES,
  options: { readonly evidence?: Evidence; readonly initial?: Json } = {},
): SessionGuaranteesSpec {
  return {
    name: "session-guarantees",
    options: { guarantees, evidence: "real-time", initial: null, ...options },
  };
}

export const SESSION_GUARANTEES: CheckKind<SessionGuaranteesSpec> = {
  name: "session-guarantees",
  finds: GUARANTEES,
  validate: (spec: CheckSpec) => {
    allow(spec, ["guarantees", "evidence", "initial"]);
    const evidence = nameOption(spec, "evidence", EVIDENCE, "real-time");
    return sessionGuarantees(guaranteesOf(spec), {
      evidence,
      initial: optionOf(spec, "initial", null),
    });
  },
  judge,
};

function guaranteesOf(spec: CheckSpec): readonly Guarantee[] {
  const value = optionOf(spec, "guarantees", GUARANTEES);
  if (!Array.isArray(value) || value.length === 0)
    throw refused(spec, "guarantees", `a list of some of ${GUARANTEES.join(", ")}`, value);
  const names: readonly Json[] = value;
  return names.map((name) => {
    const known = GUARANTEES.find((one) => one === name);
    if (known !== undefined) return known;
    throw new InvalidCheckError(
      `there is no session guarantee ${JSON.stringify(name)}; there are ${GUARANTEES.join(", ")}`,
    );
  });
}

function judge(recording: Recording, check: SessionGuaranteesSpec): CheckResult {
  const { columns } = recording;
  const { guarantees, evidence, initial } = check.options;
  const unknown = (reason: string): CheckResult => {
    return { check, verdict: "unknown", reason, anomalies: [], found: {}, facts: {} };
  };
  if (columns.count === 0) return unknown("the history has no operations");
  const from = readsFrom(columns, initial);
  if ("reason" in from) return unknown(from.reason);
  const order = evidence === "real-time" ? realTimeOrder(from) : causalVersionOrder(from);
  if (typeof order === "string") {
    if (from.ambiguous > 0 || zonedOrders(columns, initial) === undefined) return unknown(order);
    const reason = `${counted(columns.count, "operation")}: every key is linearizable, which implies all four`;
    return { ...unknown(reason), verdict: "valid" };
  }
  const findings = sessionViolations(from, order);
  const asked = findings.violations.filter(({ guarantee }) => guarantees.includes(guarantee));
  const facts = factsOf(from, findings);
  const anomalies: Anomaly[] = [];
  let bug: string | undefined;
  for (const told of tellSome(recording, order, asked, guarantees))
    if (typeof told === "string") bug = told;
    else anomalies.push(told);
  const all = `${counted(findings.judgedReads, "answered read")} of ${counted(columns.count, "operation")}`;
  if (anomalies.length > 0) {
    const found = countsOf(asked);
    const counts = Object.entries(found).map(([name, count]) => `${count} against ${name}`);
    const reason = `${all}: ${counts.join(", ")}`;
    return { check, verdict: "invalid", reason, anomalies, found, facts };
  }
  if (bug !== undefined) return { ...unknown(bug), facts };
  const open = unjudged(from, findings);
  if (open !== undefined)
    return { ...unknown(`${all}: nothing against ${guarantees.join(", ")}, but ${open}`), facts };
  const reason = `${all}: nothing against ${guarantees.join(", ")} for certain (${evidence})`;
  return { check, verdict: "valid", reason, anomalies, found: {}, facts };
}

/** Of each guarantee one, then more. */
function tellSome(
  recording: Recording,
  order: VersionOrder | CausalOrder,
  asked: readonly SessionViolation[],
  guarantees: readonly Guarantee[],
): (Anomaly | string)[] {
  const faults = faultSpans(recording.others);
  const groups = [...new Set(guarantees)].map((name) => {
    const own: SessionViolation[] = [];
    for (const violation of asked) {
      if (own.length === SHOWN) break;
      if (violation.guarantee === name) own.push(violation);
    }
    return own;
  });
  return shownOf(groups).map((violation) => explainSession(recording, order, violation, faults));
}

function countsOf(violations: readonly SessionViolation[]): CheckResult["found"] {
  const counts: Partial<Record<Guarantee, number>> = {};
  for (const { guarantee } of violations) counts[guarantee] = (counts[guarantee] ?? 0) + 1;
  return counts;
}

function factsOf(from: ReadsFrom, findings: SessionFindings): CheckResult["facts"] {
  const { possibleReadYourWrites, possibleMonotonicReads, future, judgedReads } = findings;
  return {
    operations: from.columns.count,
    judgedReads,
    possibleReadYourWrites,
    possibleMonotonicReads,
    futureReads: future,
    thinAir: from.thinAir.length,
    leftOut: from.ambiguous,
  };
}

function unjudged(
  { ambiguous, thinAir }: ReadsFrom,
  { future }: SessionFindings,
): string | undefined {
  const open = [
    ...(ambiguous > 0
      ? [`${counted(ambiguous, "operation")} with values that were written more than once`]
      : []),
    ...(thinAir.length > 0 ? [`${counted(thinAir.length, "read")} of what nobody wrote`] : []),
    ...(future > 0 ? [`${counted(future, "read")} that ended before their write began`] : []),
  ];
  return open.length === 0 ? undefined : `${open.join(" and ")} cannot be judged`;
}
