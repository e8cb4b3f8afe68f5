/**
 * Checks as data: what a scenario names, what plan.json keeps, and what `check` runs. Whoever reads
 * a plan back validates it here, so that a misspelt check can never pass for one that found
 * nothing.
 */
import type { Json } from "../proto/json.ts";
import type { AnomalyName, CheckSpec } from "../proto/verdict.ts";
import { InvalidCheckError } from "./check-kind.ts";
import { MODELS } from "./models/catalogue.ts";
import type { ModelSpec } from "./models/model.ts";

export const DEFAULT_BUDGET = 2_000_000;

export type LinearizableSpec = {
  readonly name: "linearizable";
  readonly options: { readonly model: ModelSpec; readonly budget: number };
};
export type LostWritesSpec = {
  readonly name: "lost-writes";
  readonly options: Record<string, never>;
};
export type SplitBrainSpec = {
  readonly name: "split-brain";
  readonly options: Record<string, never>;
};
export type KnownCheck = LinearizableSpec | LostWritesSpec | SplitBrainSpec;

/**
 * Every operation seems to take effect at one moment between its invocation and its completion.
 * `budget` bounds the search for an order (in steps, all keys together) that is needed where a
 * value is written more than once; when it is spent the verdict is `unknown`.
 */
export function linearizable(
  model: ModelSpec,
  options: { readonly budget?: number } = {},
): LinearizableSpec {
  // What is unknown is kept, to be refused by name: scenario files are run without being type-checked.
  return { name: "linearizable", options: { model, budget: DEFAULT_BUDGET, ...options } };
}

/** No acknowledged write is undone in favour of one that certainly came before it. */
export function lostWrites(): LostWritesSpec {
  return { name: "lost-writes", options: {} };
}

/** No two leaders of one epoch, and no old leader that goes on after a newer one was at work. */
export function splitBrain(): SplitBrainSpec {
  return { name: "split-brain", options: {} };
}

const FINDS: Readonly<Record<KnownCheck["name"], AnomalyName>> = {
  linearizable: "non-linearizable",
  "lost-writes": "lost-write",
  "split-brain": "split-brain",
};

/** The name of what a check finds: no other check can find it. */
export function finds(spec: KnownCheck): AnomalyName {
  return FINDS[spec.name];
}

/** @throws InvalidCheckError naming the unknown check or option. */
export function validateCheck(spec: CheckSpec): KnownCheck {
  switch (spec.name) {
    case "linearizable":
      return linearizable(validModel(spec), { budget: validBudget(spec) });
    case "lost-writes":
      allow(spec, []);
      return lostWrites();
    case "split-brain":
      allow(spec, []);
      return splitBrain();
    default:
      throw new InvalidCheckError(
        `there is no check ${JSON.stringify(spec.name)}; there are linearizable, lost-writes and split-brain`,
      );
  }
}

function allow(spec: CheckSpec, options: readonly string[]): void {
  const unknown = Object.keys(spec.options).find((option) => !options.includes(option));
  if (unknown === undefined) return;
  const known = options.length === 0 ? "it has none" : `it has ${options.join(" and ")}`;
  throw new InvalidCheckError(
    `the check ${spec.name} has no option ${JSON.stringify(unknown)}; ${known}`,
  );
}

function validModel(spec: CheckSpec): ModelSpec {
  allow(spec, ["model", "budget"]);
  const model = spec.options["model"];
  const name = isRecord(model) ? model["name"] : undefined;
  if (!isRecord(model) || name !== "register")
    throw new InvalidCheckError(
      `the check linearizable needs the option model, one of ${MODELS.join(", ")}; it has ${JSON.stringify(name ?? model)}`,
    );
  const unknown = Object.keys(model).find((option) => option !== "name" && option !== "initial");
  if (unknown !== undefined)
    throw new InvalidCheckError(
      `the model register has no option ${JSON.stringify(unknown)}; it has initial`,
    );
  return { name, initial: model["initial"] ?? null };
}

function validBudget(spec: CheckSpec): number {
  const budget = spec.options["budget"] ?? DEFAULT_BUDGET;
  if (typeof budget === "number" && Number.isSafeInteger(budget) && budget >= 0) return budget;
  throw new InvalidCheckError(
    `the option budget of linearizable must be a whole number of steps, not ${JSON.stringify(budget)}`,
  );
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
