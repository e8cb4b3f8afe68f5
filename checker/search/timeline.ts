/**
 * A task cut into layers, one for each response, since only a response forces anything (the
 * just-in-time linearization of Lowe 2017). While it is open a mandatory operation owns a slot,
 * so that what a configuration has done is a mask over the slots open now, not over all
 * operations. All that a search needs to know at a layer stands in flat arrays.
 */
import { NEVER } from "../history/columns.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import type { Task } from "./task.ts";

/** Mandatory operations open at once, at most: two words of 32 bits. */
export const SLOTS = 64;

/** Equal optional operations: which of them happened makes no difference, only how many. */
export interface Group {
  readonly cls: number;
  /** Operations in the order of their invocations, ... */
  readonly ops: number[];
  /** ... and the first layer at which each of them may have happened. */
  readonly layers: number[];
}

export interface Timeline {
  readonly layers: number;
  readonly slots: number;
  /** By layer: the operation that responds, its slot, ... */
  readonly responder: Int32Array;
  readonly slotOfResponder: Uint8Array;
  /** ... and how many operations of the task were invoked before. */
  readonly begun: Int32Array;
  /** By operation. */
  readonly slotOf: Uint8Array;
  /** By layer and slot: the class of the operation in the slot, ... */
  readonly classes: Uint8Array | Int32Array;
  /** ... and the slot of an equal one that responds before it, or -1. */
  readonly twins: Int8Array;
  /** By layer and word: which slots are open, and which of them hold pure and blind operations. */
  readonly open: Int32Array;
  readonly pure: Int32Array;
  readonly blind: Int32Array;
  /** In the order of their first invocations. */
  readonly groups: readonly Group[];
}

