/**
 * Faults of what grows and is read as a whole, each element added once. Certain are: an element that had been added
 * before the read began and is not in the answer, one that is there twice, two in the wrong order, and one that is there
 * before anybody had begun to add it.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { answered, before, findPair, type Mutated, type Mutation, shuffled } from "./mutation.ts";
import type { Draw } from "./subject.ts";

export interface Listing {
  /** What an operation adds at the end, whatever its outcome. */
  readonly added: (op: Operation) => Json | undefined;
  /** What an operation that changes nothing found. */
  readonly listed: (op: Operation) => readonly Json[] | undefined;
  /** What it would have answered had it found that. */
  readonly answer: (op: Operation, elements: readonly Json[]) => Json;
  /** Elements have no order, and none is there twice. */
  readonly unordered?: true;
}

export function mutationsOfLists({ added, listed, answer, unordered }: Listing): Mutation[] {
  const found = (operations: readonly Operation[]) => {
    const ok = operations.filter(({ status }) => status === "ok");
    const adds = ok.flatMap((op) => {
      const element = added(op);
      return element === undefined ? [] : [{ op, element }];
    });
    const reads = ok.flatMap((op) => {
      const elements = listed(op);
      return elements === undefined ? [] : [{ op, elements }];
    });
    return { adds, reads };
  };
  /** Some answers without what they surely should have. */
  const without =
    (left: (elements: readonly Json[], element: Json) => readonly Json[], all: boolean) =>
    (draw: Draw, operations: readonly Operation[]): Mutated | undefined => {
      const { adds, reads } = found(operations);
      const pair = findPair(
        draw,
        adds,
        reads,
        ({ op, element }, read) => before(op, read.op) && read.elements.includes(element),
      );
      if (pair === undefined) return undefined;
      const [add, read] = pair;
      const fooled = reads.filter(
        (one) => one === read || (all && one.elements.includes(add.element)),
      );
      const answers = new Map(
        fooled.map(({ op, elements }) => [op.id, answer(op, left(elements, add.element))]),
      );
      return { operations: answered(operations, answers), core: [add.op.id, read.op.id] };
    };
  const drop = (elements: readonly Json[], gone: Json): Json[] =>
    elements.filter((element) => element !== gone);
  const cut = (elements: readonly Json[], gone: Json): Json[] =>
    elements.slice(0, elements.indexOf(gone));
  const mutations: Mutation[] = [
    { name: "lost write", inject: without(drop, true) },
    { name: "torn read", inject: without(drop, false) },
    {
      name: "swapped responses",
      inject: (draw, operations) => {
        const { adds, reads } = found(operations);
        const pair = findPair(draw, reads, reads, (early, late) =>
          late.elements.some((element) =>
            adds.some((add) => add.element === element && before(early.op, add.op)),
          ),
        );
        if (pair === undefined) return undefined;
        const [early, late] = pair;
        const fresh = adds.find(
          ({ op, element }) => late.elements.includes(element) && before(early.op, op),
        );
        const answers = new Map([
          [early.op.id, late.op.output],
          [late.op.id, early.op.output],
        ]);
        const core = [early.op.id, fresh?.op.id ?? -1];
        return { operations: answered(operations, answers), core };
      },
    },
  ];
  if (unordered === true)
    return [{ name: "stale read", inject: without(drop, false) }, ...mutations];
  return [
    { name: "stale read", inject: without(cut, false) },
    ...mutations,
    {
      name: "duplicate apply",
      inject: (draw, operations) => {
        const { reads } = found(operations);
        const [read] = shuffled(draw, reads).filter(({ elements }) => elements.length > 0);
        if (read === undefined) return undefined;
        const twice = read.elements.toSpliced(
          draw(0, read.elements.length),
          0,
          read.elements[0] ?? null,
        );
        const answers = new Map([[read.op.id, answer(read.op, twice)]]);
        return { operations: answered(operations, answers), core: [read.op.id] };
      },
    },
    {
      name: "reordered pair",
      inject: (draw, operations) => {
        const { adds, reads } = found(operations);
        const pair = findPair(
          draw,
          adds,
          adds,
          (one, other) =>
            before(one.op, other.op) &&
            reads.some(
              ({ elements }) => elements.includes(one.element) && elements.includes(other.element),
            ),
        );
        if (pair === undefined) return undefined;
        const [one, other] = pair;
        const fooled = reads.filter(
          ({ elements }) => elements.includes(other.element) && elements.includes(one.element),
        );
        const swap = (element: Json): Json =>
          element === one.element
            ? other.element
            : element === other.element
              ? one.element
              : element;
        const answers = new Map(
          fooled.map(({ op, elements }) => [op.id, answer(op, elements.map(swap))]),
        );
        const core = [one.op.id, other.op.id, fooled[0]?.op.id ?? -1];
        return { operations: answered(operations, answers), core };
      },
    },
  ];
}
