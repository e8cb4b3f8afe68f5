/**
 * All histories of a few operations: every order of their beginnings and ends, every choice of what they are. What
 * differs only in the names of values or of processes is looked at once: subjects name the value that an operation
 * brings after its place, and processes are numbered as they come.
 */

import type { Part } from "../../history/columns.ts";
import { type Act, endOf, partOfTold, retime, type Told } from "./told.ts";
import { compare, newTally, type Subject, type Tally } from "./trial.ts";

/** @returns what came out, of 1, 2, ... up to this many operations. */
export function smallScope(subject: Subject, most = scopeSize()): Tally {
  const tally = newTally();
  for (let count = 1; count <= most; count++)
    for (const acts of choices(subject, count))
      for (const processes of subject.byProcess === true ? partitions(count) : [[...acts.keys()]])
        inAllShapes(subject, acts, processes, tally);
  return tally;
}

function inAllShapes(
  subject: Subject,
  acts: readonly Act[],
  processes: readonly number[],
  tally: Tally,
): void {
  let part: Part | undefined;
  for (const shape of shapes(acts)) {
    const told = acts.map((act, i): Told => {
      const [begin, end] = shape[i] ?? [0, 0];
      return { ...act, process: processes[i] ?? i, begin, end };
    });
    if (subject.byProcess === true && !isSequentialEach(told)) continue;
    part ??= partOfTold(told);
    retime(part, told);
    compare(subject, told, tally, part);
  }
}

export function scopeSize(): number {
  return Number(process.env["TESTBED_SCOPE"] ?? 3);
}

function* choices({ acts }: Subject, count: number): Generator<readonly Act[]> {
  const lists = Array.from({ length: count }, (_, place) => acts(place, count));
  const total = lists.reduce((product, list) => product * list.length, 1);
  for (let number = 0; number < total; number++) {
    let left = number;
    yield lists.flatMap((list) => {
      const act = list[left % list.length];
      left = Math.floor(left / list.length);
      return act === undefined ? [] : [act];
    });
  }
}

/** Every way to give each of these operations a process, up to the names: [0, 0, 1], [0, 1, 0], ... */
function partitions(count: number): number[][] {
  let all: number[][] = [[]];
  for (let i = 0; i < count; i++)
    all = all.flatMap((one) =>
      Array.from({ length: Math.max(-1, ...one) + 2 }, (_, process) => [...one, process]),
    );
  return all;
}

const known = new Map<string, (readonly [number, number])[][]>();

/** Intervals in the order of their beginnings; what never returns has no end to place. */
function shapes(acts: readonly Act[]): (readonly [number, number])[][] {
  const open = acts.map(({ status }) => status === "info");
  const all = known.get(open.join()) ?? shapesOf(acts, open);
  known.set(open.join(), all);
  return all;
}

function shapesOf(acts: readonly Act[], open: readonly boolean[]): (readonly [number, number])[][] {
  const all: (readonly [number, number])[][] = [];
  const extend = (begins: readonly number[], ends: readonly number[], rank: number): void => {
    const running = [...begins.keys()].filter((i) => ends[i] === -1 && open[i] === false);
    if (begins.length === acts.length && running.length === 0)
      all.push(acts.map((act, i) => [begins[i] ?? 0, endOf(act, ends[i] ?? 0)]));
    if (begins.length < acts.length) extend([...begins, rank], [...ends, -1], rank + 1);
    for (const i of running) extend(begins, ends.with(i, rank), rank + 1);
  };
  extend([], [], 0);
  return all;
}

/** A process does one thing at a time, and none after what never returned. */
function isSequentialEach(told: readonly Told[]): boolean {
  return told.every((one, i) =>
    told.every((other, j) => j <= i || one.process !== other.process || one.end < other.begin),
  );
}