/** Does the slot hold a blind operation at the layer? */
export function isBlind({ blind }: Timeline, layer: number, slot: number): boolean {
  return (((blind[layer * 2 + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1;
}

/** @returns the number of operations open at once when there are not slots enough. */
export function timelineOf(task: Task, rules: Rules = ALL_RULES): Timeline | number {
  const { layers, widest } = measure(task);
  if (widest > SLOTS) return widest;
  const timeline = {
    layers,
    slots: widest,
    responder: new Int32Array(layers),
    slotOfResponder: new Uint8Array(layers),
    begun: new Int32Array(layers),
    slotOf: new Uint8Array(task.count),
    classes: new (task.automaton.classes <= 256 ? Uint8Array : Int32Array)(layers * widest),
    twins: new Int8Array(layers * widest),
    open: new Int32Array(layers * 2),
    pure: new Int32Array(layers * 2),
    blind: new Int32Array(layers * 2),
    groups: [],
  };
  return { ...timeline, groups: new Sweep(task, rules, timeline).run() };
}

function measure({ count, optional, invoked, completed }: Task) {
  const open: number[] = [];
  let widest = 0;
  let layers = 0;
  for (let op = 0; op < count; op++) {
    while (open.length > 0 && (completed[open[0] as number] as number) < (invoked[op] as number))
      open.shift();
    if (optional[op] === 1) continue;
    layers++;
    insert(open, op, completed);
    widest = Math.max(widest, open.length);
    if (open.length > 4 * SLOTS) break;
  }
  return { layers, widest };
}

/** @returns where it was put into the operations that are open, ascending by completion. */
function insert(open: number[], op: number, completed: Int32Array): number {
  let at = open.length;
  while (at > 0 && (completed[open[at - 1] as number] as number) > (completed[op] as number)) at--;
  open.splice(at, 0, op);
  return at;
}

/** One walk over the events, which fills the arrays. */
class Sweep {
  readonly #task: Task;
  readonly #rules: Rules;
  readonly #line: Timeline;
  readonly #open: number[] = [];
  readonly #free: number[] = [];
  readonly #classes: Int32Array;
  readonly #twins: Int8Array;
  readonly #masks = { open: new Int32Array(2), pure: new Int32Array(2), blind: new Int32Array(2) };
  readonly #groups = new Map<number, Group>();
  #layer = 0;

  constructor(task: Task, rules: Rules, line: Timeline) {
    this.#task = task;
    this.#rules = rules;
    this.#line = line;
    for (let slot = line.slots - 1; slot >= 0; slot--) this.#free.push(slot);
    this.#classes = new Int32Array(line.slots);
    this.#twins = new Int8Array(line.slots);
  }

  run(): Group[] {
    const { count, optional, invoked } = this.#task;
    for (let op = 0; op < count; op++) {
      this.#respondUntil(invoked[op] as number, op);
      if (optional[op] === 1) this.#offer(op);
      else this.#invoke(op);
    }
    this.#respondUntil(NEVER, count);
    return [...this.#groups.values()];
  }

  #offer(op: number): void {
    const cls = this.#task.classes[op] as number;
    if (this.#rules.optionalCounts && this.#task.automaton.isPure(cls)) return;
    const key = this.#rules.optionalCounts ? cls : op;
    const group = this.#groups.get(key) ?? { cls, ops: [], layers: [] };
    group.ops.push(op);
    group.layers.push(this.#layer);
    this.#groups.set(key, group);
  }

  #invoke(op: number): void {
    const { classes, automaton, completed } = this.#task;
    const cls = classes[op] as number;
    const slot = this.#free.pop() ?? 0;
    const [word, bit] = [slot >> 5, 1 << (slot & 31)];
    const { open, pure, blind } = this.#masks;
    open[word] = (open[word] as number) | bit;
    if (this.#rules.eagerPure && automaton.isPure(cls)) pure[word] = (pure[word] as number) | bit;
    else if (this.#rules.hideBlind && automaton.isBlind(cls))
      blind[word] = (blind[word] as number) | bit;
    this.#line.slotOf[op] = slot;
    this.#classes[slot] = cls;
    this.#twins[slot] = -1;
    const at = insert(this.#open, op, completed);
    if (!this.#rules.earliestTwin) return;
    const { slotOf } = this.#line;
    const others = this.#open;
    let before = at - 1;
    while (before >= 0 && classes[others[before] as number] !== cls) before--;
    if (before >= 0) this.#twins[slot] = slotOf[others[before] as number] as number;
    let after = at + 1;
    while (after < others.length && classes[others[after] as number] !== cls) after++;
    if (after < others.length) this.#twins[slotOf[others[after] as number] as number] = slot;
  }

  #respondUntil(rank: number, begun: number): void {
    const { completed } = this.#task;
    for (let op = this.#open[0]; op !== undefined; op = this.#open[0]) {
      if ((completed[op] as number) >= rank) return;
      this.#respond(op, begun);
      this.#open.shift();
    }
  }

  #respond(op: number, begun: number): void {
    const line = this.#line;
    const slot = line.slotOf[op] as number;
    const layer = this.#layer++;
    line.responder[layer] = op;
    line.slotOfResponder[layer] = slot;
    line.begun[layer] = begun;
    const base = layer * line.slots;
    for (let other = 0; other < line.slots; other++) {
      line.classes[base + other] = this.#classes[other] as number;
      line.twins[base + other] = this.#twins[other] as number;
      if (this.#twins[other] === slot) this.#twins[other] = -1;
    }
    const { open, pure, blind } = this.#masks;
    save(open, line.open, layer, slot);
    save(pure, line.pure, layer, slot);
    save(blind, line.blind, layer, slot);
    this.#free.push(slot);
  }
}

/** The masks as they are at the layer; then the slot that responds is free. */
function save(mask: Int32Array, all: Int32Array, layer: number, slot: number): void {
  all[layer * 2] = mask[0] as number;
  all[layer * 2 + 1] = mask[1] as number;
  const word = slot >> 5;
  mask[word] = (mask[word] as number) & ~(1 << (slot & 31));
}
