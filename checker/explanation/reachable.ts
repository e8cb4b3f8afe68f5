/** Which states an object can be in, as far as a few of its operations show. */
import type { Json } from "../../proto/json.ts";
import { FAIL, type Part, UNKNOWN } from "../history/columns.ts";
import type { Action, Model } from "../search/model.ts";

const MOST_STATES = 120;
const FEWEST_STATES = 8;
const MOST_ACTIONS = 48;
/** Rows of the history that are looked at, before the certificate's last one. */
const NEAR = 2_000;

/**
 * States that these operations can lead to, each as often as you like, whatever they answer; at most a hundred or so.
 * @param price fewer where a step costs more.
 */
export function reachable<State>(
  model: Model<State>,
  starts: readonly State[],
  actions: readonly Action[],
  price: number,
): State[] {
  const most = mostStates(price);
  const states = new Map<string, State>();
  const add = (state: State): void => {
    const key = model.stateKey(state);
    if (states.size < most) states.set(`${typeof key} ${key}`, state);
  };
  for (const start of starts) add(start);
  const effects = actions.filter((action) => !model.pure(action));
  const tried = effects.flatMap((action) => [action, { ...action, output: undefined }]);
  for (const state of states.values()) {
    if (states.size >= most) break;
    for (const action of tried) {
      const after = model.step(state, action);
      if (after !== undefined) add(after);
    }
  }
  return [...states.values()];
}

function mostStates(price: number): number {
  return Math.max(FEWEST_STATES, Math.floor(MOST_STATES / price));
}

/** Can this happen in one of these states? */
export function possible<State>(
  model: Model<State>,
  states: readonly State[],
  action: Action,
): boolean {
  return states.some((state) => model.step(state, action) !== undefined);
}

export interface Around<State> {
  readonly states: readonly State[];
  /** These are all: every operation of the part was followed to its end. */
  readonly complete: boolean;
}

/** `states`, and those that other operations of the part may have led to before the certificate. */
export function statesAround<State>(
  model: Model<State>,
  { columns, rows }: Part,
  certificate: readonly number[],
  actions: readonly Action[],
  states: readonly State[],
  price: number,
): Around<State> {
  const known = new Map<string, Action>();
  const last = rows.lastIndexOf(certificate.at(-1) ?? -1);
  const end = Math.max(0, last - NEAR);
  for (let place = last; place >= end && known.size < MOST_ACTIONS; place--) {
    const row = rows[place] as number;
    if (columns.status[row] === FAIL || columns.input[row] === UNKNOWN) continue;
    const f = columns.kinds[columns.f[row] as number] ?? "";
    const process = model.byProcess === true ? { process: columns.process[row] as number } : {};
    const id = `${columns.f[row]} ${columns.input[row]} ${process.process}`;
    if (known.has(id) || !model.kinds.includes(f)) continue;
    const input = columns.values.valueOf(columns.input[row] as number);
    known.set(id, { f, input, output: undefined, ...process });
  }
  const guesses = actions.flatMap(({ output }) =>
    isState(model, output) ? [output as State] : [],
  );
  const all = reachable(model, [...guesses, ...states], [...known.values(), ...actions], price);
  const complete = end === 0 && known.size < MOST_ACTIONS && all.length < mostStates(price);
  return { states: all, complete };
}

/** A number or text that was answered may be the state of an object whose states are numbers or texts. */
function isState<State>({ initial }: Model<State>, output: Json | undefined): boolean {
  return (
    typeof output === typeof initial && (typeof output === "number" || typeof output === "string")
  );
}
