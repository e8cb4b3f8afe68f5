/**
 * A fault of a system as it would show in a history: answers that are changed so that no order explains them, and the
 * few operations that say why. The core has no legal order by itself, and what else the history holds cannot help it.
 */
import type { Operation } from "../../../proto/operation.ts";
import type { Draw } from "./subject.ts";

export interface Mutation {
  readonly name: string;
  /** @returns `undefined` where this history has no place for it. */
  readonly inject: (draw: Draw, operations: readonly Operation[]) => Mutated | undefined;
}

export interface Mutated {
  readonly operations: readonly Operation[];
  /** Ids of the operations that contradict each other. */
  readonly core: readonly number[];
}

/** Strictly before in real time. */
export function before(one: Operation, other: Operation): boolean {
  return one.completed !== undefined && one.completed < other.id;
}

/** The history with other answers for some operations. */
export function answered(
  operations: readonly Operation[],
  answers: ReadonlyMap<number, Operation["output"]>,
): Operation[] {
  return operations.map((op) => (answers.has(op.id) ? { ...op, output: answers.get(op.id) } : op));
}

/** The elements in a random order. */
export function shuffled<T>(draw: Draw, all: readonly T[]): T[] {
  const after = [...all];
  for (let i = after.length - 1; i > 0; i--) {
    const j = draw(0, i);
    const [a, b] = [after[i] as T, after[j] as T];
    after[i] = b;
    after[j] = a;
  }
  return after;
}

/** The first pair, in a random order, of which it holds. */
export function findPair<A, B>(
  draw: Draw,
  ones: readonly A[],
  others: readonly B[],
  holds: (one: A, other: B) => boolean,
): readonly [A, B] | undefined {
  const shuffledOthers = shuffled(draw, others);
  for (const one of shuffled(draw, ones)) {
    const other = shuffledOthers.find((candidate) => holds(one, candidate));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}
