/**
 * Several engines, in turn. Depth first finds an order where there is one, and gets stuck where
 * there is none; then windows around the place where it is stuck often refute the whole at once.
 * If they do not, breadth first passes the place, beginning some way before it, and depth first
 * goes on from there. Where nothing passes, it begins earlier, at last with the history, and then
 * there is no order.
 */
import type { Part } from "../history/columns.ts";
import type { Decision, Undecided, Valid } from "../history/decision.ts";
import type { Stretch } from "./anything.ts";
import { certify } from "./certificate.ts";
import type { FrontierLimits } from "./course.ts";
import type { Budget, Hooks } from "./decide.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import type { Model } from "./model.ts";
import { Passage } from "./passage.ts";
import type { Path } from "./path.ts";
import { refutedBy } from "./refuted.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";
import { faultOfOrder } from "./verify.ts";
import { refuteWithin } from "./window.ts";
import { orderOf } from "./witness.ts";

/** Breadth first in one window. */
const WINDOW_STEPS = 200_000;
/** Layers before the place where the search is stuck, for the first attempt to pass it. */
const RUN_UP = 256;
/** So many places are passed by other means than depth first. */
const PASSED = 200;
const MINIMISE_STEPS = 1_000_000;
/** A part of so few layers is named as what could not be decided. */
const UNDECIDED_LAYERS = 16;

export class Portfolio<State> {
  readonly #part: Part;
  readonly #model: Model<State>;
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #budget: Budget;
  /** Of breadth first. */
  #steps = 0;

  constructor(part: Part, model: Model<State>, task: Task, line: Timeline, budget: Budget) {
    this.#part = part;
    this.#model = model;
    this.#task = task;
    this.#line = line;
    this.#budget = budget;
  }

  run(hooks: Hooks): Decision {
    const { remembered } = this.#budget;
    const steps = this.#budget.steps + 16 * this.#task.count;
    const depthFirst = new DepthFirst(this.#task, this.#line);
    const passage = new Passage(this.#task, this.#line, depthFirst);
    let [stall, tried, passed] = [this.#budget.stall, -1, 0];
    for (;;) {
      const result = depthFirst.run({ steps, remembered, stall });
      if (result.found === "order") return this.#valid("depth first", result.path);
      hooks.onStall?.();
      const { depth } = depthFirst;
      const hopeless = result.found === "none";
      const outcome =
        depth === tried || ++passed > PASSED ? "stuck" : this.#pass(depthFirst, passage, hopeless);
      if (typeof outcome !== "string") return outcome;
      if (hopeless) return this.#invalid("depth first", this.#upTo(depth));
      if (outcome === "passed") continue;
      tried = depth;
      stall *= 2;
      if (result.found !== "stall")
        return this.breadthFirst(depth, result.found === "budget" ? result.reason : "breadth");
    }
  }

  /** @param depth the response that was reached otherwise. */
  breadthFirst(depth = 0, spent = "steps"): Decision {
    const result = frontier(this.#task, this.#line, this.#limits());
    this.#steps += result.steps;
    if (result.found === "order") return this.#valid("breadth first", result.path);
    if (result.found === "none") return this.#invalid("breadth first", this.#upTo(result.layer));
    return this.#unknown(`the budget is spent (${spent})`, Math.max(depth, result.layer));
  }

  #limits(most = Number.POSITIVE_INFINITY): FrontierLimits {
    const { frontierSteps, breadth } = this.#budget;
    return { steps: Math.min(most, Math.max(0, frontierSteps - this.#steps)), breadth };
  }

  #upTo(layer: number): readonly Stretch[] {
    return [{ from: 0, to: layer + 1, begin: undefined }];
  }

  /**
   * Refutes the history around the place where depth first is stuck, or gets past the place,
   * looking further and further from it.
   *
   * @param hopeless it is known that nothing gets past it.
   */
  #pass(
    depthFirst: DepthFirst,
    passage: Passage,
    hopeless: boolean,
  ): Decision | "passed" | "stuck" {
    const { depth, sets } = depthFirst;
    if (passage.isSparing() && !hopeless)
      return this.#counting(passage, () => passage.spare(this.#limits()));
    const uses = passage.uses();
    let windows = this.#task.automaton.reachable() !== undefined;
    for (let length = 1; ; length *= 4) {
      let needs: readonly number[] = [];
      for (const places of uses.length === 0 ? [uses] : [uses, []]) {
        if (!windows) break;
        const limits = this.#limits(WINDOW_STEPS);
        const [task, line] = [this.#task, this.#line];
        const attempt = refuteWithin(length, task, line, depth, places, limits, sets);
        this.#steps += attempt.steps;
        if (attempt.refuted !== undefined) return this.#invalid("window", attempt.refuted);
        if (attempt.spent) windows = false;
        needs = attempt.needs ?? [];
      }
      if (hopeless && (!windows || length > depth)) return "stuck";
      if (hopeless || length < RUN_UP) continue;
      const [from, to] = [depth - length, depth + length];
      const passed = this.#counting(passage, () => passage.from(from, to, this.#limits()));
      if (typeof passed !== "string")
        return this.#invalid("breadth first", this.#upTo(passed.none));
      if (passed !== "nowhere") return passed === "spent" ? "stuck" : passed;
      if (passage.goBack(needs)) return "passed";
    }
  }

  #counting<T>(passage: Passage, work: () => T): T {
    const before = passage.steps;
    const result = work();
    this.#steps += passage.steps - before;
    return result;
  }

  #valid(engine: string, path: Path): Valid | Undecided {
    const order = orderOf(this.#task, this.#line, path);
    const fault = faultOfOrder(this.#part, this.#model, order);
    if (fault !== undefined)
      return this.#unknown(`BUG IN THE CHECKER: the order that was found is wrong: ${fault}`);
    return { verdict: "valid", route: this.#route(engine), order };
  }

  #invalid(engine: string, stretches: readonly Stretch[]): Decision {
    const { frontierSteps } = this.#budget;
    const limits = { ...this.#limits(), steps: frontierSteps };
    const allSteps = Math.min(frontierSteps, MINIMISE_STEPS);
    const refuted = refutedBy(this.#task, this.#line, stretches);
    const { rows, doubt } = certify(refuted, this.#model, { ...limits, allSteps });
    const route = this.#route(engine);
    return doubt === undefined
      ? { verdict: "invalid", route, class: "no legal order", certificate: rows }
      : { verdict: "unknown", route: this.#route("undecided"), reason: doubt, window: rows };
  }

  #unknown(reason: string, layer?: number): Undecided {
    const route = this.#route("undecided");
    if (layer === undefined || this.#line.layers === 0)
      return { verdict: "unknown", route, reason };
    const to = Math.min(layer, this.#line.layers - 1) + 1;
    const from = Math.max(0, to - UNDECIDED_LAYERS);
    const before = this.#line.responder[from - 1];
    const begin = before === undefined ? undefined : (this.#task.completed[before] as number);
    const { rows } = refutedBy(this.#task, this.#line, [{ from, to, begin }]).task;
    return { verdict: "unknown", route, reason, window: [...rows] };
  }

  #route(engine: string): string {
    return `search: ${this.#model.name}, ${engine}`;
  }
}
