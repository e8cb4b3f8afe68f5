/**
 * Decides a part of a history by any model: `decide` by several engines in turn, and
 * `decideBreadthFirst` by one of them alone, for a worker beside it. Everything that is answered
 * has been verified by other code; what cannot be is `unknown`.
 */
import type { Part } from "../history/columns.ts";
import type { Decision, Undecided } from "../history/decision.ts";
import { crowdIn, thinned } from "./crowd.ts";
import type { Model } from "./model.ts";
import { Portfolio } from "./portfolio.ts";
import { foreignKinds, taskOf } from "./task.ts";
import { SLOTS, timelineOf } from "./timeline.ts";

export interface Budget {
  /** Configurations expanded by depth first, besides 16 for each operation. */
  readonly steps: number;
  /** Configurations remembered, some 50 bytes each; also the limit for states of the model. */
  readonly remembered: number;
  /** Configurations expanded without getting deeper, before something else is tried. */
  readonly stall: number;
  /** Configurations expanded by breadth first in all, and at one response. */
  readonly frontierSteps: number;
  readonly breadth: number;
}

export const DEFAULT_BUDGET: Budget = {
  steps: 2_000_000,
  remembered: 8_000_000,
  stall: 20_000,
  frontierSteps: 20_000_000,
  breadth: 50_000,
};

export interface Hooks {
  /** Called when depth first has not got deeper for long: it may take time, or end undecided. */
  onStall?(): void;
}

export function decide<State>(
  part: Part,
  model: Model<State>,
  budget: Partial<Budget> = {},
  hooks: Hooks = {},
): Decision {
  return decideBy((portfolio) => portfolio.run(hooks), part, model, budget);
}

/** The same question, answered by breadth first alone, from the beginning of the history. */
export function decideBreadthFirst<State>(
  part: Part,
  model: Model<State>,
  budget: Partial<Budget> = {},
): Decision {
  return decideBy((portfolio) => portfolio.breadthFirst(), part, model, budget);
}

function decideBy<State>(
  way: (portfolio: Portfolio<State>) => Decision,
  part: Part,
  model: Model<State>,
  budget: Partial<Budget>,
): Decision {
  const route = `search: ${model.name}`;
  const foreign = foreignKinds(part, model);
  if (foreign.length > 0)
    return { verdict: "inapplicable", route, reason: `${model.name} has no ${foreign.join(", ")}` };
  const full = { ...DEFAULT_BUDGET, ...budget };
  const task = taskOf(part, model, full.remembered);
  const line = timelineOf(task);
  if (typeof line !== "number") return way(new Portfolio(part, model, task, line, full));
  const thin = thinned(task, SLOTS);
  const thinLine = timelineOf(thin);
  if (typeof thinLine === "number") throw new RangeError("still more open at once than slots");
  const decision = way(new Portfolio(part, model, thin, thinLine, full));
  if (decision.verdict !== "unknown") return decision;
  const undecided: Undecided = {
    verdict: "unknown",
    route,
    reason: `at least ${line} operations are open at once`,
    window: crowdIn(task, SLOTS).map((op) => task.rows[op] as number),
  };
  return undecided;
}
