/** The values of the levels' options, as somebody else wrote them: what does not fit is refused by name. */
import type { Json } from "../../proto/json.ts";
import type { CheckSpec } from "../../proto/verdict.ts";
import { InvalidCheckError } from "../check-kind.ts";

/** The option's value, `otherwise` where it is not there. */
export function optionOf(spec: CheckSpec, option: string, otherwise: Json): Json {
  const value = Object.hasOwn(spec.options, option) ? spec.options[option] : undefined;
  return value ?? otherwise;
}

/** @throws InvalidCheckError */
export function wholeOption(spec: CheckSpec, option: string, otherwise: number): number {
  const value = optionOf(spec, option, otherwise);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw refused(spec, option, "a whole number", value);
}

/** @throws InvalidCheckError */
export function nameOption<Name extends string>(
  spec: CheckSpec,
  option: string,
  names: readonly Name[],
  otherwise: Name,
): Name {
  const value = optionOf(spec, option, otherwise);
  const name = names.find((one) => one === value);
  if (name !== undefined) return name;
  throw refused(spec, option, `one of ${names.join(", ")}`, value);
}

export function refused(
  spec: CheckSpec,
  option: string,
  what: string,
  value: Json,
): InvalidCheckError {
  return new InvalidCheckError(
    `the option ${option} of ${spec.name} must be ${what}, not ${JSON.stringify(value)}`,
  );
}
