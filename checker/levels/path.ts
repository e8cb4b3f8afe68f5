/** Ways from one node to another along session order, reads and derived orders, with as few changes of session as possible. */
import { type Adjacency, type Derived, readersOf } from "./order-graph.ts";
import type { Sessions } from "./sessions.ts";

/** One thing that comes before another, and why. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly why: "session" | "read" | Derived;
}

export class Ways {
  readonly #sessions: Sessions;
  readonly #readers: Adjacency;
  readonly #outgoing = new Map<number, Derived[]>();
  /** By node: the number of the search that met it last, and how it came there. */
  readonly #met: Int32Array;
  readonly #parent: Int32Array;
  readonly #edge: (Derived | undefined)[] = [];
  #search = 0;

  constructor(sessions: Sessions, derived: readonly Derived[]) {
    this.#sessions = sessions;
    this.#readers = readersOf(sessions);
    for (const edge of derived) {
      const known = this.#outgoing.get(edge.from);
      if (known === undefined) this.#outgoing.set(edge.from, [edge]);
      else known.push(edge);
    }
    this.#met = new Int32Array(sessions.count);
    this.#parent = new Int32Array(sessions.count);
  }

  /** @returns the steps from `a` to `b` along edges derived before `round`; `undefined` when there are none. */
  find(a: number, b: number, round: number): Step[] | undefined {
    const { start, session } = this.#sessions;
    const search = ++this.#search;
    let level: number[] = [a];
    this.#met[a] = search;
    this.#parent[a] = -1;
    this.#edge[a] = undefined;
    while (level.length > 0 && this.#met[b] !== search) {
      const next: number[] = [];
      for (const first of level) {
        const end = start[(session[first] as number) + 1] as number;
        for (let node = first; node < end; node++) {
          // What was met at this level before has been followed, or will be.
          if (node > first) {
            if (this.#met[node] === search) break;
            this.#meet(node, node - 1, undefined, search);
          }
          this.#cross(node, round, search, next);
        }
      }
      level = next;
    }
    return this.#met[b] === search ? this.#stepsTo(b) : undefined;
  }

  #cross(node: number, round: number, search: number, next: number[]): void {
    const { ends, items } = this.#readers;
    for (let at = ends[node] as number; at < (ends[node + 1] as number); at++) {
      const reader = items[at] as number;
      // Later in its own session it is met anyway.
      const own = reader > node && this.#sessions.session[reader] === this.#sessions.session[node];
      if (own || this.#met[reader] === search) continue;
      this.#meet(reader, node, undefined, search);
      next.push(reader);
    }
    for (const edge of this.#outgoing.get(node) ?? []) {
      if (edge.round >= round || this.#met[edge.to] === search) continue;
      this.#meet(edge.to, node, edge, search);
      next.push(edge.to);
    }
  }

  #meet(node: number, parent: number, edge: Derived | undefined, search: number): void {
    this.#met[node] = search;
    this.#parent[node] = parent;
    this.#edge[node] = edge;
  }

  #stepsTo(b: number): Step[] {
    const { session, source } = this.#sessions;
    const steps: Step[] = [];
    for (let node = b; (this.#parent[node] as number) >= 0; ) {
      const parent = this.#parent[node] as number;
      const edge = this.#edge[node];
      const later = steps.at(-1);
      const within =
        edge === undefined && source[node] !== parent && session[node] === session[parent];
      if (edge !== undefined) steps.push({ from: parent, to: node, why: edge });
      else if (!within) steps.push({ from: parent, to: node, why: "read" });
      else if (later?.why === "session") steps.splice(-1, 1, { ...later, from: parent });
      else steps.push({ from: parent, to: node, why: "session" });
      node = parent;
    }
    return steps.reverse();
  }
}
