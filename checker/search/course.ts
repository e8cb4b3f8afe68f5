/** What breadth first is told, and what it answers. */
import type { Stretch } from "./anything.ts";
import type { Configuration } from "./configuration.ts";
import type { Multisets } from "./multisets.ts";
import type { Path } from "./path.ts";

export type FrontierResult = { readonly steps: number } & (
  | {
      readonly found: "order";
      /** To the first of the ends. */
      readonly path: Path;
      readonly ends: readonly End[];
    }
  /** No order exists, already for what had happened up to the response `layer`. */
  | { readonly found: "none"; readonly layer: number }
  | { readonly found: "budget"; readonly layer: number }
);

/** A configuration that is left at the end, and the way to it from the beginning. */
export interface End {
  readonly configuration: Configuration;
  path(): Path;
}

export interface FrontierLimits {
  /** Configurations expanded. */
  readonly steps: number;
  /** Configurations of one layer. */
  readonly breadth: number;
}

/** Where breadth first begins and ends, unless with the history. */
export interface Course {
  /** Not empty, in order, disjoint. */
  readonly stretches?: readonly Stretch[];
  /** Instead of stretches: from here up to a layer, which is not part of it. */
  readonly start?: Configuration;
  readonly to?: number;
  /** What the sets of the configurations are numbers of. */
  readonly sets?: Multisets;
  /** Groups of optional operations that are left alone. */
  readonly spared?: ReadonlySet<number>;
}
