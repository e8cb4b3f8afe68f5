/** Cycles among what must come before what: how many there are that have nothing in common, and a short one of each. */
import type { Derived } from "./order-graph.ts";
import { readersOf, topological } from "./order-graph.ts";
import type { Step, Ways } from "./path.ts";
import type { Sessions } from "./sessions.ts";

/** Of one knot so many ways round are tried for the shortest. */
const TRIED = 8;

/** By strongly connected component of more than one node (Tarjan 1972): edges between sessions that are inside it. */
export function knots(sessions: Sessions, derived: readonly Derived[]): Step[][] {
  const { sorted } = topological(sessions, derived);
  const outgoing = crossing(sessions, derived, sorted);
  const component = components(sessions, sorted, outgoing);
  const inside = new Map<number, Step[]>();
  for (const steps of outgoing.values())
    for (const step of steps) {
      const own = component.get(step.from);
      if (own === undefined || own !== component.get(step.to)) continue;
      const known = inside.get(own);
      if (known === undefined) inside.set(own, [step]);
      else known.push(step);
    }
  return [...inside.values()];
}

/** A closed way through one of the edges of a knot. */
export function cycleIn(knot: readonly Step[], ways: Ways): Step[] {
  let best: Step[] | undefined;
  for (const step of knot.slice(0, TRIED)) {
    const back = ways.find(step.to, step.from, Number.POSITIVE_INFINITY);
    if (back === undefined) throw new Error("an edge of a knot is on no cycle");
    if (best === undefined || back.length + 1 < best.length) best = [step, ...back];
  }
  if (best === undefined) throw new Error("a knot has no edges");
  return best;
}

function crossing(
  sessions: Sessions,
  derived: readonly Derived[],
  sorted: Uint8Array,
): Map<number, Step[]> {
  const outgoing = new Map<number, Step[]>();
  const add = (step: Step): void => {
    if (sorted[step.from] === 1 || sorted[step.to] === 1) return;
    const known = outgoing.get(step.from);
    if (known === undefined) outgoing.set(step.from, [step]);
    else known.push(step);
  };
  const { ends, items } = readersOf(sessions);
  for (let from = 0; from < sessions.count; from++)
    for (let at = ends[from] as number; at < (ends[from + 1] as number); at++)
      add({ from, to: items[at] as number, why: "read" });
  for (const edge of derived) add({ from: edge.from, to: edge.to, why: edge });
  return outgoing;
}

/** The component of each node that has any edge; numbered by the node that was met first. */
function components(
  { count, session, start }: Sessions,
  sorted: Uint8Array,
  outgoing: ReadonlyMap<number, readonly Step[]>,
): Map<number, number> {
  const index = new Int32Array(count);
  const low = new Int32Array(count);
  const edge = new Int32Array(count);
  const found = new Map<number, number>();
  const stack: number[] = [];
  let clock = 0;
  const successor = (node: number, i: number): number | undefined => {
    const cross = outgoing.get(node) ?? [];
    if (i < cross.length) return cross[i]?.to;
    const next = node + 1;
    const within = i === cross.length && next < (start[(session[node] as number) + 1] as number);
    return within ? next : undefined;
  };
  const enter = (node: number, path: number[]): void => {
    index[node] = low[node] = ++clock;
    stack.push(node);
    path.push(node);
  };
  for (let root = 0; root < count; root++) {
    if (sorted[root] === 1 || index[root] !== 0) continue;
    const path: number[] = [];
    enter(root, path);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const next = successor(node, edge[node] as number);
      edge[node] = (edge[node] as number) + 1;
      if (next === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined)
          low[parent] = Math.min(low[parent] as number, low[node] as number);
        if (low[node] !== index[node]) continue;
        for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
          found.set(member, node);
          if (member === node) break;
        }
      } else if (index[next] === 0 && sorted[next] !== 1) enter(next, path);
      else if (index[next] !== 0 && !found.has(next))
        low[node] = Math.min(low[node] as number, index[next] as number);
    }
  }
  return found;
}
