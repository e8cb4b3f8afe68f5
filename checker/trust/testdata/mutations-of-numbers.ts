/**
 * Faults of what counts by one. Certain are: a sum that is less than what had been added before it was asked for, or more
 * than what anybody had begun to add when it was answered; a number that was given to two; and a greater number that was
 * given to the earlier of two.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutated, type Mutation, shuffled } from "./mutation.ts";
import type { Draw } from "./subject.ts";

/** `increment` and `read`. */
export function mutationsOfSums(): Mutation[] {
  /** Changes the answer of a read, and those of others as well. */
  const changed =
    (other: (read: Operation, chosen: Operation, bounds: Bounds) => number | undefined) =>
    (draw: Draw, operations: readonly Operation[]): Mutated | undefined => {
      const reads = operations.filter(({ f, status }) => f === "read" && status === "ok");
      for (const chosen of shuffled(draw, reads)) {
        const bounds = boundsOf(operations, chosen);
        const answers = new Map<number, Json>();
        for (const read of reads) {
          const answer = other(read, chosen, bounds);
          if (answer !== undefined) answers.set(read.id, answer);
        }
        const answer = Number(answers.get(chosen.id) ?? chosen.output);
        if (answer >= bounds.least && answer <= bounds.most) continue;
        const core = operations.filter(({ f }) => f !== "read").map(({ id }) => id);
        return { operations: answered(operations, answers), core: [...core, chosen.id] };
      }
      return undefined;
    };
  return [
    {
      name: "stale read",
      inject: changed((read, chosen, { least }) => (read === chosen ? least - 1 : undefined)),
    },
    {
      name: "lost write",
      inject: changed((read, chosen) =>
        read.id >= chosen.id ? Number(read.output) - 1 : undefined,
      ),
    },
    {
      name: "duplicate apply",
      inject: changed((read, chosen) =>
        read.id >= chosen.id ? Number(read.output) + 1 : undefined,
      ),
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const reads = operations.filter(({ f, status }) => f === "read" && status === "ok");
        const pair = findPair(
          draw,
          reads,
          reads,
          (early, late) => Number(late.output) > boundsOf(operations, early).most,
        );
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.id, late.output],
          [late.id, early.output],
        ]);
        const core = operations.filter(({ f }) => f !== "read").map(({ id }) => id);
        return { operations: answered(operations, answers), core: [...core, early.id] };
      },
    },
  ];
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function boundsOf(operations: readonly Operation[], read: Operation): Bounds {
  const adds = operations.filter(({ f, status }) => f !== "read" && status !== "fail");
  const ended = adds.filter((add) => before(add, read));
  const begun = adds.filter((add) => add.id < (read.completed ?? Number.POSITIVE_INFINITY));
  return { least: ended.length, most: begun.length };
}

/** Operations that each answer how many there were before, as `fetch-and-add` of 1 does. */
export function mutationsOfTickets(f: string): Mutation[] {
  const found = (operations: readonly Operation[]): Operation[] =>
    operations.filter((op) => op.f === f && op.status === "ok");
  return [
    {
      name: "duplicate apply",
      inject: (draw, operations) => {
        const begun = operations.filter((op) => op.f === f).length;
        const [chosen] = shuffled(draw, found(operations));
        if (chosen === undefined) return undefined;
        const answers = new Map([[chosen.id, begun]]);
        const core = operations.filter((op) => op.f === f).map(({ id }) => id);
        return { operations: answered(operations, answers), core };
      },
    },
    {
      // The first is lost, so the second is given the same, and all that follow one less.
      name: "lost write",
      inject: (draw, operations) => {
        const [chosen] = shuffled(draw, found(operations));
        const after = found(operations).filter(
          ({ output }) => Number(output) > Number(chosen?.output),
        );
        const next = after.find(({ output }) => Number(output) === Number(chosen?.output) + 1);
        if (chosen === undefined || next === undefined) return undefined;
        const answers = new Map(after.map(({ id, output }) => [id, Number(output) - 1]));
        return { operations: answered(operations, answers), core: [chosen.id, next.id] };
      },
    },
    {
      name: "stale read",
      inject: (draw, operations) => {
        const pair = findPair(draw, found(operations), found(operations), before);
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([[late.id, early.output]]);
        return { operations: answered(operations, answers), core: [early.id, late.id] };
      },
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const pair = findPair(draw, found(operations), found(operations), before);
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.id, late.output],
          [late.id, early.output],
        ]);
        return { operations: answered(operations, answers), core: [early.id, late.id] };
      },
    },
  ];
}
