/**
 * A priority queue of numbers: `insert` puts one in, `poll` takes the smallest out, or answers `null` when there is
 * none. Who polled without an answer took the smallest, if anything.
 */
import type { Action, Model, Touch } from "../model.ts";
import { Version } from "./versions.ts";

/** The numbers, the greatest first. */
type Numbers = Version<number[]>;

export function priorityQueue(): Model<Numbers> {
  return {
    name: "priority-queue",
    kinds: ["insert", "poll"],
    initial: Version.initial((): number[] => []),
    step,
    stateKey: ({ store }) => store.join(" "),
    pure: ({ f, output }) => f === "poll" && output === null,
    blind: () => false,
    touches,
  };
}

function step(state: Numbers, { f, input, output }: Action): Numbers | undefined {
  const { store } = state;
  if (f === "insert") {
    if (typeof input !== "number") throw new TypeError("a priority queue holds numbers");
    const place = placeOf(store, input);
    return state.after({
      redo: (numbers) => numbers.splice(place, 0, input),
      undo: (numbers) => numbers.splice(place, 1),
    });
  }
  const due = store.at(-1);
  if (due === undefined) return output === undefined || output === null ? state : undefined;
  if (output !== undefined && output !== due) return undefined;
  return state.after({ redo: (numbers) => numbers.pop(), undo: (numbers) => numbers.push(due) });
}

/** How many numbers are greater. */
function placeOf(numbers: readonly number[], number: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) > number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whoever found it empty finds it empty without that number, too. */
function touches({ f, input, output }: Action): Touch {
  const value = f === "insert" ? input : output;
  return value === null ? { reads: undefined, writes: undefined } : { reads: value, writes: value };
}
