/**
 * Which constraints of real time a violation rests on: as few as leave the operations without a legal order, each the
 * plain fact that one operation was over before another began.
 */
import type { Core } from "./core.ts";
import { hasOrder, type Relation, realTime } from "./order-search.ts";

export interface Constraint {
  readonly before: number;
  readonly after: number;
}

export interface Constraints {
  /** Transitive, and enough for the contradiction. */
  readonly relation: Relation;
  /** Those that the others do not imply, in the order of time. */
  readonly needed: readonly Constraint[];
}

/**
 * Drops constraints one by one while the rest still allows no order. What the rest implies stays, so that what is
 * listed in the end is a transitive reduction.
 */
export function constraintsOf(core: Core): Constraints {
  const count = core.steps.length;
  const relation = starOf(core) ?? realTime(core.steps);
  const kept = new Set<number>();
  for (let dropped = true; dropped; ) {
    dropped = false;
    for (const { before, after } of coversOf(relation, count)) {
      const at = before * count + after;
      if (kept.has(at)) continue;
      // Half thinned out is worse than not at all.
      if (core.meter.left < 0) return plainly(core);
      relation[at] = 0;
      if (isEnough(core, relation)) dropped = true;
      else {
        relation[at] = 1;
        kept.add(at);
      }
    }
  }
  return { relation, needed: coversOf(relation, count) };
}

function plainly({ steps }: Core): Constraints {
  const relation = realTime(steps);
  return { relation, needed: coversOf(relation, steps.length) };
}

function isEnough({ steps, model, starts, meter }: Core, before: Relation): boolean {
  return hasOrder(steps, model, starts, meter, { before }) === false;
}

/** Often all that matters is what came before one operation, a read that miscounts: then the rest is never looked at. */
function starOf(core: Core): Relation | undefined {
  const { steps } = core;
  const count = steps.length;
  const whole = realTime(steps);
  for (let after = count - 1; after >= 0; after--) {
    const star = whole.map((one, at) => (at % count === after ? one : 0));
    if (star.includes(1) && isEnough(core, star)) return star;
  }
  return undefined;
}

/** The pairs with nothing in between. */
function coversOf(relation: Relation, count: number): Constraint[] {
  const must = (i: number, j: number): boolean => relation[i * count + j] === 1;
  const all = [...Array(count).keys()];
  return all.flatMap((after) =>
    all
      .filter((before) => must(before, after))
      .filter((before) => !all.some((k) => must(before, k) && must(k, after)))
      .map((before) => ({ before, after })),
  );
}
