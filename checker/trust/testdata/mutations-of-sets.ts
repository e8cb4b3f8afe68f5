/**
 * Faults of a set that is asked for one element at a time. Certain are: an element that had been added before the
 * question and that nobody had begun to remove by the answer is not found, one is found that nobody had begun to add by
 * the answer, and one is added anew that was surely there.
 */
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutation } from "./mutation.ts";

export function mutationsOfSets(): Mutation[] {
  const known = (operations: readonly Operation[], f: string): Operation[] =>
    operations.filter((op) => op.f === f && op.status === "ok");
  /** The addition surely keeps the element there while the other one looks. */
  const surely =
    (operations: readonly Operation[]) =>
    (add: Operation, look: Operation): boolean =>
      add.input === look.input &&
      before(add, look) &&
      operations.every(
        ({ f, status, id, input }) =>
          f !== "remove" || status === "fail" || input !== add.input || id > (look.completed ?? 0),
      );
  return [
    {
      name: "stale read",
      inject: (draw, operations) => {
        const pair = findPair(
          draw,
          known(operations, "add"),
          known(operations, "contains"),
          surely(operations),
        );
        if (pair === undefined) return undefined;
        const core = pair.map(({ id }) => id);
        return { operations: answered(operations, new Map([[pair[1].id, false]])), core };
      },
    },
    {
      name: "lost write",
      inject: (draw, operations) => {
        const pair = findPair(
          draw,
          known(operations, "add"),
          known(operations, "contains"),
          surely(operations),
        );
        if (pair === undefined) return undefined;
        const [add, look] = pair;
        const blind = known(operations, "contains").filter(
          ({ id, input }) => input === add.input && id >= look.id,
        );
        const answers = new Map(blind.map(({ id }) => [id, false]));
        return { operations: answered(operations, answers), core: [add.id, look.id] };
      },
    },
    {
      name: "duplicate apply",
      inject: (draw, operations) => {
        const adds = known(operations, "add");
        const pair = findPair(draw, adds, adds, surely(operations));
        if (pair === undefined) return undefined;
        const core = pair.map(({ id }) => id);
        return { operations: answered(operations, new Map([[pair[1].id, true]])), core };
      },
    },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const looks = known(operations, "contains");
        const pair = findPair(
          draw,
          looks,
          looks,
          (early, late) =>
            early.output === false &&
            late.output === true &&
            operations.every(
              ({ f, status, id, input }) =>
                f !== "add" ||
                status === "fail" ||
                input !== early.input ||
                id > (early.completed ?? 0),
            ),
        );
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const answers = new Map([
          [early.id, true],
          [late.id, false],
        ]);
        return { operations: answered(operations, answers), core: [early.id] };
      },
    },
  ];
}
