/**
 * The definition of linearizability, tried out: every order of a handful of operations that respects real time, with
 * those of unknown outcome taking effect or not. Shares nothing with the procedures that it judges.
 */
import type { Json } from "../../../proto/json.ts";

/** One operation: `end` is infinite when the outcome is unknown, `output` is then undefined. */
export interface Call {
  readonly f: string;
  readonly process: number;
  readonly input: Json;
  readonly output: Json | undefined;
  readonly begin: number;
  readonly end: number;
  /** It answered that the object would not: it happened where the object refuses. */
  readonly refused?: boolean;
}

/** A sequential object: what it answers and becomes, or `undefined` where it refuses (as a held lock does). */
export type Perform = (
  state: Json,
  call: Pick<Call, "f" | "input" | "process">,
) => { readonly state: Json; readonly output: Json } | undefined;

export function explainable(calls: readonly Call[], initial: Json, perform: Perform): boolean {
  const due = calls.reduce((mask, call, i) => (known(call) ? mask | (1 << i) : mask), 0);
  const seen = new Set<string>();
  const from = (placed: number, state: Json): boolean => {
    if ((placed & due) === due) return true;
    const key = `${placed} ${JSON.stringify(state)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const open = calls.flatMap((call, i) => ((placed >> i) & 1 ? [] : [{ call, bit: 1 << i }]));
    return open.some(({ call, bit }) => {
      if (open.some((other) => other.call.end < call.begin)) return false;
      const after = follow(state, call, perform);
      return after !== undefined && from(placed | bit, after.state);
    });
  };
  return from(0, initial);
}

/** What is wrong with an order of calls (those of unknown outcome may be missing), or `undefined`. */
export function faultOf(
  order: readonly Call[],
  calls: readonly Call[],
  initial: Json,
  perform: Perform,
): string | undefined {
  if (new Set(order).size !== order.length) return "a call occurs twice";
  if (order.some((call) => !calls.includes(call))) return "a call does not belong";
  if (calls.some((call) => known(call) && !order.includes(call))) return "a call is missing";
  let state = initial;
  let latest = -1;
  for (const [place, call] of order.entries()) {
    if (call.end < latest) return `number ${place} comes too late`;
    latest = Math.max(latest, call.begin);
    const after = follow(state, call, perform);
    if (after === undefined) return `number ${place} is illegal`;
    state = after.state;
  }
  return undefined;
}

function follow(state: Json, call: Call, perform: Perform): { readonly state: Json } | undefined {
  const done = perform(state, call);
  if (call.refused === true) return done === undefined ? { state } : undefined;
  if (done === undefined || !known(call)) return done;
  return JSON.stringify(done.output) === JSON.stringify(call.output) ? done : undefined;
}

function known(call: Call): boolean {
  return Number.isFinite(call.end);
}

// The objects, one by one, as plainly as can be.

function items(state: Json): readonly Json[] {
  return Array.isArray(state) ? state : [];
}

function number(state: Json): number {
  return typeof state === "number" ? state : Number.NaN;
}

export const register: Perform = (state, { f, input }) => {
  if (f === "read") return { state, output: state };
  if (f === "write") return { state: input, output: null };
  if (f === "swap") return { state: input, output: state };
  const [old, next] = items(input);
  return JSON.stringify(state) === JSON.stringify(old)
    ? { state: next ?? null, output: null }
    : undefined;
};

export const queue: Perform = (state, { f, input }) => {
  if (f === "enqueue") return { state: [...items(state), input], output: null };
  const [first, ...rest] = items(state);
  return { state: rest, output: first ?? null };
};

export const stack: Perform = (state, { f, input }) => {
  if (f === "push") return { state: [...items(state), input], output: null };
  return { state: items(state).slice(0, -1), output: items(state).at(-1) ?? null };
};

export const priorityQueue: Perform = (state, { f, input }) => {
  const sorted = [...items(state), ...(f === "insert" ? [input] : [])].sort(
    (a, b) => number(a) - number(b),
  );
  if (f === "insert") return { state: sorted, output: null };
  return { state: sorted.slice(1), output: sorted[0] ?? null };
};

export const growSet: Perform = (state, { f, input }) => {
  const all = items(state);
  if (f === "read") return { state, output: state };
  const grown = [...all.filter((x) => x !== input), input].sort((a, b) => number(a) - number(b));
  return { state: grown, output: null };
};

export const counter: Perform = (state, { f }) =>
  f === "read" ? { state, output: state } : { state: number(state) + 1, output: null };

export const fetchAndAdd: Perform = (state) => ({ state: number(state) + 1, output: state });

/** The state lists the holds as `process mode`: a process may hold several permits, or read several times. */
export function lock(permits: number, shared: boolean): Perform {
  return (state, { f, process, input }) => {
    const holds = items(state).map(String);
    if (f === "release") {
      const mine = holds.findIndex((hold) => hold.startsWith(`${process} `));
      return mine < 0 ? undefined : { state: holds.toSpliced(mine, 1), output: null };
    }
    const exclusive = !shared || input === "write";
    const limit = shared && exclusive ? 1 : permits;
    const written = shared && holds.some((hold) => hold.endsWith("write"));
    if (written || holds.length >= limit) return undefined;
    return {
      state: [...holds, `${process} ${shared ? String(input) : "hold"}`].sort(),
      output: null,
    };
  };
}

export const elementSet: Perform = (state, { f, input }) => {
  const has = items(state).includes(input);
  const rest = items(state).filter((x) => x !== input);
  if (f === "add") return { state: [...rest, input].sort(), output: !has };
  if (f === "remove") return { state: rest, output: has };
  return { state, output: has };
};

export const log: Perform = (state, { f, input }) => {
  const all = items(state);
  if (f === "append") return { state: [...all, input], output: all.length };
  return { state, output: all[number(input)] ?? null };
};

/** What is null is not there; a transaction that appends to something else than a list cannot happen. */
export const transactions: Perform = (state, { input }) => {
  const all = new Map(Object.entries(state as Record<string, Json>));
  const output = items(input).map((step): Json => {
    const [f, name, value] = items(step);
    const key = String(name);
    const found = all.get(key) ?? null;
    if (f === "r") return ["r", key, found];
    if (f === "w") all.set(key, value ?? null);
    else if (found === null || Array.isArray(found)) all.set(key, [...items(found), value ?? null]);
    else return false;
    return step;
  });
  if (output.includes(false)) return undefined;
  const entries = [...all]
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { state: Object.fromEntries(entries), output };
};
