/**
 * Linearizability of a stack, where no value is pushed twice: exact, in the time of a sort and a segment tree.
 *
 * A value was surely there from `entered` to `leaving`. If there is an instant for its push and one for its pop at which
 * nothing else was surely there, it may lie at the bottom, around or beside all others, and can be set aside; then the
 * rest is judged alone (peeling: Abdulla et al., PLDI 2025, arXiv 2509.17795; Lee and Mathur, arXiv 2410.04581). If
 * nothing can be set aside, none of the values that are left can be the lowest of them. An empty answer needs an
 * instant at which nothing was surely there.
 *
 * A certificate may leave out values with all their operations, and empty answers.
 */
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { actsOf, at, inapplicable, invalid, ranked } from "./acts.ts";
import { type Container, containerOf } from "./container.ts";
import { type Items, itemsOf, rowsOf } from "./container-items.ts";
import { guessLost } from "./container-lost.ts";
import { orderStack } from "./stack-order.ts";
import { peel } from "./stack-peeling.ts";
import { smallCore } from "./stack-refute.ts";
import { coverOf, stretchesOf } from "./stretches.ts";

const STACK = "stack";

/** `push` (input v) and `pop` (output v, or `null` when it was empty). */
export function decideStack(part: Part): Decision {
  const acts = actsOf(part, ["push", "pop"], []);
  if (typeof acts === "string") return inapplicable(STACK, acts);
  const container = containerOf(ranked(acts), STACK, "pop");
  if (typeof container === "string") return inapplicable(STACK, container);
  if ("verdict" in container) return container;
  const { inserts, removes, lost } = container;
  const seeming = itemsOf(container.acts, inserts, removes, true);
  const decision = decideValues(container, seeming);
  if (lost.length === 0 || decision.verdict === "valid") return decision;
  // A pop that nobody heard of may have removed what seems to be still there; of the rest we are sure.
  const removed = decideValues(container, itemsOf(container.acts, inserts, removes, false));
  if (removed.verdict === "invalid" || !container.remaining) return removed;
  // A value waits for those that were pushed onto it.
  const waits = { waiting: seeming.entered, awaited: seeming.begun };
  const guess = guessLost(container, waits);
  if (guess !== undefined) {
    const guessed = decideValues(container, itemsOf(container.acts, inserts, guess, true));
    if (guessed.verdict === "valid") return guessed;
  }
  return inapplicable(STACK, "a pop of unknown outcome may have removed what is missing");
}

function decideValues({ acts, empties }: Container, unbounded: Items): Decision {
  const events = 2 * acts.count;
  const items = bounded(unbounded, events);
  const stretches = stretchesOf(items);
  const cuts = new Int32Array(empties.length);
  for (const [i, op] of empties.entries()) {
    cuts[i] = stretches.freeFrom(at(acts.begin, op));
    if (at(cuts, i) < at(acts.end, op)) continue;
    const cover = coverOf(items, at(acts.begin, op), at(acts.end, op));
    return invalid(STACK, "empty while not", [
      at(acts.row, op),
      ...cover.flatMap((item) => rowsOf(items, item)),
    ]);
  }
  const peeling = peel(items, events + 3);
  if (peeling.left.length > 0) {
    const core = smallCore(items, peeling);
    return invalid(
      STACK,
      "out of order",
      core.flatMap((item) => rowsOf(items, item)),
    );
  }
  const order = orderStack(items, peeling, Int32Array.from(empties), cuts, events + 3);
  return { verdict: "valid", route: STACK, order };
}

/** What stays is popped in a gap of its own, behind those in which a pop that was never answered can be. */
function bounded(items: Items, events: number): Items {
  return {
    ...items,
    leaving: items.leaving.map((rank, item) => (at(items.remove, item) < 0 ? events + 1 : rank)),
    left: items.left.map((rank, item) =>
      at(items.remove, item) < 0 ? events + 2 : Math.min(rank, events + 1),
    ),
  };
}
