/**
 * Why a history of one key is not linearizable, in a handful of operations. A certificate is
 * closed: whoever could have supplied a read of it with its value is part of it. Leaving other
 * operations out of a linearizable history of a register leaves it linearizable, hence a closed
 * part that is not, refutes the whole.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";

/** A value with the write that wrote it; the initial value was written by nobody. */
export interface Source {
  readonly value: Json;
  readonly write: Operation | undefined;
}

/** `before` (or the initial state, when `undefined`) was over when `after` began. */
export interface Precedence {
  readonly before: Operation | undefined;
  readonly after: Operation;
}

export type Certificate =
  | {
      readonly class: "thin air";
      readonly read: Operation;
      readonly operations: readonly Operation[];
    }
  | {
      readonly class: "aborted read" | "future read";
      readonly read: Operation;
      readonly write: Operation;
      readonly operations: readonly Operation[];
    }
  | {
      /**
       * Two values each of which must come before the other. `older` was written (invoked) first.
       */
      readonly class: "stale read" | "lost write" | "new-old inversion";
      readonly older: Source;
      readonly newer: Source;
      readonly olderFirst: Precedence;
      readonly newerFirst: Precedence;
      readonly operations: readonly Operation[];
    }
  | { readonly class: "no legal order"; readonly operations: readonly Operation[] };
