/**
 * The verdict of `check`, with what has to be searched spread over worker threads: many keys side by side, a hard one
 * in two ways at once. What is decided in linear time stays where it is, and so does a model of the user's own, whose
 * code cannot travel.
 */
import { availableParallelism } from "node:os";
import type { CheckResult, CheckSpec, Verdict } from "../../proto/verdict.ts";
import { check, guarded, verdictOf } from "../check.ts";
import type { Recording } from "../history/recording.ts";
import { partsOf, resultOf } from "../linearizability/judge.ts";
import { isLinearizable, type LinearizableSpec } from "../linearizability/linearizable.ts";
import {
  definite,
  isRouted,
  type Passed,
  type Routed,
  routeFast,
  routeSearch,
} from "../linearizability/router.ts";
import { objectOf } from "../models/catalogue.ts";
import { kindOf, validateCheck } from "../spec.ts";
import { jobOf } from "./job.ts";
import { Pool } from "./pool.ts";

/** Fewer operations are searched sooner than a thread has started. */
const WORTH_A_THREAD = 20_000;

export interface ParallelOptions {
  /** How many threads at most; by default as many as there are processors, and at most 8. */
  readonly threads?: number;
}

/** As `check`. @throws InvalidCheckError */
export async function checkInParallel(
  recording: Recording,
  specs: readonly CheckSpec[],
  { threads = Math.min(8, availableParallelism()) }: ParallelOptions = {},
): Promise<Verdict> {
  const checks = specs.map(validateCheck);
  if (threads < 2 || !checks.some(isLinearizable)) return check(recording, checks);
  const pool = new Pool(threads);
  try {
    const results: CheckResult[] = [];
    for (const spec of checks)
      results.push(
        isLinearizable(spec)
          ? await linearizability(recording, spec, pool)
          : guarded(spec, () => kindOf(spec).judge(recording, spec)),
      );
    return verdictOf(recording, results);
  } finally {
    await pool.close();
  }
}

async function linearizability(
  recording: Recording,
  spec: LinearizableSpec,
  pool: Pool,
): Promise<CheckResult> {
  const { model, budget } = spec.options;
  if (model.name === "custom") return guarded(spec, () => kindOf(spec).judge(recording, spec));
  const object = objectOf(model);
  const routed = partsOf(recording.columns, object).map((part) => routeFast(part, object));
  const searched = routed.filter((one) => !isRouted(one));
  const size = searched.reduce((sum, { part }) => sum + part.rows.length, 0);
  if (size < WORTH_A_THREAD)
    return guarded(spec, () =>
      resultOf(
        recording,
        spec,
        object,
        routed.map((one) => (isRouted(one) ? one : routeSearch(one, object, { steps: budget }))),
      ),
    );
  // The largest first: the last to be done should not be the longest.
  const jobs = new Map<Routed | Passed, Promise<Routed>>();
  for (const one of [...searched].sort((a, b) => b.part.rows.length - a.part.rows.length)) {
    const pieces = object.split?.(one.part) ?? [one.part];
    // What falls apart into small parts is searched at once.
    if (pieces.length > 1) {
      jobs.set(one, Promise.resolve(routeSearch(one, object, { steps: budget })));
      continue;
    }
    const job = jobOf(one.part, model, { steps: budget }, "portfolio");
    jobs.set(
      one,
      pool.decide(job).then((decision) => ({ ...one, decision: definite(decision) }), failed(one)),
    );
  }
  const all = await Promise.all(routed.map((one) => (isRouted(one) ? one : jobs.get(one))));
  return guarded(spec, () =>
    resultOf(
      recording,
      spec,
      object,
      all.filter((one) => one !== undefined),
    ),
  );
}

function failed(one: Passed): (error: Error) => Routed {
  return (error) => ({
    ...one,
    decision: {
      verdict: "unknown",
      route: "none",
      reason: `the search ended with an error: ${error.message}`,
    },
  });
}
