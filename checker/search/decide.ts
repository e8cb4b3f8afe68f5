/**
 * Decides a part of a history by any model. Depth first finds an order where there is one, and
 * gets stuck where there is none; then a window around the place where it is stuck often refutes
 * the whole at once. If not, depth first goes on with a larger budget, at last breadth first.
 * Everything that is answered has been verified by other code; what cannot be is `unknown`.
 */
import type { Part } from "../history/columns.ts";
import type { Decision, Invalid, Undecided, Valid } from "../history/decision.ts";
import { BRUTE_LIMIT, bruteContinues, bruteLinearizable } from "./brute.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import { decideAgain, type MinimiseLimits, minimise, type Refuted } from "./minimise.ts";
import type { Model } from "./model.ts";
import type { Path } from "./path.ts";
import { foreignKinds, type Task, taskOf } from "./task.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { faultOfOrder } from "./verify.ts";
import { beginOf, operationsIn, refuteWindow, type Window } from "./window.ts";
import { orderOf } from "./witness.ts";

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
  frontierSteps: 3_000_000,
  breadth: 50_000,
};

/** Breadth first in one window. */
const WINDOW_STEPS = 300_000;
/** A part of so few layers is named as what could not be decided. */
const UNDECIDED_LAYERS = 16;

export function decide<State>(
  part: Part,
  model: Model<State>,
  budget: Partial<Budget> = {},
): Decision {
  const route = `search: ${model.name}`;
  const foreign = foreignKinds(part, model);
  if (foreign.length > 0)
    return { verdict: "inapplicable", route, reason: `${model.name} has no ${foreign.join(", ")}` };
  const full = { ...DEFAULT_BUDGET, ...budget };
  const task = taskOf(part, model, full.remembered);
  const line = timelineOf(task);
  if (typeof line === "number")
    return { verdict: "unknown", route, reason: `at least ${line} operations are open at once` };
  return new Portfolio(part, model, task, line, full).run();
}

class Portfolio<State> {
  readonly #part: Part;
  readonly #model: Model<State>;
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #budget: Budget;

  constructor(part: Part, model: Model<State>, task: Task, line: Timeline, budget: Budget) {
    this.#part = part;
    this.#model = model;
    this.#task = task;
    this.#line = line;
    this.#budget = budget;
  }

  run(): Decision {
    const { remembered } = this.#budget;
    const steps = this.#budget.steps + 16 * this.#task.count;
    const depthFirst = new DepthFirst(this.#task, this.#line);
    let tried = -1;
    for (let stall = this.#budget.stall; ; stall *= 4) {
      const result = depthFirst.run({ steps, remembered, stall });
      if (result.found === "order") return this.#valid("depth first", result.path);
      const { depth } = depthFirst;
      const window = depth === tried ? undefined : this.#window(depth);
      tried = depth;
      if (window !== undefined) return this.#invalid("window", window, true);
      if (result.found === "none")
        return this.#invalid("depth first", { from: 0, to: depth }, false);
      if (result.found === "budget") return this.#breadthFirst(depth, result.reason);
    }
  }

  #window(depth: number): Window | undefined {
    const { breadth, frontierSteps } = this.#budget;
    const steps = Math.min(WINDOW_STEPS, frontierSteps);
    return refuteWindow(this.#task, this.#line, depth, { steps, breadth });
  }

  #breadthFirst(depth: number, spent: string): Decision {
    const { frontierSteps: steps, breadth } = this.#budget;
    const result = frontier(this.#task, this.#line, { steps, breadth });
    if (result.found === "order") return this.#valid("breadth first", result.path);
    if (result.found === "none")
      return this.#invalid("breadth first", { from: 0, to: result.layer }, false);
    return this.#unknown(`the budget is spent (${spent})`, Math.max(depth, result.layer));
  }

  #valid(engine: string, path: Path): Valid | Undecided {
    const order = orderOf(this.#task, this.#line, path);
    const fault = faultOfOrder(this.#part, this.#model, order);
    if (fault !== undefined) return this.#unknown(`the order that was found is wrong: ${fault}`);
    return { verdict: "valid", route: this.#route(engine), order };
  }

  #invalid(engine: string, window: Window, anywhere: boolean): Invalid | Undecided {
    const limits = this.#certificateLimits();
    const task = operationsIn(this.#task, this.#line, window);
    const begin = anywhere ? beginOf(this.#task, this.#line, window.from) : undefined;
    const refuted = minimise({ task, begin }, this.#model, limits);
    const fault = this.#faultOf(refuted, limits);
    if (fault !== undefined) return this.#unknown(fault, window.to);
    return {
      verdict: "invalid",
      route: this.#route(engine),
      class: "no legal order",
      certificate: [...refuted.task.rows],
    };
  }

  #certificateLimits(): MinimiseLimits {
    const { frontierSteps, breadth } = this.#budget;
    return { steps: frontierSteps, allSteps: Math.min(frontierSteps, 500_000), breadth };
  }

  /** Decides a refutation by other code than the one that found it. */
  #faultOf(refuted: Refuted, limits: MinimiseLimits): string | undefined {
    const { task, begin } = refuted;
    if (task.count <= Math.min(12, BRUTE_LIMIT)) {
      const operations = [...task.rows.keys()].map((op) => ({
        action: task.automaton.actionOf(task.classes[op] as number),
        invoked: task.invoked[op] as number,
        completed: task.completed[op] as number,
        optional: task.optional[op] === 1,
      }));
      const states = statesOf(this.#model, task);
      const legal =
        begin === undefined
          ? bruteLinearizable(operations, this.#model, this.#model.initial)
          : bruteContinues(operations, this.#model, states, begin);
      return legal ? "the refutation that was found has a legal order" : undefined;
    }
    const result = decideAgain(refuted, limits)?.result;
    if (result?.found === "none") return undefined;
    return result?.found === "order"
      ? "two engines disagree"
      : "no order was found, but the budget did not suffice to verify that there is none";
  }

  #unknown(reason: string, layer?: number): Undecided {
    const route = this.#route("undecided");
    if (layer === undefined || this.#line.layers === 0)
      return { verdict: "unknown", route, reason };
    const to = Math.min(layer, this.#line.layers - 1);
    const from = Math.max(0, to + 1 - UNDECIDED_LAYERS);
    const { rows, optional, count, completed } = operationsIn(this.#task, this.#line, { from, to });
    const begin = this.#task.invoked[this.#line.responder[from] as number] as number;
    const window = [...Array(count).keys()]
      .filter((op) => optional[op] === 0 || (completed[op] as number) >= begin)
      .map((op) => rows[op] as number);
    return { verdict: "unknown", route, reason, window };
  }

  #route(engine: string): string {
    return `search: ${this.#model.name}, ${engine}`;
  }
}

/** Every state of the model that the operations can lead to, found without the automaton. */
function statesOf<State>(model: Model<State>, { automaton }: Task): State[] {
  const states = new Map([[model.stateKey(model.initial), model.initial]]);
  for (const state of states.values())
    for (let cls = 0; cls < automaton.classes; cls++) {
      const after = model.step(state, automaton.actionOf(cls));
      if (after !== undefined && states.size < automaton.states)
        states.set(model.stateKey(after), after);
    }
  return [...states.values()];
}
