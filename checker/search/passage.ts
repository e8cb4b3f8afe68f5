/**
 * Past a place where depth first is stuck: breadth first, from some way before it. Or depth first
 * is stuck because, long before, it used up an operation that never returned and is needed now,
 * where another one would have done as well: then it goes back there and spares that one.
 */

import type { FrontierLimits, FrontierResult } from "./course.ts";
import type { Place } from "./depth-first.ts";
import type { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import { FROM_GROUP } from "./path.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

/** So many ways past a place are followed up. */
const FOLLOWED = 256;
/** Layers before and after a place. */
const NEAR = 256;
const FAR = 4096;
/** So often it goes back because of one place. */
const ATTEMPTS = 6;

/** What is left alone until it is needed. */
interface Reserve {
  readonly groups: ReadonlySet<number>;
  /** The layer near which it is needed. */
  readonly until: number;
}

export type Passed = "passed" | "nowhere" | "spent" | { readonly none: number };

export class Passage {
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #depthFirst: DepthFirst;
  /** By place where depth first was stuck: what it went back for. */
  readonly #tried = new Map<number, Set<string>>();
  #reserve: Reserve | undefined;
  /** Configurations expanded by breadth first. */
  steps = 0;

  constructor(task: Task, line: Timeline, depthFirst: DepthFirst) {
    this.#task = task;
    this.#line = line;
    this.#depthFirst = depthFirst;
  }

  /** The responses before which depth first used optional operations on its way. */
  uses(): readonly number[] {
    const { layers, moves } = this.#depthFirst.deepest();
    return [...new Set(layers.filter((_, at) => (moves[at] as number) >= FROM_GROUP))];
  }

  /** What nothing gets past while some operations are spared may be easy without. */
  isSparing(): boolean {
    return this.#reserve !== undefined && this.#depthFirst.depth < this.#reserve.until;
  }

  /** On, sparing as before. If that does not work, all may be used again. */
  spare(limits: FrontierLimits): "passed" {
    const { depth } = this.#depthFirst;
    for (let length = NEAR; length <= FAR; length *= 4) {
      const passed = this.from(depth - length, depth + length, limits);
      if (passed === "passed") return passed;
      if (passed !== "nowhere") break;
    }
    this.#reserve = undefined;
    this.#depthFirst.restart(this.#depthFirst.placeBefore(depth - NEAR), new Set(), 0);
    return "passed";
  }

  /**
   * Goes back to where an operation was used first that is needed where depth first is stuck.
   * @param needs sets of optional operations of which one would do.
   * @returns whether there is anything to try.
   */
  goBack(needs: readonly number[]): boolean {
    const { sets, depth } = this.#depthFirst;
    const { layers, moves } = this.#depthFirst.deepest();
    const tried = this.#tried.get(depth) ?? new Set();
    this.#tried.set(depth, tried);
    for (const need of needs) {
      if (tried.size >= ATTEMPTS) return false;
      const groups = new Set(sets.of(need).filter((group) => this.#isUsedUp(group, need, moves)));
      const first = moves.findIndex((move) => groups.has(move - FROM_GROUP));
      const attempt = [...groups].sort().join();
      if (first < 0 || tried.has(attempt)) continue;
      tried.add(attempt);
      const until = depth - NEAR;
      this.#reserve = { groups, until };
      const place = this.#depthFirst.placeBefore((layers[first] as number) - NEAR);
      this.#depthFirst.restart(place, groups, until);
      return true;
    }
    return false;
  }

  /** Are there fewer left of the group than are needed? */
  #isUsedUp(group: number, need: number, moves: Int32Array): boolean {
    const { sets, depth } = this.#depthFirst;
    const there = this.#line.groups[group]?.layers.filter((layer) => layer <= depth).length ?? 0;
    const used = moves.filter((move) => move === group + FROM_GROUP).length;
    return used + sets.count(need, group) > there;
  }

  /**
   * Breadth first, from a place on the way at the layer or before it.
   * @returns `none` when nothing gets to `to` from the beginning of the history, and "nowhere" when
   * nothing does from the place.
   */
  from(layer: number, to: number, limits: FrontierLimits): Passed {
    const place = this.#depthFirst.placeBefore(layer);
    const result = this.#breadthFirst(place, Math.min(this.#line.layers, to), limits);
    this.steps += result.steps;
    if (result.found === "budget") return "spent";
    if (result.found === "order") {
      this.#depthFirst.adopt(place, result.ends.slice(0, FOLLOWED));
      return "passed";
    }
    const exact = place === undefined && !this.isSparing();
    return exact ? { none: result.layer } : "nowhere";
  }

  #breadthFirst(place: Place | undefined, to: number, limits: FrontierLimits): FrontierResult {
    const { sets } = this.#depthFirst;
    const spared = this.isSparing() ? this.#reserve?.groups : undefined;
    return frontier(this.#task, this.#line, limits, undefined, {
      to,
      sets,
      ...(place === undefined ? {} : { start: place.configuration }),
      ...(spared === undefined ? {} : { spared }),
    });
  }
}
