/** The public door of the checker ("testbed/checker"): history and checks in, verdict out. */
export { check } from "./check.ts";
export { InvalidCheckError } from "./check-kind.ts";
export type { ModelSpec } from "./models/model.ts";
export { type RegisterSpec, register } from "./models/register.ts";
export {
  finds,
  type KnownCheck,
  type LinearizableSpec,
  type LostWritesSpec,
  linearizable,
  lostWrites,
  type SplitBrainSpec,
  splitBrain,
  validateCheck,
} from "./spec.ts";
