/**
 * The search for a sequential order (Lamport 1979): the sessions' operations one after the other, each session in its
 * own order, every operation legal. Depth first over how far each session has come and the state of each object, as
 * in Gibbons & Korach 1997; what led nowhere is remembered and never tried again.
 *
 * What changes nothing is taken as soon as it is legal: it must be taken some time, and taking it now forbids nothing.
 * For registers with unique values two things more are known: what must come before what (see saturation.ts), and
 * that a value must not be replaced while somebody has yet to read it.
 */
import { ILLEGAL } from "../search/automaton.ts";
import { DeadEnds } from "./dead-ends.ts";
import type { Clocks } from "./order-graph.ts";
import type { Tracks } from "./tracks.ts";

export interface Knowledge {
  readonly clocks: Clocks | undefined;
  /** By node: the node of the write that was read; negative where there is none. */
  readonly source: Int32Array;
}

export type Interleaving =
  | { readonly found: "order"; readonly order: Int32Array; readonly steps: number }
  | { readonly found: "none"; readonly steps: number }
  | { readonly found: "budget"; readonly steps: number; readonly placed: number };

const NOTHING = -1;

/** `budget`: in operations placed that change something, beyond those that are there. */
export function interleave(tracks: Tracks, budget: number, knowledge?: Knowledge): Interleaving {
  return new Search(tracks, knowledge).run(budget + tracks.count);
}

class Search {
  readonly #tracks: Tracks;
  readonly #knowledge: Knowledge | undefined;
  /** By session: its next node. */
  readonly #next: Int32Array;
  /** By object: its state, and the node that last changed it. */
  readonly #state: Int32Array;
  readonly #writer: Int32Array;
  /** By node: how many of its reads are still to come. */
  readonly #unread: Int32Array;
  /** Nodes in the order in which they were placed, with what their object was before. */
  readonly #trail: Int32Array;
  readonly #before: Int32Array;
  readonly #writerBefore: Int32Array;
  #length = 0;
  #left: number;
  readonly #dead: DeadEnds;
  #most = 0;

  constructor(tracks: Tracks, knowledge: Knowledge | undefined) {
    this.#tracks = tracks;
    this.#knowledge = knowledge;
    this.#next = tracks.start.slice(0, tracks.width);
    this.#state = new Int32Array(tracks.objects).fill(tracks.automaton.initial);
    this.#writer = new Int32Array(tracks.objects).fill(NOTHING);
    this.#unread = new Int32Array(tracks.count);
    for (const source of knowledge?.source ?? [])
      if (source >= 0) this.#unread[source] = (this.#unread[source] as number) + 1;
    this.#trail = new Int32Array(tracks.count);
    this.#before = new Int32Array(tracks.count);
    this.#writerBefore = new Int32Array(tracks.count);
    this.#left = tracks.due;
    this.#dead = new DeadEnds(tracks.width + tracks.objects);
  }

