/**
 * The operations of a certificate as the model sees them, with a ground to stand on: the states before them in which
 * they have no legal order. For most it is the initial one. Where a certificate leaves out what led to the values that
 * it speaks of (a counter that stood at 5, a register that others had written), it is any state that the history can
 * have reached.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { INFO, NEVER, type Part } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import type { Model } from "../search/model.ts";
import { actionOfRow } from "../search/task.ts";
import { type Surroundings, surroundingsOf } from "./intruders.ts";
import { hasOrder, type Meter, MOST, type Placeable } from "./order-search.ts";
import { type Left, projected } from "./projection.ts";
import { possible, reachable, statesAround } from "./reachable.ts";

export interface Step extends Placeable {
  readonly operation: Operation;
  /** Elements of its answer that these operations do not speak of, and that are left out of `action`. */
  readonly gone: readonly Json[];
  /** It changes nothing. */
  readonly pure: boolean;
  /** Its answer is one that the object might not have given. */
  readonly tells: boolean;
}

export interface Core {
  readonly model: Model<unknown>;
  readonly key: string;
  /** In the order of their invocations. */
  readonly steps: readonly Step[];
  /** Operations that certainly did not happen, which the argument speaks of all the same. */
  readonly bystanders: readonly Operation[];
  /** The states before, from none of which there is a legal order. */
  readonly starts: readonly unknown[];
  /** States that these operations lead to, and those that all operations around them do. */
  readonly states: readonly unknown[];
  readonly around: readonly unknown[];
  /** Those around are all that there can be. */
  readonly complete: boolean;
  readonly meter: Meter;
  readonly part: Part;
  /** What else was going on, where that matters: after a search. With it, there is no legal order either. */
  readonly surroundings: Surroundings | undefined;
}

/** Steps of the search for one whole explanation. */
const BUDGET = 50_000;
/** Characters in the values of the operations for which a step costs one more. */
const HEAVY = 100;

/**
 * @param searched whether a search found the certificate. The procedures of single objects know what may be left out.
 * @returns `undefined` when nothing can be tried out: too many operations, or the model does not see the violation.
 */
export function coreOf(
  recording: Recording,
  part: Part,
  model: Model<unknown>,
  rows: readonly number[],
  searched: boolean,
): Core | undefined {
  if (rows.length > MOST) return undefined;
  try {
    return new Builder(recording, part, model, rows).core(searched);
  } catch {
    // The model does not understand some operation.
    return undefined;
  }
}

class Builder {
  readonly #recording: Recording;
  readonly #part: Part;
  readonly #model: Model<unknown>;
  readonly #rows: readonly number[];

  constructor(recording: Recording, part: Part, model: Model<unknown>, rows: readonly number[]) {
    this.#recording = recording;
    this.#part = part;
    this.#model = model;
    this.#rows = [...rows].sort((a, b) => a - b);
  }

  core(searched: boolean): Core | undefined {
    const operations = this.#rows.map((row) => this.#recording.operation(row));
    const known = operations.every((op) => this.#model.kinds.includes(op.f));
    const weight = weightOf(operations, 40_000);
    if (!known || weight === undefined) return undefined;
    const meter = { left: BUDGET, price: 1 + Math.floor(weight / HEAVY) };
    const told = this.#rows.map((row) => this.#placeable(row));
    const bystanders = operations.filter((op, i) => told[i] === undefined && op.status === "fail");
    const happened = operations.filter((_, i) => told[i] !== undefined);
    const seen = told.flatMap((one) => (one === undefined ? [] : [one]));
    const surroundings = searched ? this.#surroundings(seen) : undefined;
    const changed = searched ? undefined : projected(seen, this.#part, this.#model);
    for (const left of changed === undefined ? [seen] : [changed, seen]) {
      const ground = this.#groundOf(left, surroundings, meter);
      if (ground === undefined) continue;
      const states = [...ground.states, ...ground.around];
      const steps = left.map((one, i) => this.#step(one, happened[i] as Operation, states));
      const [key, model, part] = [operations[0]?.key ?? "", this.#model, this.#part];
      return { model, key, steps, bystanders, meter, part, surroundings, ...ground };
    }
    return undefined;
  }

  #surroundings(ops: readonly Placeable[]): Surroundings {
    const inside = new Set(this.#rows.map((row) => this.#part.columns.invoked[row] as number));
    return surroundingsOf(ops, inside, this.#part, this.#model);
  }

  #placeable(row: number): Placeable | undefined {
    const { columns } = this.#part;
    const action = actionOfRow(columns, row, this.#model);
    if (action === undefined) return undefined;
    const optional = columns.status[row] === INFO;
    const completed = optional ? NEVER : (columns.completed[row] as number);
    return { action, invoked: columns.invoked[row] as number, completed, optional };
  }

  /** The states to begin with, from none of which there is an order. */
  #groundOf(ops: readonly Left[], surroundings: Surroundings | undefined, meter: Meter) {
    const model = this.#model;
    const others = surroundings === undefined ? [] : surroundings.meanwhile;
    if (others === undefined) return undefined;
    const actions = ops.map(({ action }) => action);
    const states = reachable(model, [model.initial], actions, meter.price);
    const homeless = ops.some(
      ({ action, optional }) => !optional && !possible(model, states, action),
    );
    const wide = homeless || surroundings?.before === true;
    const { price } = meter;
    const { states: around, complete } = wide
      ? statesAround(model, this.#part, this.#rows, actions, states, price)
      : { states, complete: false };
    const limit = 20_000;
    for (const starts of wide ? [around, [model.initial]] : [[model.initial]]) {
      if (hasOrder(ops, model, starts, meter, { limit }) !== false) continue;
      const all = [...ops, ...others];
      if (others.length > 0 && hasOrder(all, model, starts, meter, { limit }) !== false) continue;
      const led = wide ? reachable(model, starts, actions, price) : states;
      return { starts, states: led, around, complete };
    }
    return undefined;
  }

  #step(one: Left, operation: Operation, states: readonly unknown[]): Step {
    const model = this.#model;
    const open = { ...one.action, output: undefined };
    const tells = states.some(
      (state) =>
        model.step(state, open) !== undefined && model.step(state, one.action) === undefined,
    );
    return { ...one, operation, tells, pure: model.pure(one.action), gone: one.gone ?? [] };
  }
}

/** Characters in inputs and outputs, about; `undefined` when more than `most`. */
function weightOf(operations: readonly Operation[], most: number): number | undefined {
  const open: Json[] = operations.flatMap((op) => [op.input, op.output ?? null]);
  let weight = 0;
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    weight += typeof top === "string" ? top.length : typeof top === "object" ? 16 : 4;
    if (weight > most) return undefined;
    if (typeof top === "object" && top !== null)
      for (const [name, inner] of Object.entries(top)) {
        weight += name.length;
        open.push(inner as Json);
      }
  }
  return weight;
}
