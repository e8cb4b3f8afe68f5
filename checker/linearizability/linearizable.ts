/** The check `linearizable` as data, and its entry in the table of checks. */
import type { Json } from "../../proto/json.ts";
import type { CheckSpec } from "../../proto/verdict.ts";
import { type CheckKind, InvalidCheckError } from "../check-kind.ts";
import { validateModel } from "../models/catalogue.ts";
import { custom, type ModelSpec } from "../models/model-spec.ts";
import { allow } from "../options.ts";
import type { Model } from "../search/index.ts";
import { judgeLinearizability } from "./judge.ts";

export const DEFAULT_BUDGET = 2_000_000;

export type LinearizableSpec = {
  readonly name: "linearizable";
  readonly options: { readonly model: ModelSpec; readonly budget: number };
};

/**
 * Every operation seems to take effect at one moment between its invocation and its completion. `model`: one of ours
 * (`register()`, `queue()`, ...) or of your own. `budget` bounds the search for an order, in steps for each key, that
 * is needed where no exact procedure applies; when it is spent the verdict is `unknown`.
 */
export function linearizable<State>(
  model: ModelSpec | Model<State>,
  options: { readonly budget?: number } = {},
): LinearizableSpec {
  if (typeof model !== "object" || model === null)
    throw new InvalidCheckError("linearizable needs a model, such as register() or queue()");
  const spec = "step" in model ? custom(model) : model;
  // What is unknown is kept, to be refused by name: scenario files are run without being type-checked.
  return { name: "linearizable", options: { model: spec, budget: DEFAULT_BUDGET, ...options } };
}

export const LINEARIZABLE: CheckKind<LinearizableSpec> = {
  name: "linearizable",
  finds: ["non-linearizable"],
  validate: (spec) => {
    allow(spec, ["model", "budget"]);
    const model = validateModel(spec.options["model"], "the check linearizable");
    return linearizable(model, { budget: validBudget(spec.options["budget"]) });
  },
  judge: judgeLinearizability,
};

function validBudget(budget: Json = DEFAULT_BUDGET): number {
  if (typeof budget === "number" && Number.isSafeInteger(budget) && budget >= 0) return budget;
  throw new InvalidCheckError(
    `the option budget of linearizable must be a whole number of steps, not ${JSON.stringify(budget)}`,
  );
}

/** Whether the spec is one of these. */
export function isLinearizable(spec: CheckSpec): spec is LinearizableSpec {
  return spec.name === "linearizable";
}
