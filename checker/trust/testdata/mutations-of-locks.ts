/**
 * Faults of locks. Surely held is what was acquired before and cannot have been released until after: an acquire that is
 * granted while there are as many such holds as there are permits is granted twice.
 */
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, type Mutation, shuffled } from "./mutation.ts";

export interface Lock {
  readonly permits: number;
  readonly ownerless?: true;
  /** Only such acquires, and only holds of such, are looked at. */
  readonly exclusive?: (op: Operation) => boolean;
}

export function mutationsOfLocks({ permits, ownerless, exclusive }: Lock): Mutation[] {
  const acquires = (operations: readonly Operation[]): Operation[] =>
    operations.filter((op) => op.f === "acquire" && (exclusive === undefined || exclusive(op)));
  const mayRelease = ({ f, status, output }: Operation): boolean =>
    f === "release" && status !== "fail" && output !== false;
  /** Those that surely hold while another one is granted. */
  const holders = (operations: readonly Operation[], other: Operation): Operation[] =>
    acquires(operations).filter(
      (op) =>
        op !== other &&
        granted(op) &&
        before(op, other) &&
        operations.every(
          (release) =>
            !mayRelease(release) ||
            (ownerless !== true && release.process !== op.process) ||
            before(release, op) ||
            release.id > (other.completed ?? Number.POSITIVE_INFINITY),
        ),
    );
  const inject =
    (suitable: (op: Operation) => boolean): Mutation["inject"] =>
    (draw, operations) => {
      for (const other of shuffled(draw, acquires(operations).filter(suitable))) {
        const those = holders(operations, other);
        if (those.length < permits) continue;
        const changed = operations.map((op) =>
          op === other ? { ...op, status: "ok" as const, output: null } : op,
        );
        return { operations: changed, core: [...those.map(({ id }) => id), other.id] };
      }
      return undefined;
    };
  return [
    {
      // A refusal goes to somebody else, who believes that it was a grant.
      name: "swapped responses",
      inject: inject(({ status, output }) => status === "ok" && output === false),
    },
    { name: "duplicate apply", inject: inject(({ status }) => status === "fail") },
    {
      // What was released is still said to be taken, though nobody can have it.
      name: "stale read",
      inject: (draw, operations) => {
        const free = shuffled(draw, acquires(operations).filter(granted)).find((op) =>
          isSurelyFree(operations, op),
        );
        if (free === undefined) return undefined;
        const changed = answered(operations, new Map([[free.id, false]]));
        return { operations: changed, core: [free.id] };
      },
    },
  ];
}

function granted({ status, output }: Operation): boolean {
  return status === "ok" && output !== false;
}

/** Every process has released what it may have acquired. */
function isSurelyFree(operations: readonly Operation[], acquire: Operation): boolean {
  const holds = new Map<number, number>();
  for (const op of operations) {
    const mayAcquire = op.f === "acquire" && op.status !== "fail" && op.output !== false;
    const [begun, ended] = [op.id < (acquire.completed ?? 0), before(op, acquire)];
    const change =
      mayAcquire && op !== acquire && begun
        ? 1
        : op.f === "release" && granted(op) && ended
          ? -1
          : 0;
    holds.set(op.process, (holds.get(op.process) ?? 0) + change);
  }
  return [...holds.values()].every((held) => held <= 0);
}
