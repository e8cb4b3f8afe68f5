/** The check `staleness`: how old what reads returned was, in time and in versions, and whether that was too old. */
import type { Json } from "../../proto/json.ts";
import type { Anomaly, CheckResult, CheckSpec } from "../../proto/verdict.ts";
import type { CheckKind } from "../check-kind.ts";
import { type FaultSpan, faultSpans } from "../faults.ts";
import { type Part, partsByKey } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { allow } from "../options.ts";
import { type Staleness, staleness as stalenessOf } from "../register/staleness.ts";
import { counted } from "../wording.ts";
import { optionOf, refused } from "./option-values.ts";
import { shownOf } from "./shown.ts";
import { explainStale } from "./stale-argument.ts";

export type StalenessSpec = {
  readonly name: "staleness";
  readonly options: {
    readonly initial: Json;
    readonly withinMs?: number;
    readonly versions?: number;
  };
};

/**
 * A register with unique values. Without a bound the staleness is measured and nothing is invalid. `withinMs`: how long
 * before a read began its value may have been certainly overwritten, at most; `versions`: how many newer values may
 * certainly have taken effect by then, at most. 0 allows for no stale read at all.
 */
export function staleness(
  options: { readonly withinMs?: number; readonly versions?: number; readonly initial?: Json } = {},
): StalenessSpec {
  return { name: "staleness", options: { initial: null, ...options } };
}

export const STALENESS: CheckKind<StalenessSpec> = {
  name: "staleness",
  finds: ["stale-read"],
  validate: (spec: CheckSpec) => {
    allow(spec, ["withinMs", "versions", "initial"]);
    return staleness({
      initial: optionOf(spec, "initial", null),
      ...bound(spec, "withinMs"),
      ...bound(spec, "versions"),
    });
  },
  judge,
};

function bound(spec: CheckSpec, option: "withinMs" | "versions"): Record<string, number> {
  const value = optionOf(spec, option, null);
  if (value === null) return {};
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw refused(spec, option, "a number that is not negative", value);
  return { [option]: value };
}

interface Measured {
  readonly part: Part;
  readonly result: Staleness;
  /** Places in `result.reads` of the reads that are too old, the oldest first. */
  readonly tooOld: readonly number[];
}

function judge(recording: Recording, check: StalenessSpec): CheckResult {
  const { columns } = recording;
  const unknown = (reason: string): CheckResult => {
    return { check, verdict: "unknown", reason, anomalies: [], found: {}, facts: {} };
  };
  if (columns.count === 0) return unknown("the history has no operations");
  // Versions are counted by times, too.
  if (columns.invokedAt.some(Number.isNaN))
    return unknown("not measured: the events carry no time, or not all of them do");
  const { withinMs, versions, initial } = check.options;
  const measured: Measured[] = [];
  const open: string[] = [];
  for (const [key, part] of partsByKey(columns).entries()) {
    const result = stalenessOf(part, initial);
    if ("verdict" in result) open.push(`${columns.keys[key]}: ${result.reason}`);
    else measured.push({ part, result, tooOld: tooOldOf(result, withinMs, versions) });
  }
  const facts = factsOf(measured, open.length);
  const found = measured.reduce((sum, { tooOld }) => sum + tooOld.length, 0);
  const faults = faultSpans(recording.others);
  const anomalies = shownOf(measured.map(worst)).map((stale) =>
    explain(recording, stale, check, faults),
  );
  const all = textOf(facts);
  const bounded = withinMs !== undefined || versions !== undefined;
  const base = { check, anomalies, facts };
  if (found > 0) {
    const reason = `${all}; ${counted(found, "read")} older than ${boundText(check)}`;
    return { ...base, verdict: "invalid", reason, found: { "stale-read": found } };
  }
  const strays = measured.reduce((sum, { result }) => sum + result.strays, 0);
  if (strays > 0) open.push(`${counted(strays, "read")} of values that no write can have supplied`);
  if (open.length > 0)
    return {
      ...base,
      verdict: "unknown",
      reason: `${all}; not measured: ${open.slice(0, 5).join("; ")}`,
      found: {},
    };
  const reason = bounded
    ? `${all}: none older than ${boundText(check)}`
    : `${all}; no bound was asked for`;
  return { ...base, verdict: "valid", reason, found: {} };
}

function boundText({ options: { withinMs, versions } }: StalenessSpec): string {
  return [
    ...(withinMs === undefined ? [] : [`${withinMs} ms`]),
    ...(versions === undefined ? [] : [counted(versions, "version")]),
  ].join(" or ");
}

function tooOldOf(
  { ms, behind }: Staleness,
  withinMs = Number.POSITIVE_INFINITY,
  versions = Number.POSITIVE_INFINITY,
): number[] {
  const places: number[] = [];
  for (let at = 0; at < ms.length; at++)
    if ((ms[at] as number) > withinMs || (behind[at] as number) > versions) places.push(at);
  return places.sort((a, b) => (ms[b] as number) - (ms[a] as number) || a - b);
}

interface Stale {
  readonly part: Part;
  readonly row: number;
  readonly ms: number;
  readonly behind: number;
}

function worst({ part, result, tooOld }: Measured): Stale[] {
  return tooOld.slice(0, 5).map((at) => ({
    part,
    row: result.reads[at] as number,
    ms: result.ms[at] as number,
    behind: result.behind[at] as number,
  }));
}

function explain(
  recording: Recording,
  stale: Stale,
  check: StalenessSpec,
  faults: readonly FaultSpan[],
): Anomaly {
  return explainStale(recording, stale, boundText(check), faults);
}

function factsOf(measured: readonly Measured[], unmeasured: number) {
  const all = measured.map(({ result }) => result);
  const sum = (of: (result: Staleness) => number): number =>
    all.reduce((total, result) => total + of(result), 0);
  const most = (of: (result: Staleness) => number): number =>
    all.reduce((top, result) => Math.max(top, of(result)), 0);
  const ms = new Float64Array(sum(({ ms }) => ms.length));
  let at = 0;
  for (const result of all) {
    ms.set(result.ms, at);
    at += result.ms.length;
  }
  ms.sort();
  const share = (part: number): number => ms[Math.ceil(part * ms.length) - 1] ?? 0;
  return {
    reads: ms.length,
    stale: sum(({ stale }) => stale),
    p50Ms: share(0.5),
    p99Ms: share(0.99),
    maxMs: share(1),
    maxVersionsBehind: most(({ maxBehind }) => maxBehind),
    deltaMs: most(({ deltaMs }) => deltaMs),
    strays: sum(({ strays }) => strays),
    keys: measured.length,
    keysNotMeasured: unmeasured,
  };
}

function textOf({ reads, stale, p50Ms, p99Ms, maxMs }: ReturnType<typeof factsOf>): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `${counted(reads, "answered read")}, ${stale} stale (p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, at most ${ms(maxMs)})`;
}