  run(limit: number): Interleaving {
    /** By depth: how long the trail was, and which choice was taken last. */
    const marks: number[] = [];
    const tried: number[] = [Number.NEGATIVE_INFINITY];
    let steps = 0;
    this.#eager();
    for (;;) {
      if (this.#left === 0) return { found: "order", order: this.#order(), steps };
      const last = tried.at(-1) as number;
      const known = last === Number.NEGATIVE_INFINITY && this.#dead.has(this.#next, this.#state);
      const choice = known ? NOTHING : this.#choose(last);
      if (choice !== NOTHING) {
        if (++steps > limit) return { found: "budget", steps, placed: this.#most };
        tried[tried.length - 1] = this.#worth(choice);
        marks.push(this.#length);
        tried.push(Number.NEGATIVE_INFINITY);
        this.#place(choice);
        this.#eager();
        this.#most = Math.max(this.#most, this.#length);
        continue;
      }
      if (!known) this.#dead.add(this.#next, this.#state);
      const mark = marks.pop();
      if (mark === undefined) return { found: "none", steps };
      tried.pop();
      while (this.#length > mark) this.#takeBack();
    }
  }

  #order(): Int32Array {
    return this.#trail.slice(0, this.#length).map((node) => this.#tracks.row[node] as number);
  }

  #eager(): void {
    const { width, start, cls, automaton, optional } = this.#tracks;
    for (let changed = true; changed; ) {
      changed = false;
      for (let s = 0; s < width; s++) {
        const end = start[s + 1] as number;
        for (let node = this.#next[s] as number; node < end; node++) {
          const pure = automaton.isPure(cls[node] as number) && optional[node] !== 1;
          if (!pure || !this.#possible(node)) break;
          this.#place(node);
          changed = true;
        }
      }
      // Without clocks nothing waits for anything but its own session and the state.
      if (this.#knowledge?.clocks === undefined) return;
    }
  }

  #possible(node: number): boolean {
    const { automaton, cls, object } = this.#tracks;
    const state = this.#state[object[node] as number] as number;
    return automaton.step(state, cls[node] as number) !== ILLEGAL && this.#due(node);
  }

  /** Whether all that must come before the node is placed. */
  #due(node: number): boolean {
    const clocks = this.#knowledge?.clocks;
    if (clocks === undefined) return true;
    const { width, start, session } = this.#tracks;
    const { cells } = clocks;
    const base = node * width;
    const own = session[node] as number;
    for (let s = 0; s < width; s++)
      if (
        s !== own &&
        (this.#next[s] as number) < (start[s] as number) + (cells[base + s] as number)
      )
        return false;
    return true;
  }

  /** The next of the operations that change something, in the order of their worth. */
  #choose(after: number): number {
    const { width, start, cls, automaton, object } = this.#tracks;
    let [best, worth] = [NOTHING, Number.POSITIVE_INFINITY];
    for (let s = 0; s < width; s++) {
      const node = this.#next[s] as number;
      if (node >= (start[s + 1] as number)) continue;
      if (automaton.isPure(cls[node] as number)) continue;
      const own = this.#worth(node);
      if (own <= after || own >= worth) continue;
      const writer = this.#writer[object[node] as number] as number;
      if (writer !== NOTHING && (this.#unread[writer] as number) > 0) continue;
      if (this.#possible(node)) [best, worth] = [node, own];
    }
    return best;
  }

  /** What began first is tried first; what need not have happened, last. */
  #worth(node: number): number {
    const row = this.#tracks.row[node] as number;
    return this.#tracks.optional[node] === 1 ? row + 2 ** 32 : row;
  }

  #place(node: number): void {
    const { cls, object, automaton, session, optional } = this.#tracks;
    const own = object[node] as number;
    const state = this.#state[own] as number;
    this.#trail[this.#length] = node;
    this.#before[this.#length] = state;
    this.#writerBefore[this.#length] = this.#writer[own] as number;
    this.#length++;
    const source = this.#knowledge?.source[node] ?? NOTHING;
    if (source >= 0) this.#unread[source] = (this.#unread[source] as number) - 1;
    if (!automaton.isPure(cls[node] as number)) {
      this.#state[own] = automaton.step(state, cls[node] as number);
      this.#writer[own] = node;
    }
    this.#next[session[node] as number] = node + 1;
    if (optional[node] !== 1) this.#left--;
  }

  #takeBack(): void {
    const { object, session, optional } = this.#tracks;
    const at = --this.#length;
    const node = this.#trail[at] as number;
    const own = object[node] as number;
    this.#state[own] = this.#before[at] as number;
    this.#writer[own] = this.#writerBefore[at] as number;
    const source = this.#knowledge?.source[node] ?? NOTHING;
    if (source >= 0) this.#unread[source] = (this.#unread[source] as number) + 1;
    this.#next[session[node] as number] = node;
    if (optional[node] !== 1) this.#left++;
  }
}
