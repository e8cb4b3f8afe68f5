/**
 * A last-write-wins register, simulated: three replicas that stamp with their wall clocks and tell
 * each other later. The tests know the true clocks, and so what a checker may say.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { History } from "../../proto/history.ts";
import { finalRead, type Part, read, story, write } from "./story.ts";

export interface Simulation {
  readonly seed: number;
  /** Clock minus true time, in nanoseconds, of each node. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly operations: number;
}

interface Version {
  readonly value: number | null;
  readonly stamp: bigint;
  readonly by: string;
}

interface Delivery extends Version {
  readonly at: number;
  readonly to: string;
}

const EPOCH = 1_700_000_000_000_000_000n;

/** Times within are nanoseconds; an operation takes about 2 ms, replication up to 4 ms. */
export function simulateLastWriteWins({ seed, offsets, operations }: Simulation): History {
  const random = xoroshiro128plus(seed);
  const draw = (from: number, to: number): number => uniformInt(random, from, to);
  const nodes = Object.keys(offsets);
  const replicas = new Map<string, Version>();
  const lastStamps = new Map<string, bigint>();
  let deliveries: Delivery[] = [];
  const parts: Part[] = [];
  const receive = (until: number): void => {
    for (const delivery of deliveries.filter(({ at }) => at <= until)) {
      const own = replicas.get(delivery.to);
      if (own === undefined || newer(delivery, own)) replicas.set(delivery.to, delivery);
    }
    deliveries = deliveries.filter(({ at }) => at > until);
  };
  let acts = 0;
  for (let i = 1; i <= operations; i++) {
    // The moments of action ascend; the intervals around them overlap.
    acts += draw(200_000, 1_500_000);
    receive(acts);
    const node = nodes[draw(0, nodes.length - 1)] ?? "n1";
    const [from, to] = [(acts - draw(1, 190_000)) / 1e6, (acts + draw(1, 1_200_000)) / 1e6];
    if (draw(0, 9) < 5) {
      const own = replicas.get(node);
      const seen = own && { stamp: `${own.stamp}`, by: own.by, clock: "wall" as const };
      parts.push(read(own?.value ?? null, from, to, { node, ...(seen ? { seen } : {}) }));
      continue;
    }
    const clock = EPOCH + BigInt(acts) + BigInt(offsets[node] ?? 0);
    const last = lastStamps.get(node) ?? 0n;
    const stamp = clock > last ? clock : last + 1n;
    lastStamps.set(node, stamp);
    const version = { value: i, stamp, by: node };
    deliveries.push({ ...version, at: acts, to: node });
    for (const to of nodes) deliveries.push({ ...version, at: acts + draw(1, 4_000_000), to });
    receive(acts);
    parts.push(write(i, from, to, { node, seen: { stamp: `${stamp}`, by: node, clock: "wall" } }));
  }
  receive(Number.POSITIVE_INFINITY);
  const end = Math.ceil(acts / 1e6) + 10;
  for (const [i, node] of nodes.entries())
    parts.push(finalRead(replicas.get(node)?.value ?? null, end + i, end + i + 0.5, { node }));
  return story(...parts);
}

function newer(a: Version, b: Version): boolean {
  return a.stamp === b.stamp ? a.by > b.by : a.stamp > b.stamp;
}
