/** From a model as data to the model: the one place that knows which models there are. */
import type { Model, ModelSpec } from "./model.ts";
import { registerModel } from "./register.ts";

export const MODELS: readonly ModelSpec["name"][] = ["register"];

export function modelOf(spec: ModelSpec): Model {
  return registerModel(spec);
}
