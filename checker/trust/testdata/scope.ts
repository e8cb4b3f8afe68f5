/**
 * All small histories of an object: every order of the events of so many operations, every choice of what they are and
 * of whose they are, up to names. Of histories that differ only in the names of exchangeable values or processes one is
 * told, and of an operation that never returns the end has no place.
 */
import type { Operation } from "../../../proto/operation.ts";
import { type Act, type Subject, valuesOf } from "./subject.ts";
import { operation } from "./told.ts";

type Interval = readonly [begin: number, end: number];

const NO_END = Number.POSITIVE_INFINITY;

/** @param piece every so many choices of operations, from this one on. */
export function* smallHistories(
  subject: Subject,
  acts: readonly Act[],
  count: number,
  piece: { readonly part: number; readonly of: number } = { part: 0, of: 1 },
): Generator<Operation[]> {
  let number = 0;
  const shapesOf = new Map<number, readonly (readonly Interval[])[]>();
  for (const chosen of choices(subject, acts, count)) {
    if (number++ % piece.of !== piece.part) continue;
    const returns = chosen.reduce(
      (mask, act, i) => (act.status === "info" ? mask : mask | (1 << i)),
      0,
    );
    let shapes = shapesOf.get(returns);
    if (shapes === undefined) {
      shapes = shapesWhere(count, returns);
      shapesOf.set(returns, shapes);
    }
    for (const shape of shapes)
      for (const processes of subject.byProcess === true ? ownersOf(shape) : [[...shape.keys()]])
        yield shape.map(([begin, end], i) =>
          operation(chosen[i] as Act, processes[i] ?? i, begin, end),
        );
  }
}

/** How many choices of so many operations there are. */
export function choicesOf(subject: Subject, acts: readonly Act[], count: number): number {
  let number = 0;
  for (const _ of choices(subject, acts, count)) number++;
  return number;
}

/** New values appear in the order 1, 2, 3, ... */
function* choices(
  subject: Subject,
  acts: readonly Act[],
  count: number,
): Generator<readonly Act[]> {
  const exchangeable = subject.values !== undefined && subject.values.ordered !== true;
  const described = acts.map((act) => {
    const values = exchangeable ? valuesOf(subject, { output: undefined, ...act }) : [];
    return { act, values };
  });
  function* extend(chosen: readonly Act[], known: number): Generator<readonly Act[]> {
    if (chosen.length === count) {
      yield chosen;
      return;
    }
    for (const { act, values } of described) {
      let most = known;
      for (const value of values) if (value === most + 1) most = value;
      if (values.every((value) => value <= most)) yield* extend([...chosen, act], most);
    }
  }
  yield* extend([], 0);
}

/** Intervals in the order of their beginnings, of which those in `returns` end. */
function shapesWhere(count: number, returns: number): Interval[][] {
  const all: Interval[][] = [];
  const extend = (intervals: readonly Interval[], time: number): void => {
    const open = [...intervals.keys()].filter(
      (i) => (returns >> i) & 1 && intervals[i]?.[1] === NO_END,
    );
    if (intervals.length === count && open.length === 0) all.push([...intervals]);
    if (intervals.length < count) extend([...intervals, [time, NO_END]], time + 1);
    for (const i of open) extend(intervals.with(i, [intervals[i]?.[0] ?? 0, time]), time + 1);
  };
  extend([], 0);
  return all;
}

/** Who may have done what: processes by first appearance, each with one operation at a time. */
function ownersOf(shape: readonly Interval[]): number[][] {
  let all: number[][] = [[]];
  for (const [i, [begin]] of shape.entries())
    all = all.flatMap((owners) => {
      const free = [...new Set(owners)].filter((owner) =>
        owners.every((other, j) => other !== owner || (shape[j]?.[1] ?? NO_END) < begin),
      );
      return [...free, new Set(owners).size].map((owner) => [...owners.slice(0, i), owner]);
    });
  return all;
}
