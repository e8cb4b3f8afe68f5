/**
 * Which operations can be left out together. Without an operation the state after it may be
 * another one, until a blind operation brings both together again; so whatever can happen meanwhile
 * is left out with it, and what can happen after that, and so on. What is left has an order if
 * the whole has one: the order of the whole, without what is left out.
 */
import { type Automaton, ILLEGAL } from "./automaton.ts";
import type { Task } from "./task.ts";

export class Influence {
  readonly #automaton: Automaton;
  readonly #states: number;
  /** By class: 1 when none of it must happen. */
  readonly #optional: Uint8Array;
  readonly #present: number[];
  readonly #known = new Map<number, ReadonlySet<number>>();

  /** @param states all that there are. */
  constructor({ automaton, classes, optional, count }: Task, states: number) {
    this.#automaton = automaton;
    this.#states = states;
    this.#optional = new Uint8Array(automaton.classes).fill(1);
    for (let op = 0; op < count; op++)
      if (optional[op] === 0) this.#optional[classes[op] as number] = 0;
    this.#present = [...new Set(classes.subarray(0, count))];
  }

  /** The classes that must go where one operation of this class goes. */
  of(cls: number): ReadonlySet<number> {
    const known = this.#known.get(cls) ?? this.#follow(cls);
    this.#known.set(cls, known);
    return known;
  }

  #follow(cls: number): ReadonlySet<number> {
    const gone = new Set<number>();
    const states = new Set(this.#results(cls));
    for (const state of states)
      for (const other of this.#present) {
        if (gone.has(other) || this.#automaton.isBlind(other)) continue;
        const after = this.#automaton.step(state, other);
        // An optional operation that has no effect may as well not happen.
        if (after === ILLEGAL || (after === state && this.#optional[other] === 1)) continue;
        gone.add(other);
        for (const result of this.#results(other)) states.add(result);
      }
    return gone;
  }

  /** The states that operations of the class lead to from others. */
  #results(cls: number): number[] {
    const results: number[] = [];
    for (let state = 0; state < this.#states; state++) {
      const after = this.#automaton.step(state, cls);
      if (after !== ILLEGAL && after !== state) results.push(after);
    }
    return results;
  }
}
