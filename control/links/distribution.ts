/** How long a link delays: a distribution, and jitter on top of it. All draws are seeded. */
import type { Random } from "../random.ts";

/** Milliseconds. */
export type Distribution =
  | { readonly shape: "constant"; readonly ms: number }
  | { readonly shape: "uniform"; readonly fromMs: number; readonly toMs: number }
  /** What it draws below zero counts as zero. */
  | { readonly shape: "normal"; readonly meanMs: number; readonly deviationMs: number }
  | { readonly shape: "exponential"; readonly meanMs: number }
  /** Heavy-tailed: never less than `atLeastMs`; the smaller `tail` the longer (mean infinite up to 1). */
  | { readonly shape: "pareto"; readonly atLeastMs: number; readonly tail: number };

/** No draw is longer, whatever its tail: a timer must end, and no run is. */
export const LONGEST_DELAY_MS = 600_000;

/** One delay in milliseconds, from 0 to LONGEST_DELAY_MS. `jitterMs` moves it evenly by up to that much either way. */
export function sample(distribution: Distribution, jitterMs: number, random: Random): number {
  const ms = plain(distribution, random) + jitterMs * (2 * random.fraction() - 1);
  return Math.min(Math.max(ms, 0), LONGEST_DELAY_MS);
}

function plain(distribution: Distribution, random: Random): number {
  switch (distribution.shape) {
    case "constant":
      return distribution.ms;
    case "uniform":
      return distribution.fromMs + (distribution.toMs - distribution.fromMs) * random.fraction();
    case "normal":
      return distribution.meanMs + distribution.deviationMs * standardNormal(random);
    case "exponential":
      return -distribution.meanMs * Math.log(positive(random));
    case "pareto":
      return distribution.atLeastMs / positive(random) ** (1 / distribution.tail);
  }
}

/** Box and Muller, "A note on the generation of random normal deviates" (1958); one of the two it gives. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(positive(random))) * Math.cos(2 * Math.PI * random.fraction());
}

/** In (0, 1]: logarithms and divisions need that. */
function positive(random: Random): number {
  return 1 - random.fraction();
}
