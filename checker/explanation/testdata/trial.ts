/** Random small histories that no order explains, for any model; and the truth about them, by trying all orders. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Operation } from "../../../proto/operation.ts";
import { columnsOf, INFO, OK, type Part } from "../../history/columns.ts";
import type { Recording } from "../../history/recording.ts";
import { bruteLinearizable } from "../../search/brute.ts";
import type { Model } from "../../search/model.ts";
import {
  type Draw,
  type Recorded,
  randomOperations,
  type Subject,
} from "../../search/testdata/random-part.ts";
import { bruteOperations } from "../../search/verify.ts";

export const SEED: number = Number(process.env["TESTBED_SEED"] ?? 20_264);
export const MORE: number = Math.max(1, Number(process.env["TESTBED_FUZZ"] ?? 0) / 20_000);

export function drawFrom(seed: number): Draw {
  const random = xoroshiro128plus(seed);
  return (from, to) => uniformInt(random, from, to);
}

/** The recording and its only part. @param timed with times of a millisecond an event, and nodes. */
export function recorded(told: readonly Recorded[], timed = true): Recording & { part: Part } {
  const operations = told.map((one, i): Operation => {
    const { f, input, output, status, invoked, completed } = one;
    const open = status === INFO;
    return {
      id: invoked,
      process: i,
      f,
      key: "x",
      input,
      output: status === OK ? (output ?? null) : undefined,
      node: timed ? `n${i % 3}` : "",
      status: open ? "info" : status === OK ? "ok" : "fail",
      invokedAt: timed ? invoked * 1e6 : Number.NaN,
      completed: open ? undefined : completed,
      completedAt: open ? undefined : timed ? completed * 1e6 : Number.NaN,
      error: undefined,
      seen: undefined,
      request: undefined,
      final: false,
    };
  });
  const columns = columnsOf(operations);
  return {
    columns,
    others: [],
    events: 2 * operations.length,
    operation(row) {
      const operation = operations[row];
      if (operation === undefined) throw new RangeError(`there is no row ${row}`);
      return operation;
    },
    operations: () => operations,
    part: { columns, rows: Int32Array.from(operations.keys()) },
  };
}

/** A history of a few operations that has no legal order, or `undefined` when the dice said otherwise. */
export function randomInvalid<State>(draw: Draw, subject: Subject<State>): Recorded[] | undefined {
  const shape = {
    operations: draw(1, 6),
    processes: draw(1, 4),
    lost: draw(0, 1) * 15,
    failed: draw(0, 1) * 10,
    wrong: 35,
  };
  const told = randomOperations(draw, subject, shape);
  const { part } = recorded(told);
  const ops = bruteOperations(part, subject.model);
  return bruteLinearizable(ops, subject.model, subject.model.initial) ? undefined : told;
}

/**
 * Have these operations a legal order that keeps to these constraints alone? Every order of every choice of those that
 * need not have happened: for six operations or so.
 */
export function legalUnder<State>(
  ops: readonly {
    readonly action: Parameters<Model<State>["step"]>[1];
    readonly optional: boolean;
  }[],
  model: Model<State>,
  starts: readonly State[],
  must: (before: number, after: number) => boolean,
): boolean {
  const from = (placed: readonly number[], state: State): boolean => {
    const left = [...ops.keys()].filter((i) => !placed.includes(i));
    if (left.every((i) => ops[i]?.optional)) return true;
    return left.some((i) => {
      const op = ops[i];
      if (op === undefined || left.some((k) => must(k, i))) return false;
      const after = model.step(state, op.action);
      return after !== undefined && from([...placed, i], after);
    });
  };
  return starts.some((start) => from([], start));
}
