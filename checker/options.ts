/** Options of checks that somebody else wrote. */
import type { CheckSpec } from "../proto/verdict.ts";
import { InvalidCheckError } from "./check-kind.ts";

/** @throws InvalidCheckError naming an option that is none of these. */
export function allow(spec: CheckSpec, options: readonly string[]): void {
  const unknown = Object.keys(spec.options).find((option) => !options.includes(option));
  if (unknown === undefined) return;
  const known = options.length === 0 ? "it has none" : `it has ${options.join(" and ")}`;
  throw new InvalidCheckError(
    `the check ${spec.name} has no option ${JSON.stringify(unknown)}; ${known}`,
  );
}
