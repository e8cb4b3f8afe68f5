/**
 * Everything that can be true in the middle of a history, whatever happened before. Each
 * configuration that can be there is covered by one of these: any state; of the operations that
 * are open, all pure ones done, no blind one spent and each allowed to vanish, any subset of the
 * others done; no optional one spent but those that must have been.
 */
import type { Configuration } from "./configuration.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

/** A stretch of a history. */
export interface Stretch {
  /** From this layer up to that one, which is not part of it. */
  readonly from: number;
  readonly to: number;
  /**
   * The rank where it begins, after anything at all: what was invoked before may have happened
   * before. `undefined`: it begins with the initial state and nothing done.
   */
  readonly begin: number | undefined;
}

/**
 * @param states how many there are.
 * @param sets what may have been used of the optional operations.
 * @returns `undefined` when these are more than the limit.
 */
export function anything(
  task: Task,
  line: Timeline,
  { from, begin }: Stretch,
  states: number,
  sets: readonly number[],
  limit: number,
): Configuration[] | undefined {
  const { open, pure, blind } = line;
  const early = openAt(task, line, from, begin ?? -1);
  const [low, high] = early.map((slots, word) => {
    const at = from * 2 + word;
    return slots & (open[at] as number) & ~(pure[at] as number) & ~(blind[at] as number);
  }) as [number, number];
  if (states * sets.length * 2 ** (bits(low) + bits(high)) > limit) return undefined;
  const pureLow = early[0] & (pure[from * 2] as number);
  const pureHigh = early[1] & (pure[from * 2 + 1] as number);
  const hideLow = early[0] & (blind[from * 2] as number);
  const hideHigh = early[1] & (blind[from * 2 + 1] as number);
  const all: Configuration[] = [];
  for (const set of sets)
    for (let state = 0; state < states; state++)
      for (const l of subsets(low))
        for (const h of subsets(high))
          all.push({
            layer: from,
            state,
            low: l | pureLow,
            high: h | pureHigh,
            hideLow,
            hideHigh,
            set,
          });
  return all;
}

/** The slots of what was invoked before a rank and responds at the layer or later. */
function openAt(task: Task, line: Timeline, layer: number, rank: number): [number, number] {
  const { open, responder, slotOfResponder, layers } = line;
  /** Slots open at the layer whose response is still to come. */
  let [left, leftHigh] = [open[layer * 2] as number, open[layer * 2 + 1] as number];
  let [low, high] = [0, 0];
  for (let later = layer; later < layers && (left | leftHigh) !== 0; later++) {
    const slot = slotOfResponder[later] as number;
    const bit = 1 << (slot & 31);
    if (((slot < 32 ? left : leftHigh) & bit) === 0) continue;
    if (slot < 32) left &= ~bit;
    else leftHigh &= ~bit;
    if ((task.invoked[responder[later] as number] as number) >= rank) continue;
    if (slot < 32) low |= bit;
    else high |= bit;
  }
  return [low, high];
}

function bits(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left &= left - 1) count++;
  return count;
}

function* subsets(word: number): Generator<number> {
  for (let subset = word; ; subset = (subset - 1) & word) {
    yield subset;
    if (subset === 0) return;
  }
}
