/**
 * A model as a machine over small numbers. States and classes of equal operations are interned,
 * each transition is asked of the model once and then kept, so that the search touches neither
 * values nor model code (the idea is Knossos's memoised model).
 */
import type { Action, Model } from "./model.ts";

export const ILLEGAL = -1;
const UNASKED = -2;
/** The table of transitions is dense up to this size; beyond it, a hash table. */
const DENSE = 1 << 22;
/** To find all states, at most so many are visited, and about so many transitions asked for. */
const FEW = 256;
const ASKED = 1 << 18;

/** A quarter of a gigabyte of keys is more than any search should need. */
const MOST_CHARACTERS = 1 << 28;

export interface Automaton {
  readonly initial: number;
  readonly states: number;
  readonly classes: number;
  /** More states than allowed were met; answers since then are worthless. */
  readonly overflowed: boolean;
  /** The state after an operation of the class, or `ILLEGAL`. */
  step(state: number, cls: number): number;
  actionOf(cls: number): Action;
  isPure(cls: number): boolean;
  isBlind(cls: number): boolean;
  /** Number of states that operations of all classes can reach; `undefined` when it is large. */
  reachable(): number | undefined;
}

export class ModelAutomaton<State> implements Automaton {
  readonly initial: number;
  readonly classes: number;
  readonly #model: Model<State>;
  readonly #actions: readonly Action[];
  readonly #pure: Uint8Array;
  readonly #blind: Uint8Array;
  readonly #states: State[] = [];
  readonly #ids = new Map<string | number, number>();
  readonly #limit: number;
  #transitions: Transitions;
  #overflowed = false;
  /** Whether the reachable states are few, once that was asked. */
  #few: boolean | undefined;

  constructor(model: Model<State>, actions: readonly Action[], limit: number) {
    this.#model = model;
    this.#actions = actions;
    this.#limit = limit;
    this.classes = actions.length;
    this.#pure = Uint8Array.from(actions, (action) => Number(model.pure(action)));
    this.#blind = Uint8Array.from(actions, (action) => Number(model.blind(action)));
    this.#transitions = new DenseTransitions(this.classes);
    this.initial = this.#intern(model.initial);
  }

  get states(): number {
    return this.#states.length;
  }

  /** Of all keys of states: a state may be as long as the history. */
  #characters = 0;

  get overflowed(): boolean {
    return this.#overflowed;
  }

  step(state: number, cls: number): number {
    const known = this.#transitions.get(state, cls);
    return known === UNASKED ? this.#ask(state, cls) : known;
  }

  actionOf(cls: number): Action {
    const action = this.#actions[cls];
    if (action === undefined) throw new RangeError(`there is no class ${cls}`);
    return action;
  }

  isPure(cls: number): boolean {
    return this.#pure[cls] === 1;
  }

  isBlind(cls: number): boolean {
    return this.#blind[cls] === 1;
  }

  reachable(): number | undefined {
    this.#few ??= this.#explore();
    return this.#few ? this.#states.length : undefined;
  }

  #explore(): boolean {
    for (let state = 0; state < this.#states.length; state++)
      for (let cls = 0; cls < this.classes; cls++) {
        if (this.#states.length > FEW || state * this.classes > ASKED) return false;
        this.step(state, cls);
      }
    return !this.#overflowed;
  }

  #ask(state: number, cls: number): number {
    const before = this.#states[state] as State;
    const after = this.#model.step(before, this.actionOf(cls));
    const answer = after === undefined ? ILLEGAL : this.#intern(after);
    if (!this.#transitions.fits(this.#states.length))
      this.#transitions = this.#transitions.spread();
    this.#transitions.set(state, cls, answer);
    return answer;
  }

  #intern(state: State): number {
    const key = this.#model.stateKey(state);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    if (typeof key === "string") this.#characters += key.length;
    if (id >= this.#limit || this.#characters > MOST_CHARACTERS) {
      this.#overflowed = true;
      return 0;
    }
    this.#states.push(state);
    this.#ids.set(key, id);
    return id;
  }
}

interface Transitions {
  get(state: number, cls: number): number;
  set(state: number, cls: number, answer: number): void;
  fits(states: number): boolean;
  spread(): Transitions;
}

class DenseTransitions implements Transitions {
  readonly #classes: number;
  #rows = 4;
  #table: Int32Array;

  constructor(classes: number) {
    this.#classes = classes;
    this.#table = new Int32Array(this.#rows * classes).fill(UNASKED);
  }

  get(state: number, cls: number): number {
    return this.#table[state * this.#classes + cls] as number;
  }

  set(state: number, cls: number, answer: number): void {
    this.#table[state * this.#classes + cls] = answer;
  }

  fits(states: number): boolean {
    while (this.#rows < states && this.#rows * 2 * this.#classes <= DENSE) {
      this.#rows *= 2;
      const table = new Int32Array(this.#rows * this.#classes).fill(UNASKED);
      table.set(this.#table);
      this.#table = table;
    }
    return states <= this.#rows;
  }

  spread(): Transitions {
    const spread = new SparseTransitions();
    for (let at = 0; at < this.#table.length; at++) {
      const answer = this.#table[at] as number;
      if (answer === UNASKED) continue;
      spread.set(Math.floor(at / this.#classes), at % this.#classes, answer);
    }
    return spread;
  }
}

/** Open addressing; a cell is a state, a class and the answer. */
class SparseTransitions implements Transitions {
  #capacity = 1 << 12;
  #used = 0;
  #cells = new Int32Array(this.#capacity * 3).fill(UNASKED);

  get(state: number, cls: number): number {
    return this.#cells[this.#find(state, cls) + 2] as number;
  }

  set(state: number, cls: number, answer: number): void {
    if (this.#used * 2 >= this.#capacity) this.#grow();
    const cell = this.#find(state, cls);
    if (this.#cells[cell] === UNASKED) this.#used++;
    this.#cells[cell] = state;
    this.#cells[cell + 1] = cls;
    this.#cells[cell + 2] = answer;
  }

  fits(): boolean {
    return true;
  }

  spread(): Transitions {
    return this;
  }

  #find(state: number, cls: number): number {
    const cells = this.#cells;
    let hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(cls, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let at = hash & (this.#capacity - 1); ; at = (at + 1) & (this.#capacity - 1)) {
      const cell = at * 3;
      if (cells[cell] === UNASKED) return cell;
      if (cells[cell] === state && cells[cell + 1] === cls) return cell;
    }
  }

  #grow(): void {
    const old = this.#cells;
    this.#capacity *= 2;
    this.#used = 0;
    this.#cells = new Int32Array(this.#capacity * 3).fill(UNASKED);
    for (let cell = 0; cell < old.length; cell += 3)
      if (old[cell] !== UNASKED)
        this.set(old[cell] as number, old[cell + 1] as number, old[cell + 2] as number);
  }
}
