/**
 * What the search for a sequential order works on: each session as a track of operations that it must take one after
 * the other. Operations are classes of an automaton, objects are keys (or the whole history is one object). What never
 * returned is optional: it takes effect after all else in its session, or not at all.
 */
import type { Part } from "../history/columns.ts";
import type { Automaton } from "../search/automaton.ts";
import type { Model } from "../search/index.ts";
import { taskOf } from "../search/task.ts";

export interface Tracks {
  readonly automaton: Automaton;
  readonly width: number;
  /** By session: its first node; one more entry for the end. Sessions are numbered as they first appear. */
  readonly start: Int32Array;
  readonly count: number;
  /** By node. */
  readonly row: Int32Array;
  readonly session: Int32Array;
  readonly cls: Int32Array;
  readonly optional: Uint8Array;
  readonly object: Int32Array;
  readonly objects: number;
  /** How many nodes are not optional. */
  readonly due: number;
}

/** At most so many states of the model are told apart. */
const STATES = 1 << 22;

/** `spans`: whether each key is an object of its own, or all keys together are one. */
export function tracksOf<State>(part: Part, model: Model<State>, spans: "key" | "history"): Tracks {
  const { columns } = part;
  const task = taskOf(part, model, STATES);
  const { count } = task;
  const numbers = new Map<number, number>();
  const own = new Int32Array(count);
  const sizes: number[] = [];
  for (let op = 0; op < count; op++) {
    const process = columns.process[task.rows[op] as number] as number;
    let session = numbers.get(process);
    if (session === undefined) {
      session = sizes.push(0) - 1;
      numbers.set(process, session);
    }
    own[op] = session;
    sizes[session] = (sizes[session] as number) + 1;
  }
  const width = sizes.length;
  const start = new Int32Array(width + 1);
  for (let s = 0; s < width; s++) start[s + 1] = (start[s] as number) + (sizes[s] as number);
  const next = start.slice();
  const numbered = new Map<number, number>();
  const nodes = {
    row: new Int32Array(count),
    session: new Int32Array(count),
    cls: new Int32Array(count),
    optional: new Uint8Array(count),
    object: new Int32Array(count),
  };
  let due = 0;
  for (let op = 0; op < count; op++) {
    const session = own[op] as number;
    const node = next[session] as number;
    next[session] = node + 1;
    const row = task.rows[op] as number;
    const key = spans === "key" ? (columns.key[row] as number) : 0;
    let object = numbered.get(key);
    if (object === undefined) {
      object = numbered.size;
      numbered.set(key, object);
    }
    nodes.row[node] = row;
    nodes.session[node] = session;
    nodes.cls[node] = task.classes[op] as number;
    nodes.optional[node] = task.optional[op] as number;
    nodes.object[node] = object;
    if (task.optional[op] !== 1) due++;
  }
  return { automaton: task.automaton, width, start, count, ...nodes, objects: numbered.size, due };
}
