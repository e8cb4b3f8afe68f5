/**
 * Why a register history is not of a level: operations each of which must come before the next, in a circle. What is
 * neither session order nor a read after its write is a lemma of its own, with the way by which it follows.
 */
import type { Derived } from "./order-graph.ts";
import type { Step, Ways } from "./path.ts";
import type { Sessions } from "./sessions.ts";

export interface Lemma {
  readonly derived: Derived;
  /**
   * What it follows from, see `Derived`: for `before` a way from the write to the read, for `after` a way from the
   * write that was read to the other write, for `initial` nothing.
   */
  readonly way: readonly Step[];
}

export interface Proof {
  /** Each uses only those before it. */
  readonly lemmas: readonly Lemma[];
  readonly cycle: readonly Step[];
}

/** Nodes looked at to find the ways of all lemmas, at most. */
const LOOKED_AT = 1e9;

/**
 * @returns `undefined` when the proof is too long to be written down.
 * @throws Error when an order was derived from what is not there: our bug.
 */
export function proofOf(
  { source, count }: Sessions,
  ways: Ways,
  cycle: readonly Step[],
): Proof | undefined {
  const lemmas = new Map<Derived, Lemma>();
  const need = (steps: readonly Step[]): void => {
    for (const { why } of steps)
      if (typeof why === "object" && !lemmas.has(why)) lemmas.set(why, { derived: why, way: [] });
  };
  need(cycle);
  for (const derived of lemmas.keys()) {
    const { rule, from, to, via, round } = derived;
    if (rule === "initial") continue;
    const way =
      rule === "before" ? ways.find(from, via, round) : ways.find(source[via] as number, to, round);
    if (way === undefined) throw new Error("an order was derived from a way that there is not");
    lemmas.set(derived, { derived, way });
    need(way);
    if (lemmas.size * count > LOOKED_AT) return undefined;
  }
  const ordered = [...lemmas.values()].sort((a, b) => a.derived.round - b.derived.round);
  return { lemmas: ordered, cycle };
}
