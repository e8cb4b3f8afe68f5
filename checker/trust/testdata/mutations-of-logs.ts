/**
 * Faults of a log, each value appended once. Certain are: nothing at an offset that had been given out before the read
 * began, an offset that was given to two, a lower offset for the later of two appends, and a value at two offsets.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutation, shuffled } from "./mutation.ts";

export function mutationsOfLogs(): Mutation[] {
  const found = (operations: readonly Operation[]) => {
    const ok = operations.filter(({ status }) => status === "ok");
    const appends = ok.filter(({ f }) => f === "append");
    const reads = ok.filter(({ f }) => f === "read");
    return { appends, reads };
  };
  const swapped = (one: Operation, other: Operation): Map<number, Json | undefined> =>
    new Map([
      [one.id, other.output],
      [other.id, one.output],
    ]);
  return [
    {
      name: "stale read",
      inject: (draw, operations) => {
        const { appends, reads } = found(operations);
        const pair = findPair(
          draw,
          appends,
          reads,
          (append, read) => before(append, read) && read.input === append.output,
        );
        if (pair === undefined) return undefined;
        const core = pair.map(({ id }) => id);
        return { operations: answered(operations, new Map([[pair[1].id, null]])), core };
      },
    },
    {
      // Nobody finds it, and the next append is given its place.
      name: "lost write",
      inject: (draw, operations) => {
        const { appends } = found(operations);
        const pair = findPair(
          draw,
          appends,
          appends,
          (one, next) => Number(next.output) === Number(one.output) + 1,
        );
        if (pair === undefined) return undefined;
        const [one, next] = pair;
        const after = operations.filter(
          ({ f, status, input, output }) =>
            status === "ok" && Number(f === "append" ? output : input) > Number(one.output),
        );
        const answers = new Map<number, Json>();
        for (const op of after) if (op.f === "append") answers.set(op.id, Number(op.output) - 1);
        const core = [one.id, next.id];
        return { operations: answered(operations, answers), core };
      },
    },
    {
      name: "duplicate apply",
      inject: (draw, operations) => {
        const { reads } = found(operations);
        const full = reads.filter(({ output }) => output !== null);
        const pair = findPair(draw, full, reads, (one, other) => one.input !== other.input);
        if (pair === undefined) return undefined;
        const answers = new Map([[pair[1].id, pair[0].output]]);
        return { operations: answered(operations, answers), core: pair.map(({ id }) => id) };
      },
    },
    {
      name: "reordered pair",
      inject: (draw, operations) => {
        const { appends } = found(operations);
        const pair = findPair(draw, appends, appends, before);
        if (pair === undefined) return undefined;
        const core = pair.map(({ id }) => id);
        return { operations: answered(operations, swapped(...pair)), core };
      },
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const { reads } = found(operations);
        const full = reads.filter(({ output }) => output !== null);
        const pair = findPair(draw, full, full, (one, other) => one.output !== other.output);
        const [one, other] = pair ?? [];
        if (one === undefined || other === undefined) return undefined;
        // Somebody else must have seen the truth.
        const third = shuffled(draw, operations).find(
          (op) =>
            op !== one &&
            op !== other &&
            op.status === "ok" &&
            ((op.f === "read" && op.output !== null && op.input === one.input) ||
              (op.f === "append" && op.output === one.input)),
        );
        if (third === undefined) return undefined;
        const core = [one.id, third.id];
        return { operations: answered(operations, swapped(one, other)), core };
      },
    },
  ];
}
