/** Checks what the search for a sequential order says, with none of its code: an order by replay, a refusal by trying all. */
import { FAIL, INFO, OK, type Part } from "../history/columns.ts";
import type { Action, Model } from "../search/index.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";

export type Spans = "key" | "history";

/**
 * Is `order` (rows) a sequential order of the part? @returns what is wrong with it, or `undefined`. Each process in its
 * own order, each operation legal on its object, all that was acknowledged there, once.
 */
export function faultOfInterleaving<State>(
  { columns, rows }: Part,
  model: Model<State>,
  spans: Spans,
  order: Int32Array,
): string | undefined {
  const due = new Uint8Array(columns.count);
  for (const row of rows) due[row] = 1;
  const states = new Map<number, State>();
  const last = new Map<number, number>();
  for (const row of order) {
    if (due[row] !== 1) return `row ${row} does not belong there or occurs twice`;
    due[row] = 0;
    const process = columns.process[row] as number;
    if ((last.get(process) ?? -1) > row) return `row ${row} comes after what its process did later`;
    last.set(process, row);
    const action = actionOfRow(columns, row, model);
    if (action === undefined) return `row ${row} did not happen`;
    const object = spans === "key" ? (columns.key[row] as number) : 0;
    const next = model.step(
      states.has(object) ? (states.get(object) as State) : model.initial,
      action,
    );
    if (next === undefined) return `row ${row} cannot have happened where it is placed`;
    states.set(object, next);
  }
  for (const row of rows) {
    if (due[row] !== 1) continue;
    const observed = columns.status[row] === FAIL && actionOfRow(columns, row, model) !== undefined;
    if (columns.status[row] === OK || observed) return `row ${row} happened and is missing`;
  }
  return undefined;
}

interface Step {
  readonly action: Action;
  readonly object: string;
  readonly optional: boolean;
}

/**
 * The dumb twin: every interleaving of the processes, remembering where it has been; shares no code with the search.
 * @returns whether there is a legal one; `undefined` when more than `limit` configurations would have to be tried.
 */
export function bruteSequential<State>(
  { columns, rows }: Part,
  model: Model<State>,
  spans: Spans,
  limit: number,
): boolean | undefined {
  const tracks = new Map<number, Step[]>();
  for (const row of rows) {
    const action = actionOfRow(columns, row, model);
    if (action === undefined) continue;
    const process = columns.process[row] as number;
    const object = spans === "key" ? `${columns.key[row]}` : "";
    const step = { action, object, optional: columns.status[row] === INFO };
    tracks.set(process, [...(tracks.get(process) ?? []), step]);
  }
  const steps = [...tracks.values()];
  const seen = new Set<string>();
  const open: [readonly number[], ReadonlyMap<string, State>][] = [[steps.map(() => 0), new Map()]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [at, states] = top;
    if (steps.every((track, i) => track.slice(at[i]).every(({ optional }) => optional)))
      return true;
    const key = keyOf(at, states, model);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > limit) return undefined;
    for (const [i, track] of steps.entries()) {
      const step = track[at[i] ?? 0];
      if (step === undefined) continue;
      const state = states.has(step.object) ? (states.get(step.object) as State) : model.initial;
      const next = model.step(state, step.action);
      if (next !== undefined)
        open.push([at.with(i, (at[i] ?? 0) + 1), new Map(states).set(step.object, next)]);
    }
  }
  return false;
}

function keyOf<State>(
  at: readonly number[],
  states: ReadonlyMap<string, State>,
  model: Model<State>,
): string {
  const known = [...states].map(([object, state]) => canonical([object, model.stateKey(state)]));
  return `${at.join()} ${known.sort().join()}`;
}
