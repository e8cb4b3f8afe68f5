/**
 * Faults of what takes values in and gives each of them out once, each value put in once. Certain are: a value that two
 * were given, one that was given out before anybody had begun to put it in, emptiness while something surely was there,
 * and two values that surely were both there and left in the wrong order.
 */
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutation, shuffled } from "./mutation.ts";

export interface Discipline {
  readonly put: string;
  readonly take: string;
  /** Of two values that are both there, the first put in before the second, must the first leave first? */
  readonly first: (first: number, second: number) => boolean;
  /** Whether the first must be surely there, or it is enough that it was put in before the second. */
  readonly inOrder: boolean;
}

interface Filled {
  readonly op: Operation;
  readonly value: number;
}

export function mutationsOfContainers({ put, take, first, inOrder }: Discipline): Mutation[] {
  const found = (operations: readonly Operation[]) => {
    const ok = operations.filter(({ status }) => status === "ok");
    const puts = new Map(
      ok.filter(({ f }) => f === put).map((op) => [Number(op.input), op] as const),
    );
    const takes = ok.filter(({ f }) => f === take);
    const given: Filled[] = takes.flatMap((op) =>
      op.output === null ? [] : [{ op, value: Number(op.output) }],
    );
    const lost = operations.filter(({ f, status }) => f === take && status === "info");
    return { puts, given, empty: takes.filter(({ output }) => output === null), lost };
  };
  return [
    {
      name: "stale read",
      inject: (draw, operations) => {
        const { given } = found(operations);
        const pair = findPair(draw, given, given, (one, other) => before(one.op, other.op));
        if (pair === undefined) return undefined;
        const [one, other] = pair;
        const answers = new Map([[other.op.id, one.value]]);
        return { operations: answered(operations, answers), core: [one.op.id, other.op.id] };
      },
    },
    {
      name: "duplicate apply",
      inject: (draw, operations) => {
        const { given, empty } = found(operations);
        const pair = findPair(draw, given, empty, (one, other) => before(one.op, other));
        if (pair === undefined) return undefined;
        const [one, other] = pair;
        const answers = new Map([[other.id, one.value]]);
        return { operations: answered(operations, answers), core: [one.op.id, other.id] };
      },
    },
    {
      // It was put in, and who should have been given it found nothing.
      name: "lost write",
      inject: (draw, operations) => {
        const { puts, given, lost } = found(operations);
        const one = shuffled(draw, given).find(({ op, value }) => {
          const source = puts.get(value);
          const end = op.completed ?? 0;
          return source !== undefined && before(source, op) && lost.every(({ id }) => id > end);
        });
        if (one === undefined) return undefined;
        const core = [puts.get(one.value)?.id ?? -1, one.op.id];
        return { operations: answered(operations, new Map([[one.op.id, null]])), core };
      },
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const { puts, given } = found(operations);
        const pair = findPair(draw, given, given, (early, late) => {
          const source = puts.get(late.value);
          return source !== undefined && before(early.op, source);
        });
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.op.id, late.value],
          [late.op.id, early.value],
        ]);
        const core = [early.op.id, puts.get(late.value)?.id ?? -1];
        return { operations: answered(operations, answers), core };
      },
    },
    {
      name: "reordered pair",
      inject: (draw, operations) => {
        const { puts, given } = found(operations);
        // `early` is taken before `late`, rightly so; both were there before, and now they leave the other way round.
        const pair = findPair(draw, given, given, (early, late) => {
          const [a, b] = [puts.get(early.value), puts.get(late.value)];
          if (a === undefined || b === undefined || !before(early.op, late.op)) return false;
          const there = inOrder || (before(a, early.op) && before(b, early.op));
          if (!there) return false;
          return before(a, b)
            ? first(early.value, late.value)
            : before(b, a) && !inOrder && !first(late.value, early.value);
        });
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.op.id, late.value],
          [late.op.id, early.value],
        ]);
        const sources = [early, late].map(({ value }) => puts.get(value)?.id ?? -1);
        const core = [...sources, early.op.id, late.op.id];
        return { operations: answered(operations, answers), core };
      },
    },
  ];
}
