/**
 * Judges a history by the checks that a scenario names. A pure function: the same history and
 * checks give the same verdict, whoever asks and whenever. What goes wrong in here is `unknown`,
 * never green.
 */
import type { History } from "../proto/history.ts";
import { MalformedHistoryError, type Operation, operationsOf } from "../proto/operation.ts";
import {
  type CheckResult,
  type CheckSpec,
  merge,
  VERDICT_SCHEMA,
  type Verdict,
} from "../proto/verdict.ts";
import { assumptionsOf } from "./assumptions.ts";
import { judgeLinearizability } from "./linearizability/judge.ts";
import { judgeLostWrites } from "./lost-write.ts";
import { type KnownCheck, validateCheck } from "./spec.ts";
import { judgeSplitBrain } from "./split-brain.ts";

/**
 * @returns the worst of the checks' verdicts, with each check's own. A malformed history is
 * `unknown`, with the assumption `well-formed` failed.
 * @throws InvalidCheckError when a check or one of its options does not exist.
 */
export function check(history: History, specs: readonly CheckSpec[]): Verdict {
  const checks = specs.map(validateCheck);
  let operations: Operation[];
  try {
    requireDenseIndices(history);
    operations = operationsOf(history);
  } catch (error) {
    if (error instanceof MalformedHistoryError) return malformed(error, checks);
    throw error;
  }
  const results = checks.map((known) => guarded(known, () => judge(history, operations, known)));
  return {
    schema: VERDICT_SCHEMA,
    verdict: merge(results.map(({ verdict }) => verdict)),
    assumptions: assumptionsOf(history, operations),
    checks: results,
  };
}

/** Indices order the operations, so they must be what they claim to be. */
function requireDenseIndices({ events }: History): void {
  for (const [i, { index }] of events.entries())
    if (index !== i) throw new MalformedHistoryError(index, `stands where ${i} was expected`);
}

function malformed(error: MalformedHistoryError, checks: readonly KnownCheck[]): Verdict {
  const reason = `not judged: the history is malformed (${error.message})`;
  return {
    schema: VERDICT_SCHEMA,
    verdict: "unknown",
    assumptions: [{ name: "well-formed", holds: false, detail: error.message }],
    checks: checks.map((known) => unknown(known, reason)),
  };
}

function unknown(known: KnownCheck, reason: string): CheckResult {
  return { check: known, verdict: "unknown", reason, anomalies: [], found: {}, facts: {} };
}

/** The result of `run`; when it throws, that is our bug, and says nothing of the history. */
export function guarded(known: KnownCheck, run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch (error) {
    return unknown(
      known,
      `the checker crashed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function judge(history: History, operations: readonly Operation[], known: KnownCheck): CheckResult {
  switch (known.name) {
    case "linearizable":
      return judgeLinearizability(history, operations, known);
    case "lost-writes":
      return judgeLostWrites(history, operations, known);
    case "split-brain":
      return judgeSplitBrain(history, operations, known);
  }
}
