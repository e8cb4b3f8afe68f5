/**
 * For each read the writes of its key that certainly come before it: of each session the last one. Earlier ones of
 * the same session come before that one, so they show nothing more.
 */
import type { Clocks } from "./order-graph.ts";
import { NO_SOURCE, type Sessions } from "./sessions.ts";

/**
 * Calls `tell` with each of the nodes between `from` and `to` (a stretch of one session) that is a read, and each last
 * write of a session, unless it is the one that was read. Until `tell` answers true, which ends it for this read.
 */
export function forKnownWrites(
  { key, source, start, writes }: Sessions,
  { cells, width }: Clocks,
  [from, to]: readonly [number, number],
  cursors: Cursors,
  tell: (read: number, write: number) => boolean,
): void {
  cursors.restart();
  for (let node = from; node < to; node++) {
    const read = source[node] as number;
    if (read === NO_SOURCE) continue;
    const own = key[node] as number;
    const end = writes.groupsOf[own + 1] as number;
    for (let group = writes.groupsOf[own] as number; group < end; group++) {
      const session = writes.session[group] as number;
      const known = cells[node * width + session] as number;
      if (known === 0) continue;
      const last = cursors.lastBelow(group, (start[session] as number) + known);
      if (last >= 0 && last !== read && tell(node, last)) break;
    }
  }
}

/** How far each group of writes is known. What a session knows grows, so that each group is walked once a session. */
export class Cursors {
  readonly #writes: Sessions["writes"];
  readonly #at: Int32Array;
  readonly #stretch: Int32Array;
  #current = 0;

  constructor({ writes }: Sessions) {
    this.#writes = writes;
    this.#at = new Int32Array(writes.session.length);
    this.#stretch = new Int32Array(writes.session.length);
  }

  restart(): void {
    this.#current++;
  }

  /** The group's last node below this one; -1 when there is none. */
  lastBelow(group: number, node: number): number {
    const { begin, nodes } = this.#writes;
    const first = begin[group] as number;
    const end = begin[group + 1] as number;
    let at = first;
    if (this.#stretch[group] === this.#current) at = this.#at[group] as number;
    else this.#stretch[group] = this.#current;
    while (at < end && (nodes[at] as number) < node) at++;
    this.#at[group] = at;
    return at === first ? -1 : (nodes[at - 1] as number);
  }
}
