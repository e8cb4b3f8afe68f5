/**
 * Models as data, so that they can stand in a plan: what an object is, and with what it begins. A model of the user's
 * own is code; in a plan it stands by its name, and whoever judges by the plan must have it at hand.
 */
import type { Json } from "../../proto/json.ts";
import type { Model } from "../search/index.ts";

export type RegisterSpec = { readonly name: "register"; readonly initial: Json };
export type CasRegisterSpec = {
  readonly name: "cas-register";
  readonly initial: Json;
  readonly failures: "ignored" | "observed";
};
export type MultiRegisterSpec = {
  readonly name: "multi-register";
  readonly initial: { readonly [register: string]: Json };
};
export type TransactionsSpec = {
  readonly name: "transactions";
  readonly initial: { readonly [key: string]: Json };
};
export type KeyValueSpec = { readonly name: "key-value"; readonly initial: string };
export type CounterSpec = {
  readonly name: "counter";
  readonly initial: number;
  readonly sums: boolean;
};
export type FetchAndAddSpec = { readonly name: "fetch-and-add"; readonly initial: number };
export type PlainSpec = {
  readonly name: "log" | "priority-queue" | "queue" | "rw-lock" | "set" | "stack";
};
export type MutexSpec = { readonly name: "mutex"; readonly held: boolean };
export type SemaphoreSpec = { readonly name: "semaphore"; readonly permits: number };
export type CustomSpec = { readonly name: "custom"; readonly model: string };

export type ModelSpec =
  | RegisterSpec
  | CasRegisterSpec
  | MultiRegisterSpec
  | TransactionsSpec
  | KeyValueSpec
  | CounterSpec
  | FetchAndAddSpec
  | PlainSpec
  | MutexSpec
  | SemaphoreSpec
  | CustomSpec;

/** `read` answers the last value that `write` wrote; `initial`, by default `null`, until then. */
export function register(initial: Json = null): RegisterSpec {
  return { name: "register", initial };
}

/**
 * A register with `cas` (input `[old, new]`) and `swap` (input new, output old). A cas that found something else
 * answers ok with `false`. One that is `fail` did not happen, for whatever reason; where the only reason can be that
 * the comparison failed, say `{ failures: "observed" }`, and it counts as having found something else than `old`.
 */
export function casRegister(
  initial: Json = null,
  { failures = "ignored" }: { readonly failures?: CasRegisterSpec["failures"] } = {},
): CasRegisterSpec {
  return { name: "cas-register", initial, failures };
}

/** Several registers read and written together; inputs of `write` and answers of `read` are objects. */
export function multiRegister(initial: MultiRegisterSpec["initial"]): MultiRegisterSpec {
  return { name: "multi-register", initial };
}

/**
 * A few keys under transactions: the input of `txn` is a list of `["r", key, null]`, `["w", key, value]` and
 * `["append", key, value]`; the answer is the list with its reads filled in.
 */
export function transactions(initial: TransactionsSpec["initial"] = {}): TransactionsSpec {
  return { name: "transactions", initial };
}

/** Strings: `put`, `append` to the end, `get`. */
export function keyValue(initial = ""): KeyValueSpec {
  return { name: "key-value", initial };
}

/**
 * `add` of a number (or `increment`), `read` of the sum. What an `add` answers says nothing (many clients echo what they
 * added), unless `sums` says that it is the sum afterwards.
 */
export function counter(
  initial = 0,
  { sums = false }: { readonly sums?: boolean } = {},
): CounterSpec {
  return { name: "counter", initial, sums };
}

/** `fetch-and-add` answers the former value: sequence numbers, ids, tickets. */
export function fetchAndAdd(initial = 0): FetchAndAddSpec {
  return { name: "fetch-and-add", initial };
}

/** `add`, `remove` and `contains` of an element, `read` of all of them. */
export function set(): PlainSpec {
  return { name: "set" };
}

/** First in, first out: `enqueue`, and `dequeue`, which answers `null` when there is nothing. */
export function queue(): PlainSpec {
  return { name: "queue" };
}

/** Last in, first out: `push`, and `pop`, which answers `null` when there is nothing. */
export function stack(): PlainSpec {
  return { name: "stack" };
}

/** `insert` of a number, and `poll`, which answers the smallest, or `null` when there is nothing. */
export function priorityQueue(): PlainSpec {
  return { name: "priority-queue" };
}

/** `append` answers the offset, `read` of an offset what stands there, or `null` beyond the end. */
export function log(): PlainSpec {
  return { name: "log" };
}

/** `acquire` and `release` by one holder at a time; `held` when it begins as taken. */
export function mutex({ held = false }: { readonly held?: boolean } = {}): MutexSpec {
  return { name: "mutex", held };
}

/** `acquire` and `release` by at most so many holders at a time. */
export function semaphore(permits: number): SemaphoreSpec {
  return { name: "semaphore", permits };
}

/** `acquire` with the input `"read"` or `"write"`, and `release`. */
export function rwLock(): PlainSpec {
  return { name: "rw-lock" };
}

// Not a property that JSON sees: a plan holds the name alone. By `Symbol.for`, as there may be two copies of this file.
const MODEL = Symbol.for("testbed.model");

/** The spec that stands for a model of the user's own. */
export function custom<State>(model: Model<State>): CustomSpec {
  const spec = { name: "custom", model: model.name } as const;
  return Object.defineProperty(spec, MODEL, { value: model });
}

/** The model that the spec stands for, where it is at hand. */
export function modelBehind(spec: object): Model<unknown> | undefined {
  return (spec as { readonly [MODEL]?: Model<unknown> })[MODEL];
}
