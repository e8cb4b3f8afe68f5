import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

/** @returns the word of used slots, with all pure operations that are legal in this state. */
export function eager(
  { automaton }: Task,
  { pure, classes, slots }: Timeline,
  layer: number,
  word: number,
  state: number,
  used: number,
): number {
  const base = layer * slots + word * 32;
  let done = used;
  for (let left = (pure[layer * 2 + word] as number) & ~used; left !== 0; left &= left - 1) {
    const bit = left & -left;
    const cls = classes[base + 31 - Math.clz32(bit)] as number;
    if (automaton.step(state, cls) === state) done |= bit;
  }
  return done;
}
