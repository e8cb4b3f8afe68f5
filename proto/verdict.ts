/**
 * What a checker says of a history, and what a run makes of it.
 *
 * Three verdicts: `invalid` outranks `unknown` outranks `valid`. A spent budget or a crashed checker is `unknown`,
 * never green. An anomaly is a name, a smallest witness and a "because": a verdict nobody understands changes nothing.
 */
import type { Json } from "./json.ts";

export const VERDICT_SCHEMA = 1;

export type Validity = "valid" | "invalid" | "unknown";

/** Worst first. */
const RANK: Record<Validity, number> = { invalid: 2, unknown: 1, valid: 0 };

/** The verdict of several checks together: the worst of them; of none at all, `unknown`. */
export function merge(verdicts: readonly Validity[]): Validity {
  return verdicts.reduce<Validity>(
    (worst, next) => (RANK[next] > RANK[worst] ? next : worst),
    verdicts.length === 0 ? "unknown" : "valid",
  );
}

/** Every name that a check of ours can give. A scenario's expectation is made of these and nothing else. */
export const ANOMALIES = [
  "lost-write",
  "monotonic-reads",
  "monotonic-writes",
  "non-causal",
  "non-linearizable",
  "non-regular",
  "non-safe",
  "non-sequential",
  "read-your-writes",
  "split-brain",
  "stale-read",
  "writes-follow-reads",
] as const;
export type AnomalyName = (typeof ANOMALIES)[number];

/**
 * How sure: `proven` follows from what clients saw and true time alone; `strong` needs the nodes' notes to be
 * truthful; `note` is legal but worth knowing and never makes a run invalid.
 */
export type Grade = "proven" | "strong" | "note";

/** A difference between two nodes' clocks, in nanoseconds, as an interval that surely contains it. */
export interface SkewBound {
  readonly ahead: string;
  readonly behind: string;
  readonly atLeastNs: number;
  readonly atMostNs: number;
}

export interface Cause {
  /** `clock`: the clocks of two nodes differed; `logical`: a logical clock had not heard; `tie`; `pause`; `unknown`. */
  readonly kind: "clock" | "logical" | "tie" | "pause" | "crash" | "unknown";
  readonly text: string;
  readonly skew?: SkewBound;
}

export interface Anomaly {
  readonly name: AnomalyName;
  readonly grade: Grade;
  /** The finer class within the name: `stale read`, `new-old inversion`, `E4`, ... */
  readonly class: string;
  readonly key?: string;
  /** One sentence that stands alone. */
  readonly summary: string;
  /** The smallest witness: indices of the invocations in the history, in the order of the argument. */
  readonly operations: readonly number[];
  /** Indices of notes of nodes that the argument rests on. */
  readonly notes: readonly number[];
  /** The argument, one step a line, ending in the contradiction. */
  readonly because: readonly string[];
  readonly cause?: Cause;
  readonly nodes: readonly string[];
}

/** A check as data: it goes into plan.json, so that `check <run>` and a worker can repeat it. */
export interface CheckSpec {
  readonly name: string;
  readonly options: { readonly [option: string]: Json };
}

export interface CheckResult {
  readonly check: CheckSpec;
  readonly verdict: Validity;
  /** Why `unknown`, or what exactly was shown when `valid`. */
  readonly reason: string;
  /** The anomalies shown in full, worst first; `found` counts all there were. */
  readonly anomalies: readonly Anomaly[];
  readonly found: Readonly<Partial<Record<AnomalyName, number>>>;
  readonly facts: { readonly [fact: string]: Json };
}

/** Checks in the order in which a person wants to hear of them: failed ones first, those that name a cause before all. */
export function mostTelling(checks: readonly CheckResult[]): readonly CheckResult[] {
  const weight = ({ verdict, anomalies }: CheckResult): number => {
    const cause = anomalies[0]?.cause;
    if (verdict !== "invalid") return 0;
    return cause === undefined ? 1 : cause.kind === "unknown" ? 2 : 3;
  };
  return [...checks].sort((a, b) => weight(b) - weight(a));
}

/** Something that must hold before a verdict means anything: a green tick over nothing is the worst lie. */
export interface Assumption {
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
}

export interface Verdict {
  readonly schema: typeof VERDICT_SCHEMA;
  readonly verdict: Validity;
  readonly assumptions: readonly Assumption[];
  readonly checks: readonly CheckResult[];
}

/** What a scenario declares. Every name in `invalid` must be found; a found name in neither list is unexpected. */
export type Expectation =
  | "valid"
  | { readonly invalid: readonly AnomalyName[]; readonly also?: readonly AnomalyName[] };

export type OutcomeKind = "expected" | "unexpected" | "inconclusive";

/** Verdict against expectation. `sentence` is what the command line prints. */
export interface Outcome {
  readonly outcome: OutcomeKind;
  readonly sentence: string;
  /** For `inconclusive`: which assumption failed or what was too little. */
  readonly reasons: readonly string[];
}

/** The content of verdict.json: the checker's verdict, the scenario's expectation, and how they compare. */
export interface Judgement extends Outcome {
  readonly scenario: string;
  readonly seed: number;
  readonly calm: boolean;
  readonly expectation: Expectation;
  readonly verdict: Verdict;
}
