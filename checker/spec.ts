/**
 * Checks as data: what a scenario names, what plan.json keeps, and what `check` runs. Whoever reads a plan back
 * validates it here, so that a misspelt check can never pass for one that found nothing.
 */
import type { AnomalyName, CheckSpec } from "../proto/verdict.ts";
import { type CheckKind, InvalidCheckError } from "./check-kind.ts";
import { LEVELS } from "./levels/index.ts";
import { LINEARIZABLE } from "./linearizability/linearizable.ts";
import { LOST_WRITES } from "./lost-write.ts";
import { SPLIT_BRAIN } from "./split-brain.ts";

const KINDS: readonly CheckKind[] = [LINEARIZABLE, LOST_WRITES, SPLIT_BRAIN, ...LEVELS];

/** The names of all checks. */
export const CHECKS: readonly string[] = KINDS.map(({ name }) => name);

/** @throws InvalidCheckError when there is no such check. */
export function kindOf({ name }: CheckSpec): CheckKind {
  const kind = KINDS.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  const [last, ...others] = [...CHECKS].reverse();
  throw new InvalidCheckError(
    `there is no check ${JSON.stringify(name)}; there are ${others.reverse().join(", ")} and ${last}`,
  );
}

/** The names of what a check finds: no other check can find them. */
export function finds(spec: CheckSpec): readonly AnomalyName[] {
  return kindOf(spec).finds;
}

/** @throws InvalidCheckError naming the unknown check or option. */
export function validateCheck(spec: CheckSpec): CheckSpec {
  return kindOf(spec).validate(spec);
}
