/**
 * What the engines work on: the operations of one part that bear on the verdict, as classes of an
 * automaton with their intervals. What failed is dropped, unless the model reads an observation
 * in it. What never returned is optional: it took effect at any time after its invocation, or not
 * at all; a pure one is dropped.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, INFO, NEVER, OK, type Part, UNKNOWN } from "../history/columns.ts";
import { type Automaton, ModelAutomaton } from "./automaton.ts";
import type { Action, Model } from "./model.ts";

export interface Task {
  readonly automaton: Automaton;
  readonly count: number;
  /** By operation, in the order of their invocations: the row of the columns, ... */
  readonly rows: Int32Array;
  /** ... its class in the automaton, ... */
  readonly classes: Int32Array;
  /** ... 1 when it need not have happened, ... */
  readonly optional: Uint8Array;
  /** ... and the ranks of its interval; an optional operation completes `NEVER`. */
  readonly invoked: Int32Array;
  readonly completed: Int32Array;
}

/** An operation as the model sees it; `undefined` when it cannot bear on any verdict. */
export function actionOfRow<State>(
  columns: Columns,
  row: number,
  model: Model<State>,
): Action | undefined {
  const value = (id: number): Json | undefined =>
    id === UNKNOWN ? undefined : columns.values.valueOf(id);
  const action: Action = {
    f: columns.kinds[columns.f[row] as number] ?? "",
    input: value(columns.input[row] as number) ?? null,
    output: value(columns.output[row] as number),
    ...(model.byProcess === true ? { process: columns.process[row] as number } : {}),
  };
  const status = columns.status[row];
  if (status === FAIL) return model.failed?.({ ...action, output: undefined });
  if (status === OK) return action;
  const open = { ...action, output: undefined };
  return model.pure(open) ? undefined : open;
}

/** The kinds in this part that the model does not know. */
export function foreignKinds<State>({ columns, rows }: Part, model: Model<State>): string[] {
  const seen = new Uint8Array(columns.kinds.length);
  for (const row of rows) seen[columns.f[row] as number] = 1;
  return columns.kinds.filter((kind, f) => seen[f] === 1 && !model.kinds.includes(kind));
}

/** @param states at most this many states of the model are kept. */
export function taskOf<State>({ columns, rows }: Part, model: Model<State>, states: number): Task {
  const actions: Action[] = [];
  const ofAll = new Map<number, number>();
  const ofProcess = new Map<number, Map<number, number>>();
  const task = allocate(rows.length);
  let count = 0;
  for (const row of rows) {
    const status = columns.status[row] as number;
    // Equal operations have equal numbers: kind and status, then input, then answer.
    const output = status === OK ? (columns.output[row] as number) : UNKNOWN;
    const values = (columns.input[row] as number) * (columns.values.size + 1) + output + 1;
    const number = values * columns.kinds.length * 3 + (columns.f[row] as number) * 3 + status;
    const known =
      model.byProcess === true ? numbersOf(ofProcess, columns.process[row] as number) : ofAll;
    let cls = known.get(number);
    if (cls === undefined) {
      const action = actionOfRow(columns, row, model);
      cls = action === undefined ? -1 : actions.push(action) - 1;
      known.set(number, cls);
    }
    if (cls < 0) continue;
    task.rows[count] = row;
    task.classes[count] = cls;
    task.optional[count] = Number(status === INFO);
    task.invoked[count] = columns.invoked[row] as number;
    task.completed[count] = status === INFO ? NEVER : (columns.completed[row] as number);
    count++;
  }
  const automaton = new ModelAutomaton(model, actions, states);
  return { automaton, count, ...cut(task, count) };
}

function numbersOf(
  processes: Map<number, Map<number, number>>,
  process: number,
): Map<number, number> {
  const numbers = processes.get(process) ?? new Map<number, number>();
  processes.set(process, numbers);
  return numbers;
}

/** What became of an operation in a smaller task. */
export const DROPPED = 0;
export const KEPT = 1;
export const DEMOTED = 2;

/** The task without some operations, and with others whose return is forgotten. */
export function subtask(task: Task, fate: Uint8Array): Task {
  const smaller = allocate(task.count);
  let count = 0;
  for (let op = 0; op < task.count; op++) {
    if (fate[op] === DROPPED) continue;
    const optional = fate[op] === DEMOTED || task.optional[op] === 1;
    smaller.rows[count] = task.rows[op] as number;
    smaller.classes[count] = task.classes[op] as number;
    smaller.optional[count] = Number(optional);
    smaller.invoked[count] = task.invoked[op] as number;
    smaller.completed[count] = optional ? NEVER : (task.completed[op] as number);
    count++;
  }
  return { automaton: task.automaton, count, ...cut(smaller, count) };
}

type Arrays = Omit<Task, "automaton" | "count">;

function allocate(count: number): Arrays {
  return {
    rows: new Int32Array(count),
    classes: new Int32Array(count),
    optional: new Uint8Array(count),
    invoked: new Int32Array(count),
    completed: new Int32Array(count),
  };
}

function cut({ rows, classes, optional, invoked, completed }: Arrays, count: number): Arrays {
  return {
    rows: rows.slice(0, count),
    classes: classes.slice(0, count),
    optional: optional.slice(0, count),
    invoked: invoked.slice(0, count),
    completed: completed.slice(0, count),
  };
}
