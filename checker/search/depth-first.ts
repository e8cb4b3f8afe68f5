/** What depth first is told, and what it answers. */
import type { Configuration } from "./configuration.ts";
import type { Path } from "./path.ts";

export type DepthFirstResult =
  | { readonly found: "order"; readonly path: Path }
  /** Nothing gets past the response `depth`. */
  | { readonly found: "none" }
  /** It has not got deeper for long: perhaps there is no way. */
  | { readonly found: "stall" }
  /** All that is left is tried, but on the way something was forgotten. */
  | { readonly found: "lost" }
  | { readonly found: "budget"; readonly reason: string };

/** A configuration on the way to the greatest depth; `entry` is -1 where the memo has forgotten it. */
export interface Place {
  readonly configuration: Configuration;
  readonly entry: number;
}

export interface DepthFirstLimits {
  /** Configurations expanded, in all runs together. */
  readonly steps: number;
  /** Configurations remembered. */
  readonly remembered: number;
  /** Configurations expanded without getting deeper. */
  readonly stall: number;
}
