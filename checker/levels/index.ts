/** Weaker consistency levels than linearizability, judged on the same history; each is a check of its own. */
import type { CheckKind } from "../check-kind.ts";
import { CAUSAL } from "./causal.ts";
import { REGULAR, SAFE } from "./regular.ts";
import { SEQUENTIAL } from "./sequential.ts";
import { SESSION_GUARANTEES } from "./session-guarantees.ts";
import { STALENESS } from "./staleness.ts";

export { type CausalSpec, causal } from "./causal.ts";
export type { CausalLevel } from "./causal-patterns.ts";
export { type RegularSpec, regular, type SafeSpec, safe } from "./regular.ts";
export { judgeSequential, type SequentialSpec, sequential } from "./sequential.ts";
export { type SessionGuaranteesSpec, sessionGuarantees } from "./session-guarantees.ts";
export type { Guarantee } from "./session-violations.ts";
export { type StalenessSpec, staleness } from "./staleness.ts";
export type { Evidence } from "./version-order.ts";

export const LEVELS: readonly CheckKind[] = [
  SEQUENTIAL,
  CAUSAL,
  SESSION_GUARANTEES,
  REGULAR,
  SAFE,
  STALENESS,
];
