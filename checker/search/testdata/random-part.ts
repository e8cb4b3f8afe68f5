/** Random parts for any model: any interleaving, answers half right and half wrong. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Json } from "../../../proto/json.ts";
import {
  allocate,
  type Columns,
  FAIL,
  INFO,
  NEVER,
  OK,
  type Part,
  UNKNOWN,
} from "../../history/columns.ts";
import { Interner } from "../../history/intern.ts";
import type { Action, Model } from "../model.ts";

export type Draw = (from: number, to: number) => number;

export function drawOf(random: RandomGenerator): Draw {
  return (from, to) => uniformInt(random, from, to);
}

/** An object with its requests, and with answers that it might give. */
export interface Subject<State> {
  readonly model: Model<State>;
  request(draw: Draw): readonly [f: string, input: Json];
  /** All answers worth trying; the ones that the model accepts are tried first. */
  answers(f: string, input: Json): readonly Json[];
}

export interface PartShape {
  readonly operations: number;
  readonly processes: number;
  /** In percent: never returns; failed; answer drawn at random rather than by the object. */
  readonly lost: number;
  readonly failed: number;
  readonly wrong: number;
}

export interface Recorded extends Action {
  readonly status: number;
  readonly invoked: number;
  readonly completed: number;
}

interface Pending {
  readonly index: number;
  readonly f: string;
  readonly input: Json;
  /** Set once it took effect. */
  answer?: Json;
}

/** A history of a correct object, with wrong answers mixed in. */
export function randomOperations<State>(
  draw: Draw,
  { model, request, answers }: Subject<State>,
  shape: PartShape,
): Recorded[] {
  const done: Recorded[] = [];
  const open: (Pending | undefined)[] = Array.from({ length: shape.processes });
  let state = model.initial;
  let [rank, begun] = [0, 0];
  const finish = (one: Pending & { invoked: number }, status: number, output?: Json): void => {
    const completed = status === INFO ? NEVER : rank++;
    const { f, input, invoked } = one;
    done[one.index] = { f, input, output, status, invoked, completed };
  };
  const invoked = new Map<number, number>();
  const happen = (one: Pending): void => {
    const legal = answers(one.f, one.input).flatMap((output) => {
      const after = model.step(state, { f: one.f, input: one.input, output });
      return after === undefined ? [] : [{ output, after }];
    });
    const chosen = legal[0] === undefined ? undefined : legal[draw(0, legal.length - 1)];
    if (chosen === undefined) return;
    state = chosen.after;
    one.answer = chosen.output;
  };
  while (begun < shape.operations || open.some((one) => one !== undefined)) {
    const process = draw(0, shape.processes - 1);
    const one = open[process];
    if (one === undefined) {
      if (begun >= shape.operations) continue;
      const [f, input] = request(draw);
      invoked.set(begun, rank++);
      open[process] = { index: begun++, f, input };
      continue;
    }
    const full = { ...one, invoked: invoked.get(one.index) ?? 0 };
    const [all, fate] = [answers(one.f, one.input), draw(0, 99)];
    if (fate < shape.lost) finish(full, INFO);
    else if (one.answer === undefined && fate < shape.lost + shape.failed) finish(full, FAIL);
    else if (one.answer === undefined && draw(0, 99) < 97) {
      happen(one);
      continue;
    } else if (one.answer === undefined) finish(full, FAIL);
    else if (draw(0, 99) < shape.wrong) finish(full, OK, all[draw(0, all.length - 1)] ?? null);
    else finish(full, OK, one.answer);
    open[process] = undefined;
  }
  return done;
}

export function partOf(operations: readonly Recorded[]): Part {
  const kinds = new Interner<string>();
  const values = new Interner();
  values.id(null);
  const columns = allocate(operations.length);
  for (const [row, op] of operations.entries()) {
    columns.f[row] = kinds.id(op.f);
    columns.status[row] = op.status;
    columns.input[row] = values.id(op.input);
    columns.output[row] = op.output === undefined ? UNKNOWN : values.id(op.output);
    columns.invoked[row] = op.invoked;
    columns.completed[row] = op.completed;
    columns.process[row] = row;
  }
  const all: Columns = {
    count: operations.length,
    kinds: kinds.all,
    keys: ["x"],
    values,
    ...columns,
  };
  return { columns: all, rows: Int32Array.from(operations.keys()) };
}

export function tell(operations: readonly Recorded[]): string {
  return operations
    .map(({ f, input, output, status, invoked, completed }) => {
      const end = completed === NEVER ? "" : completed;
      return `${f} ${JSON.stringify(input)} ${JSON.stringify(output)} ${["ok", "fail", "info"][status]} [${invoked}, ${end}]`;
    })
    .join("; ");
}
