/**
 * Everything that can be true in the middle of a history, whatever happened before. Each
 * configuration that can be there is covered by one of these: any state; of the operations that
 * are open, all pure ones done, no blind one spent and each allowed to vanish, any subset of the
 * others done; no optional one spent.
 */
import type { Entry } from "./antichain.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

/** A stretch of a history, with everything that is possible at its beginning. */
export interface Stretch {
  /** From this layer up to that one, which is not part of it. */
  readonly from: number;
  readonly to: number;
  /** The rank where it begins: what was invoked before may have happened before. */
  readonly begin: number;
  /** Number of states, of which each is possible at the beginning. */
  readonly states: number;
}

/** Each with every state. @returns `undefined` when these are more than the limit. */
export function anything(
  task: Task,
  line: Timeline,
  { from, begin, states }: Stretch,
  limit: number,
): Entry[] | undefined {
  const { open, pure, blind } = line;
  const early = openAt(task, line, from, begin);
  const [low, high] = early.map((slots, word) => {
    const at = from * 2 + word;
    return slots & (open[at] as number) & ~(pure[at] as number) & ~(blind[at] as number);
  }) as [number, number];
  if (states * 2 ** (bits(low) + bits(high)) > limit) return undefined;
  const pureLow = early[0] & (pure[from * 2] as number);
  const pureHigh = early[1] & (pure[from * 2 + 1] as number);
  const hideLow = early[0] & (blind[from * 2] as number);
  const hideHigh = early[1] & (blind[from * 2 + 1] as number);
  const entries: Entry[] = [];
  for (const l of subsets(low))
    for (const h of subsets(high))
      entries.push([l | pureLow, h | pureHigh, hideLow, hideHigh, 0, -1]);
  return entries;
}

/** The slots of what was invoked before a rank and responds at the layer or later. */
function openAt(task: Task, line: Timeline, layer: number, rank: number): [number, number] {
  const { count, invoked, completed, optional } = task;
  const response = completed[line.responder[layer] as number] as number;
  let [low, high] = [0, 0];
  for (let op = 0; op < count && (invoked[op] as number) < rank; op++) {
    if (optional[op] === 1 || (completed[op] as number) < response) continue;
    const slot = line.slotOf[op] as number;
    if (slot < 32) low |= 1 << slot;
    else high |= 1 << (slot & 31);
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
