/**
 * Partitions: which directed links between nodes are cut. A shape is data; with the nodes, the randomness and, where
 * it asks for one, the leader of the moment, it becomes a set of pairs, each once, in the order of the nodes.
 *
 *     cutsOf({ shape: "isolate", node: "n1" }, ["n1", "n2", "n3"], random)
 *     // n1>n2, n1>n3, n2>n1, n3>n1
 */
import { UsageError } from "../errors.ts";
import type { Random } from "../random.ts";

export interface Pair {
  readonly from: string;
  readonly to: string;
}

export type Shape =
  /** The first half of the nodes, the smaller one where they are odd, from the second. */
  | { readonly shape: "halves" }
  | { readonly shape: "random-halves" }
  /** One node from all others, both ways; without a name a random one. */
  | { readonly shape: "isolate"; readonly node?: string }
  | { readonly shape: "leader-from-the-rest" }
  /** A random minority, as large as it can be, from the majority. */
  | { readonly shape: "majority-minority" }
  /** Each node sees a majority, itself among it, and no two see the same. */
  | { readonly shape: "majorities-ring" }
  /** Two halves that only one node can see both of; without a name a random one. */
  | { readonly shape: "bridge"; readonly node?: string }
  /** What `from` sends does not reach `to`; the way back is open. */
  | { readonly shape: "one-way"; readonly from: readonly string[]; readonly to: readonly string[] }
  /** Each node named hears nothing from those it bears a grudge against. */
  | { readonly shape: "grudges"; readonly grudges: Readonly<Record<string, readonly string[]>> };

/**
 * @param leader who leads now; only `leader-from-the-rest` asks for it.
 * @throws UsageError for unknown or repeated names, too few nodes, or a shape that cuts nothing.
 */
export function cutsOf(
  shape: Shape,
  nodes: readonly string[],
  random: Random,
  leader?: string,
): Pair[] {
  if (new Set(nodes).size < nodes.length) throw wrong(shape, "a node is named twice");
  const cuts = inOrder(nodes, severs(shape, nodes, random, leader));
  if (cuts.length === 0) throw wrong(shape, `it cuts no link between ${nodes.length} nodes`);
  return cuts;
}

type Severs = (from: string, to: string) => boolean;

function severs(
  shape: Shape,
  nodes: readonly string[],
  random: Random,
  leader: string | undefined,
): Severs {
  switch (shape.shape) {
    case "halves":
      return around(nodes.slice(0, nodes.length >> 1));
    case "random-halves":
      return around(shuffled(nodes, random).slice(0, nodes.length >> 1));
    case "isolate":
      return around([chosen(shape, shape.node, nodes, random)]);
    case "leader-from-the-rest":
      if (leader === undefined) throw wrong(shape, "nobody leads");
      return around([known(shape, leader, nodes)]);
    case "majority-minority":
      return around(shuffled(nodes, random).slice(0, (nodes.length - 1) >> 1));
    case "majorities-ring":
      return ring(shape, shuffled(nodes, random));
    case "bridge":
      return bridge(shape, nodes, random);
    case "one-way":
      return oneWay(shape, nodes);
    case "grudges":
      return grudges(shape, nodes);
  }
}

/** Both ways between these and all others. */
function around(some: readonly string[]): Severs {
  const inside = new Set(some);
  return (from, to) => inside.has(from) !== inside.has(to);
}

/**
 * On a ring each node sees the nearest on both sides, as many as make a majority (one more where an even number of
 * neighbours does not come out even). Three nodes that all see their neighbours see all, so the ring is opened there.
 */
function ring(shape: Shape, nodes: readonly string[]): Severs {
  const size = nodes.length;
  if (size < 3) throw wrong(shape, "it takes three nodes");
  const place = new Map(nodes.map((node, index) => [node, index]));
  const reach = Math.ceil((size >> 1) / 2);
  return (from, to) => {
    const apart = Math.abs((place.get(from) ?? 0) - (place.get(to) ?? 0));
    return size === 3 ? apart === 2 : Math.min(apart, size - apart) > reach;
  };
}

function bridge(
  shape: Shape & { shape: "bridge" },
  nodes: readonly string[],
  random: Random,
): Severs {
  const middle = chosen(shape, shape.node, nodes, random);
  const rest = shuffled(
    nodes.filter((node) => node !== middle),
    random,
  );
  const apart = around(rest.slice(0, rest.length >> 1));
  return (from, to) => from !== middle && to !== middle && apart(from, to);
}

function oneWay(shape: Shape & { shape: "one-way" }, nodes: readonly string[]): Severs {
  const from = new Set(shape.from.map((name) => known(shape, name, nodes)));
  const to = new Set(shape.to.map((name) => known(shape, name, nodes)));
  return (source, destination) => from.has(source) && to.has(destination);
}

function grudges(shape: Shape & { shape: "grudges" }, nodes: readonly string[]): Severs {
  const against = new Map(
    Object.entries(shape.grudges).map(([name, disliked]) => [
      known(shape, name, nodes),
      new Set(disliked.map((other) => known(shape, other, nodes))),
    ]),
  );
  return (from, to) => against.get(to)?.has(from) === true;
}

function chosen(
  shape: Shape,
  name: string | undefined,
  nodes: readonly string[],
  random: Random,
): string {
  if (name !== undefined) return known(shape, name, nodes);
  const node = nodes.length === 0 ? undefined : nodes[random.below(nodes.length)];
  if (node === undefined) throw wrong(shape, "there are no nodes");
  return node;
}

function known(shape: Shape, name: string, nodes: readonly string[]): string {
  if (!nodes.includes(name))
    throw wrong(shape, `there is no node ${name}, only ${nodes.join(", ")}`);
  return name;
}

/** Fisher and Yates. */
function shuffled(nodes: readonly string[], random: Random): string[] {
  const all = [...nodes];
  for (let last = all.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [all[last], all[other]] = [all[other] as string, all[last] as string];
  }
  return all;
}

function inOrder(nodes: readonly string[], cut: Severs): Pair[] {
  return nodes.flatMap((from) =>
    nodes.flatMap((to) => (from !== to && cut(from, to) ? [{ from, to }] : [])),
  );
}

function wrong({ shape }: Shape, why: string): UsageError {
  return new UsageError(`partition ${shape}: ${why}`);
}
