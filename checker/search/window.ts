/**
 * Refutes a history by a short stretch of it. Whatever came before, at the beginning of the
 * stretch the object was in one of its states, and each operation open there had happened or had
 * not. If nothing of that survives the stretch, then no history with this stretch has an order.
 * Needs an object with few states. The stretch grows backwards from where the search got stuck.
 */
import { type FrontierLimits, frontier } from "./frontier.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import { DEMOTED, DROPPED, KEPT, subtask, type Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

const LONGEST = 16_384;

/** Layers, both included, of which already the last one's response is impossible. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The rank where a window begins: right after the response before it. */
export function beginOf(task: Task, line: Timeline, from: number): number {
  return from === 0 ? -1 : (task.completed[line.responder[from - 1] as number] as number);
}

/** @returns the shortest window tried that is refuted, if one is. */
export function refuteWindow(
  task: Task,
  line: Timeline,
  stuck: number,
  limits: FrontierLimits,
  rules: Rules = ALL_RULES,
): Window | undefined {
  const states = task.automaton.reachable();
  if (states === undefined) return undefined;
  for (let length = 1; ; length *= 2) {
    const from = Math.max(0, stuck + 1 - length);
    const stretch = { from, to: stuck + 1, states, begin: beginOf(task, line, from) };
    const result = frontier(task, line, limits, rules, stretch);
    if (result.found === "none") return { from, to: result.layer };
    // A longer window only costs more, unless it was the beginning that had too much open.
    const spent = result.found === "budget" && result.steps > 0;
    if (spent || from === 0 || length >= LONGEST) return undefined;
  }
}

/**
 * The operations that overlap the window, as far as it lets one see: what responds after it may
 * as well never have returned. With `from` 0 that is a prefix of the history.
 */
export function operationsIn(task: Task, line: Timeline, { from, to }: Window): Task {
  const fate = new Uint8Array(task.count);
  const begun = line.begun[to] as number;
  for (let op = 0; op < begun; op++) if (task.optional[op] === 1) fate[op] = KEPT;
  for (let op = 0; op < begun; op++)
    if (task.optional[op] === 0)
      fate[op] = task.automaton.isPure(task.classes[op] as number) ? DROPPED : DEMOTED;
  for (let layer = 0; layer <= to; layer++)
    fate[line.responder[layer] as number] = layer < from ? DROPPED : KEPT;
  return subtask(task, fate);
}
