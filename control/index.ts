/** `testbed`: what a scenario file is written with. */
export type { Duration, PartsPerMillion, Rate } from "./duration.ts";
export type { TargetedFault, TimelineEntry } from "./faults/fault.ts";
export type {
  NodeReference,
  NodeSpec,
  RegistersOptions,
  Scenario,
  ScenarioBody,
} from "./scenario.ts";
export {
  at,
  defineScenario,
  drift,
  during,
  every,
  kill,
  node,
  pause,
  registers,
  skew,
  step,
} from "./scenario.ts";
