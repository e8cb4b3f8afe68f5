/**
 * What must come before what if there is a sequential order of a register history with unique values: session order
 * and reads after their writes, and whatever follows. A write that comes before a read comes before the write that was
 * read; a write that comes after the one that was read comes after the read; a read of the initial value comes before
 * all writes. Again and again until nothing new follows (Zennou, Bouajjani, Enea & Erradi, "Gradual consistency
 * checking", CAV 2019). A cycle refutes; without one nothing is proven, but a search knows where not to look.
 */
import { Cursors, forKnownWrites } from "./known-writes.ts";
import { type Clocks, clocksOf, type Derived, reaches } from "./order-graph.ts";
import { INITIAL } from "./reads-from.ts";
import { NO_SOURCE, type Sessions } from "./sessions.ts";

/** Cells of clocks written, at most. */
const WORK = 5e8;
/** Orders derived, at most; some 100 bytes each. */
const DERIVED = 4e6;

export interface Saturated {
  /** `undefined` when what was derived has a cycle. */
  readonly clocks: Clocks | undefined;
  readonly derived: readonly Derived[];
}

export function saturated(sessions: Sessions): Saturated {
  const derived = initially(sessions);
  const rounds = Math.max(1, WORK / Math.max(1, sessions.count * sessions.width));
  for (let round = 1; ; round++) {
    const clocks = clocksOf(sessions, derived);
    if ("sorted" in clocks) return { clocks: undefined, derived };
    const before = derived.length;
    if (round < rounds) new Round(sessions, clocks, derived, round).run();
    if (derived.length === before) return { clocks, derived };
  }
}

/** The last read of the initial value in each session comes before all writes of its key. */
function initially({ width, start, source, key, writes }: Sessions): Derived[] {
  const derived: Derived[] = [];
  for (let s = 0; s < width; s++) {
    const met = new Set<number>();
    for (let node = (start[s + 1] as number) - 1; node >= (start[s] as number); node--) {
      const own = key[node] as number;
      if (source[node] !== INITIAL || met.has(own)) continue;
      met.add(own);
      const end = writes.groupsOf[own + 1] as number;
      for (let group = writes.groupsOf[own] as number; group < end; group++) {
        const first = writes.nodes[writes.begin[group] as number] as number;
        derived.push({ from: node, to: first, via: node, rule: "initial", round: 0 });
      }
    }
  }
  return derived;
}

class Round {
  readonly #sessions: Sessions;
  readonly #clocks: Clocks;
  readonly #derived: Derived[];
  readonly #round: number;
  readonly #met = new Set<number>();

  constructor(sessions: Sessions, clocks: Clocks, derived: Derived[], round: number) {
    this.#sessions = sessions;
    this.#clocks = clocks;
    this.#derived = derived;
    this.#round = round;
  }

  run(): void {
    const { width, start } = this.#sessions;
    const cursors = new Cursors(this.#sessions);
    for (let s = 0; s < width; s++) {
      const stretch = [start[s] as number, start[s + 1] as number] as const;
      forKnownWrites(this.#sessions, this.#clocks, stretch, cursors, (read, write) => {
        const source = this.#sessions.source[read] as number;
        if (source !== INITIAL) this.#derive(write, source, read, "before");
        return false;
      });
      this.#after(stretch);
    }
  }

  /** Of several reads of one write by a session the last one is enough. */
  #after([from, to]: readonly [number, number]): void {
    const { source, key, writes } = this.#sessions;
    const met = new Set<number>();
    for (let read = to - 1; read >= from; read--) {
      const written = source[read] as number;
      if (written === NO_SOURCE || written === INITIAL || met.has(written)) continue;
      met.add(written);
      const own = key[read] as number;
      const end = writes.groupsOf[own + 1] as number;
      for (let group = writes.groupsOf[own] as number; group < end; group++) {
        const next = this.#firstAfter(group, written);
        if (next !== undefined) this.#derive(read, next, read, "after");
      }
    }
  }

  /** The first write of a group that comes after this one. */
  #firstAfter(group: number, write: number): number | undefined {
    const { begin, nodes } = this.#sessions.writes;
    const end = begin[group + 1] as number;
    let [low, high] = [begin[group] as number, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const node = nodes[middle] as number;
      if (node !== write && reaches(this.#clocks, this.#sessions, write, node)) high = middle;
      else low = middle + 1;
    }
    return low < end ? (nodes[low] as number) : undefined;
  }

  #derive(from: number, to: number, via: number, rule: Derived["rule"]): void {
    const pair = from * this.#sessions.count + to;
    if (this.#derived.length >= DERIVED) return;
    if (reaches(this.#clocks, this.#sessions, from, to) || this.#met.has(pair)) return;
    this.#met.add(pair);
    this.#derived.push({ from, to, via, rule, round: this.#round });
  }
}
