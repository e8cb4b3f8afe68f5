/** One kind of check: its name and options as data, what it can find, and how it judges what was recorded. */
import type { AnomalyName, CheckResult, CheckSpec } from "../proto/verdict.ts";
import type { Recording } from "./history/recording.ts";

export interface CheckKind<Spec extends CheckSpec = CheckSpec> {
  readonly name: Spec["name"];
  /** No other check can find these. */
  readonly finds: readonly AnomalyName[];
  /** From data that somebody else wrote. @throws InvalidCheckError naming the option that does not exist or fit */
  validate(spec: CheckSpec): Spec;
  /** Pure. What it throws is our bug, and becomes `unknown`. */
  judge(recording: Recording, spec: Spec): CheckResult;
}

/** A check that does not exist, or an option that it does not have. */
export class InvalidCheckError extends Error {
  override readonly name = "InvalidCheckError";
}
