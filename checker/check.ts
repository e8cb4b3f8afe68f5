/**
 * Judges a history by the checks that a scenario names. A pure function: the same history and checks give the same
 * verdict, whoever asks and whenever. What goes wrong in here is `unknown`, never green.
 */
import { HistoryFormatError } from "../proto/history-codec.ts";
import { MalformedHistoryError } from "../proto/operation.ts";
import {
  type CheckResult,
  type CheckSpec,
  merge,
  VERDICT_SCHEMA,
  type Verdict,
} from "../proto/verdict.ts";
import { assumptionsOf } from "./assumptions.ts";
import type { Recording } from "./history/recording.ts";
import { type HistoryLike, recordingFrom } from "./history-like.ts";
import { kindOf, validateCheck } from "./spec.ts";

/**
 * @returns the worst of the checks' verdicts, with each check's own. A malformed history is `unknown`, with the
 * assumption `well-formed` failed.
 * @throws InvalidCheckError when a check or one of its options does not exist.
 */
export function check(history: HistoryLike, specs: CheckSpec | readonly CheckSpec[]): Verdict {
  const checks = [specs].flat().map(validateCheck);
  let recording: Recording;
  try {
    recording = recordingFrom(history);
  } catch (error) {
    if (error instanceof MalformedHistoryError || error instanceof HistoryFormatError)
      return malformed(error, checks);
    throw error;
  }
  return verdictOf(
    recording,
    checks.map((spec) => guarded(spec, () => kindOf(spec).judge(recording, spec))),
  );
}

/** The results of all checks as one verdict. */
export function verdictOf(recording: Recording, results: readonly CheckResult[]): Verdict {
  const { incomplete } = recording;
  const believed =
    incomplete === undefined ? results : results.map((result) => unproven(result, incomplete));
  return {
    schema: VERDICT_SCHEMA,
    verdict: merge(believed.map(({ verdict }) => verdict)),
    assumptions: assumptionsOf(recording),
    checks: believed,
  };
}

/** What was left out of a damaged file may explain what looks like a violation in the rest. */
function unproven(result: CheckResult, why: string): CheckResult {
  if (result.verdict !== "invalid") return result;
  const seen = result.anomalies[0]?.summary ?? result.reason;
  return unknown(result.check, `${why}; in what is left: ${seen}`);
}

/** The verdict on a history that cannot be judged. */
export function malformed(error: Error, checks: readonly CheckSpec[]): Verdict {
  const reason = `not judged: the history is malformed (${error.message})`;
  return {
    schema: VERDICT_SCHEMA,
    verdict: "unknown",
    assumptions: [{ name: "well-formed", holds: false, detail: error.message }],
    checks: checks.map((spec) => unknown(spec, reason)),
  };
}

function unknown(check: CheckSpec, reason: string): CheckResult {
  return { check, verdict: "unknown", reason, anomalies: [], found: {}, facts: {} };
}

/** The result of `run`; when it throws, that is our bug, and says nothing of the history. */
export function guarded(check: CheckSpec, run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch (error) {
    return unknown(
      check,
      `the checker crashed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
