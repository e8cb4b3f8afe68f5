/**
 * Faults of what holds one value at a time, each value written once. All of them come down to two certainties: a read
 * that began after a write had ended does not find what was surely overwritten by it (written by what had ended before
 * that write began), and a read does not find what nobody had begun to write.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutated, type Mutation, shuffled } from "./mutation.ts";
import type { Draw } from "./subject.ts";

export interface Versions {
  /** The value that an operation left, `undefined` if it left none or nobody knows. */
  readonly wrote: (op: Operation) => number | undefined;
  /** The value that an operation only looked at. */
  readonly saw: (op: Operation) => number | undefined;
  /** What it would have answered had it seen that. */
  readonly answer: (op: Operation, value: number) => Json;
}

interface Found {
  readonly writes: readonly { readonly op: Operation; readonly value: number }[];
  readonly reads: readonly { readonly op: Operation; readonly value: number }[];
}

export function mutationsOfValues(versions: Versions): Mutation[] {
  const found = (operations: readonly Operation[]): Found => {
    const ok = operations.filter(({ status }) => status === "ok");
    const take = (of: (op: Operation) => number | undefined) =>
      ok.flatMap((op) => {
        const value = of(op);
        return value === undefined ? [] : [{ op, value }];
      });
    return { writes: take(versions.wrote), reads: take(versions.saw) };
  };
  /** `old` was surely overwritten by `next`; `which` reads now answer the old value. */
  const stale =
    (which: (read: Operation, value: number, next: Operation, nextValue: number) => boolean) =>
    (draw: Draw, operations: readonly Operation[]): Mutated | undefined => {
      const { writes, reads } = found(operations);
      for (const next of shuffled(draw, writes)) {
        const old = shuffled(draw, writes).find(({ op }) => before(op, next.op));
        const fooled = reads.filter(({ op, value }) => which(op, value, next.op, next.value));
        const witness = shuffled(draw, fooled).find(({ op }) => before(next.op, op));
        if (old === undefined || witness === undefined) continue;
        const answers = new Map(fooled.map(({ op }) => [op.id, versions.answer(op, old.value)]));
        const core = [old.op.id, next.op.id, witness.op.id];
        return { operations: answered(operations, answers), core };
      }
      return undefined;
    };
  return [
    {
      name: "stale read",
      inject: (draw, operations) => {
        const { reads } = found(operations);
        const [one] = shuffled(draw, reads);
        return one && stale((read) => read === one.op)(draw, operations);
      },
    },
    {
      name: "lost write",
      inject: stale((_, value, __, nextValue) => value === nextValue),
    },
    {
      // The old write is applied once more after the next one had taken effect.
      name: "duplicate apply",
      inject: stale((read, value, next, nextValue) => value === nextValue && before(next, read)),
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const { writes, reads } = found(operations);
        const pair = findPair(draw, reads, reads, (early, late) =>
          writes.some(({ op, value }) => value === late.value && before(early.op, op)),
        );
        const write = writes.find(({ value }) => value === pair?.[1].value);
        if (pair === undefined || write === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.op.id, late.op.output],
          [late.op.id, early.op.output],
        ]);
        return { operations: answered(operations, answers), core: [early.op.id, write.op.id] };
      },
    },
    {
      // Two writes are applied in the other order, so all that is seen of them is.
      name: "reordered pair",
      inject: (draw, operations) => {
        const { writes, reads } = found(operations);
        const pair = findPair(
          draw,
          writes,
          writes,
          (first, second) =>
            before(first.op, second.op) &&
            reads.some(({ op, value }) => value === second.value && before(second.op, op)),
        );
        if (pair === undefined) return undefined;
        const [first, second] = pair;
        const witness = reads.find(
          ({ op, value }) => value === second.value && before(second.op, op),
        );
        const answers = new Map<number, Json>();
        for (const { op, value } of reads) {
          if (value === first.value) answers.set(op.id, versions.answer(op, second.value));
          if (value === second.value) answers.set(op.id, versions.answer(op, first.value));
        }
        const core = [first.op.id, second.op.id, witness?.op.id ?? -1];
        return { operations: answered(operations, answers), core };
      },
    },
  ];
}

/** A read of two registers that are always written together, each time with one new value, finds two values. */
export function tornRead(versions: Versions, torn: (one: number, other: number) => Json): Mutation {
  return {
    name: "torn read",
    inject: (draw, operations) => {
      const ok = operations.filter(({ status }) => status === "ok");
      const values = ok.flatMap((op) => versions.wrote(op) ?? []);
      const reads = ok.filter((op) => versions.saw(op) !== undefined);
      const pair = findPair(draw, values, values, (one, other) => one !== other);
      const [read] = shuffled(draw, reads);
      if (pair === undefined || read === undefined) return undefined;
      const answers = new Map([[read.id, torn(...pair)]]);
      const writers = ok.filter((op) => pair.includes(versions.wrote(op) ?? -1));
      const core = [read.id, ...writers.map(({ id }) => id)];
      return { operations: answered(operations, answers), core };
    },
  };
}
