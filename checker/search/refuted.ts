/**
 * Operations that have no order, whatever else happened: a task, and the spans of time that are
 * looked at. In the gaps between spans anything may have happened, but for operations that never
 * returned, which happen once.
 */
import type { Stretch } from "./anything.ts";
import type { FrontierLimits, FrontierResult } from "./course.ts";
import { frontier } from "./frontier.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import { DROPPED, KEPT, subtask, type Task } from "./task.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

export interface Refuted {
  readonly task: Task;
  readonly spans: readonly Span[];
}

export interface Span {
  /** The rank where it begins, after anything; `undefined`: from the initial state. */
  readonly begin: number | undefined;
  /** The rank of the last response that counts. */
  readonly end: number;
}

/** The stretches of a task, as far as what is outside can be left out. */
export function refutedBy(task: Task, line: Timeline, stretches: readonly Stretch[]): Refuted {
  const spans = stretches.map(({ begin, to }) => {
    return { begin, end: task.completed[line.responder[to - 1] as number] as number };
  });
  return within(task, spans);
}

/** Only the operations that bear on the spans. */
export function within(task: Task, spans: readonly Span[]): Refuted {
  const { count, invoked, completed, optional, automaton, classes } = task;
  const last = spans.at(-1)?.end ?? -1;
  const fate = new Uint8Array(count).fill(DROPPED);
  for (let op = 0; op < count && (invoked[op] as number) < last; op++) {
    const [from, to] = [invoked[op] as number, completed[op] as number];
    const pure = automaton.isPure(classes[op] as number);
    const bears =
      optional[op] === 1
        ? !pure
        : // What changes nothing matters only where it responds.
          spans.some(({ begin, end }) => to > (begin ?? -1) && (pure ? to : from) <= end);
    if (bears) fate[op] = KEPT;
  }
  return { task: subtask(task, fate), spans };
}

export function stretchesOf({ task, spans }: Refuted, line: Timeline): Stretch[] {
  const after = (rank: number): number => {
    let [low, high] = [0, line.layers];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((task.completed[line.responder[middle] as number] as number) > rank) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return spans.map(({ begin, end }) => {
    return { from: begin === undefined ? 0 : after(begin), to: after(end), begin };
  });
}

/** Decides anew. `undefined`: too many are open at once. */
export function decideAgain(
  refuted: Refuted,
  limits: FrontierLimits,
  rules: Rules = ALL_RULES,
): { line: Timeline; result: FrontierResult } | undefined {
  const line = timelineOf(refuted.task, rules);
  if (typeof line === "number") return undefined;
  const stretches = stretchesOf(refuted, line);
  return { line, result: frontier(refuted.task, line, limits, rules, { stretches }) };
}
