/**
 * The reductions of the search. Each loses nothing, and each can be switched off, so that tests
 * can ask whether the others need it.
 */
export interface Rules {
  /**
   * A pure operation that is legal now is done at once: it must happen some time and changes
   * nothing.
   */
  readonly eagerPure: boolean;
  /** Of equal optional operations only their number counts, and pure ones are left out. */
  readonly optionalCounts: boolean;
  /**
   * When a blind operation happens, the other open blind ones may have happened just before it,
   * unseen: they become optional.
   */
  readonly hideBlind: boolean;
  /** A configuration that can do all that another one can makes the other one superfluous. */
  readonly dominance: boolean;
  /** Of equal open operations, the one that responds first happens first. */
  readonly earliestTwin: boolean;
}

export const ALL_RULES: Rules = {
  eagerPure: true,
  optionalCounts: true,
  hideBlind: true,
  dominance: true,
  earliestTwin: true,
};

/**
 * Dominance within one word of slots, at equal states: has the configuration `a` (slots used, and
 * slots that may vanish) done every pure operation that `b` has, spent no blind one that `b` still
 * has, and may it drop what `b` has spent and all that `b` may drop? The rest must be equal.
 */
export function dominates(
  usedA: number,
  hideA: number,
  usedB: number,
  hideB: number,
  open: number,
  pure: number,
  blind: number,
): boolean {
  const lacks = usedB & ~usedA;
  return (
    ((lacks & pure) |
      (usedA & ~usedB & blind) |
      (lacks & blind & ~hideA) |
      ((usedA ^ usedB) & open & ~pure & ~blind) |
      (hideB & ~hideA & blind & ~usedA & ~usedB)) ===
    0
  );
}
