/**
 * Refutes a history by short stretches of it. Whatever came before, at the beginning of a stretch
 * the object was in one of its states, and each operation open there had happened or had not. If
 * nothing of that survives the stretch, then no history with this stretch has an order. Needs an
 * object with few states. The stretch grows backwards from where the search got stuck.
 *
 * An operation that never returned may help out there, unless it was needed elsewhere. So the
 * stretches around the places where the search could do without it no longer come first: whatever
 * survives them has used it, or another one in its place.
 */
import type { Stretch } from "./anything.ts";
import type { FrontierLimits } from "./course.ts";
import { frontier } from "./frontier.ts";
import type { Multisets } from "./multisets.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

const LONGEST = 16_384;
/** What is impossible often shows only some responses later. */
const FURTHER = 128;

/**
 * Stretches of so many layers.
 *
 * @param stuck the response that the search did not get past: around it, too.
 * @param uses the responses before which it used operations that never returned.
 * @returns the stretches, as far as needed, if they are refuted.
 */
export function refuteWithin(
  length: number,
  task: Task,
  line: Timeline,
  stuck: number,
  uses: readonly number[],
  limits: FrontierLimits,
  sets?: Multisets,
  rules: Rules = ALL_RULES,
): Attempt {
  if (task.automaton.reachable() === undefined) return { steps: 0, spent: true };
  const stretches = around(task, line, stuck, length, uses);
  const course = sets === undefined ? { stretches } : { stretches, sets };
  const result = frontier(task, line, limits, rules, course);
  const { steps } = result;
  if (result.found === "none")
    return { steps, spent: false, refuted: until(stretches, result.layer) };
  if (result.found === "order") {
    const needs = result.ends.map(({ configuration }) => configuration.set);
    return { steps, spent: false, needs: sets?.minimal(needs) ?? needs };
  }
  // If it was the beginning that had too much open, longer stretches may do.
  return { steps, spent: result.steps > 0 };
}

export interface Attempt {
  readonly steps: number;
  /** Longer stretches would only cost more. */
  readonly spent: boolean;
  readonly refuted?: readonly Stretch[];
  /** If they survive: what of the optional operations is needed for it, one of these sets. */
  readonly needs?: readonly number[];
}

/** One stretch, longer and longer. @returns the shortest tried that is refuted, if any is. */
export function refuteWindow(
  task: Task,
  line: Timeline,
  stuck: number,
  limits: FrontierLimits,
  rules: Rules = ALL_RULES,
): readonly Stretch[] | undefined {
  for (let length = 1; ; length *= 2) {
    const { refuted, spent } = refuteWithin(
      length,
      task,
      line,
      stuck,
      [],
      limits,
      undefined,
      rules,
    );
    if (refuted !== undefined || spent || length > stuck || length >= LONGEST) return refuted;
  }
}

/** On both sides of each place, but no more after it than needed to see that there is no way on. */
function around(
  task: Task,
  line: Timeline,
  stuck: number,
  length: number,
  uses: readonly number[],
): Stretch[] {
  const stretches: Stretch[] = [];
  const on = Math.min(length, FURTHER);
  for (const place of [...uses.filter((use) => use < stuck), stuck]) {
    const first = Math.max(0, place + 1 - length);
    const to = Math.min(line.layers, place + on);
    const before = stretches.at(-1);
    const joins = before !== undefined && first <= before.to;
    if (joins) stretches.pop();
    const from = joins ? before.from : first;
    stretches.push({ from, to, begin: beginOf(task, line, from) });
  }
  return stretches;
}

/** The rank where a stretch begins: right after the response before it. */
function beginOf(task: Task, line: Timeline, from: number): number | undefined {
  return from === 0 ? undefined : task.completed[line.responder[from - 1] as number];
}

/** Only as far as the layer. */
export function until(stretches: readonly Stretch[], layer: number): readonly Stretch[] {
  return stretches
    .filter(({ from }) => from <= layer)
    .map((stretch) => ({ ...stretch, to: Math.min(stretch.to, layer + 1) }));
}
