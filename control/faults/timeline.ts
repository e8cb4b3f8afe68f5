/**
 * From a scenario's timeline to the steps of one run: pure, from the seed's nemesis stream, so that the same seed
 * plans the same faults. What cannot work is refused here, before anything is started.
 */
import { seconds } from "../duration.ts";
import { draw } from "../random.ts";
import { LEADER, type TargetedFault, type TimelineEntry } from "./fault.ts";

/** One fault of one run. Without `toNs` it lasts until everything is healed. */
export interface PlannedFault {
  readonly id: number;
  readonly fromNs: number;
  readonly toNs?: number;
  readonly fault: TargetedFault;
}

const SHORTEST_PERIOD_NS = 10_000_000;
/** The share of a period by which a beginning of `every` may come late. */
const JITTER = 0.1;

/** @throws Error naming the entry that cannot work, and why. */
export function planFaults(
  timeline: readonly TimelineEntry[],
  nodes: readonly string[],
  durationNs: number,
  stream: number,
): PlannedFault[] {
  const planned = timeline
    .flatMap((entry, index) => expand(entry, index, durationNs, stream))
    .sort((a, b) => a.fromNs - b.fromNs)
    .map((fault, id): PlannedFault => ({ id, ...fault }));
  for (const fault of planned) check(fault, nodes, durationNs);
  refuseOverlap(planned);
  return planned;
}

type Unnumbered = Omit<PlannedFault, "id">;

function expand(
  entry: TimelineEntry,
  index: number,
  durationNs: number,
  stream: number,
): Unnumbered[] {
  const { fault } = entry;
  if (entry.when === "during") return [{ fromNs: entry.fromNs, toNs: entry.toNs, fault }];
  if (entry.when === "at") return [{ fromNs: entry.atNs, fault }];
  if (entry.periodNs < SHORTEST_PERIOD_NS || entry.forNs <= 0)
    throw new Error(
      `every ${seconds(entry.periodNs)} for ${seconds(entry.forNs)}: a period is at least 10 ms, and a fault lasts`,
    );
  if (entry.forNs >= entry.periodNs * (1 - JITTER))
    throw new Error(
      `every ${seconds(entry.periodNs)} for ${seconds(entry.forNs)}: leaves no time to recover in between`,
    );
  const occurrences: Unnumbered[] = [];
  for (let n = 1; ; n++) {
    const late = draw(stream, index * 100_003 + n).fraction() * JITTER * entry.periodNs;
    const fromNs = Math.round(n * entry.periodNs + late);
    if (fromNs + entry.forNs > durationNs) return occurrences;
    occurrences.push({ fromNs, toNs: fromNs + entry.forNs, fault });
  }
}

function check(
  { fault, fromNs, toNs }: PlannedFault,
  nodes: readonly string[],
  durationNs: number,
): void {
  const what = `${fault.fault} of ${fault.target}`;
  if (fault.target !== LEADER && !nodes.includes(fault.target))
    throw new Error(`${what}: there is no such node; there are ${nodes.join(", ")}`);
  if (fromNs < 0) throw new Error(`${what}: begins at ${seconds(fromNs)}, before the run`);
  if (toNs !== undefined && toNs <= fromNs)
    throw new Error(
      `${what}: ends at ${seconds(toNs)}, not after its beginning at ${seconds(fromNs)}`,
    );
  if (fromNs >= durationNs)
    throw new Error(`${what}: begins at ${seconds(fromNs)}, when the run is over`);
  const last = toNs ?? fromNs;
  if (last > durationNs)
    throw new Error(`${what}: lasts to ${seconds(last)}, the run only to ${seconds(durationNs)}`);
}

/** Two faults on one node at a time have no meaning yet: the heal of one would undo half of the other. */
function refuseOverlap(planned: readonly PlannedFault[]): void {
  for (const [index, a] of planned.entries())
    for (const b of planned.slice(index + 1)) {
      const apart =
        a.fault.target !== b.fault.target && ![a, b].some(({ fault }) => fault.target === LEADER);
      if (apart || (a.toNs !== undefined && a.toNs <= b.fromNs)) continue;
      throw new Error(
        `${a.fault.fault} of ${a.fault.target} and ${b.fault.fault} of ${b.fault.target} overlap at ` +
          `${seconds(b.fromNs)}: a node can have one fault at a time`,
      );
    }
}
