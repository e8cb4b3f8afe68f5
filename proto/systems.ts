/**
 * The systems under test and their options. One schema a system, used by the scenario's types, by the plan and by the
 * node at start: an unknown option is an error, never a default. A known bug is a named option.
 */
import * as v from "valibot";

const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000));
const quorum = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99));

/**
 * `register`: a leaderless replicated key-value register with read and write quorums (Attiya, Bar-Noy and Dolev 1995;
 * with several writers, Lynch and Shvartsman 1997).
 */
const register = v.strictObject({
  /**
   * How a write gets its stamp, and so who wins. `last-write-wins` trusts the wall clock of the node that takes the
   * write. `lamport` and `hybrid` first ask a read quorum for the key's highest stamp and stamp above it. `logical`
   * counts, but does not ask: it stamps above what the node itself has heard, which keeps causal order only.
   */
  conflicts: v.optional(
    v.picklist(["last-write-wins", "lamport", "hybrid", "logical"]),
    "last-write-wins",
  ),
  /** How many nodes a read, and a write, must hear from. Left out: a majority. */
  readQuorum: v.optional(quorum, 2),
  writeQuorum: v.optional(quorum, 2),
  /** How long a node waits for its peers before it tells the client that the outcome is unknown. */
  peerTimeoutMs: v.optional(milliseconds, 1000),
});

/** `lease`: one leader, by a lease that a majority grants under an increasing epoch (Gray and Cheriton 1989). */
const lease = v.strictObject({
  /** `checked`: every replica refuses what comes from an older epoch. `ignored`: it does as it is told. */
  epochs: v.optional(v.picklist(["checked", "ignored"]), "checked"),
  leaseMs: v.optional(v.pipe(milliseconds, v.minValue(100)), 600),
  /** Work between checking the lease and writing. */
  workMs: v.optional(milliseconds, 20),
  peerTimeoutMs: v.optional(milliseconds, 1000),
});

export const SYSTEMS = { register, lease } as const;

export type SystemName = keyof typeof SYSTEMS;
/** Options as a scenario writes them: all may be left out. */
export type SystemInput<S extends SystemName> = v.InferInput<(typeof SYSTEMS)[S]>;
/** Options as a node gets them: all are there. */
export type SystemOptions<S extends SystemName> = v.InferOutput<(typeof SYSTEMS)[S]>;

/** A node's system with every option resolved: what plan.json holds and what the node is started with. */
export type ResolvedSystem = {
  [S in SystemName]: { system: S; options: SystemOptions<S> };
}[SystemName];

export function isSystem(name: string): name is SystemName {
  return Object.hasOwn(SYSTEMS, name);
}

/** Quorums that were left out are majorities of the cluster that the node is to be in. */
export function withMajorities(
  system: string,
  input: Readonly<Record<string, unknown>>,
  nodes: number,
): Readonly<Record<string, unknown>> {
  const majority = Math.floor(nodes / 2) + 1;
  return system === "register" ? { readQuorum: majority, writeQuorum: majority, ...input } : input;
}

/** Why these nodes can not be one cluster, or `undefined`. */
export function misfit(nodes: Readonly<Record<string, ResolvedSystem>>): string | undefined {
  const all = Object.entries(nodes);
  const systems = [...new Set(all.map(([, { system }]) => system))];
  if (systems.length > 1)
    return `nodes of different systems (${systems.join(", ")}) are no cluster`;
  for (const [name, node] of all)
    if (node.system === "register")
      for (const option of ["readQuorum", "writeQuorum"] as const)
        if (node.options[option] > all.length)
          return `${name}, ${option}: ${node.options[option]} of ${all.length} nodes can never answer`;
  return undefined;
}

/** Whether somebody leads in this system, so that a fault can be aimed at the leader. */
export function hasLeader({ system }: ResolvedSystem): boolean {
  return system === "lease";
}

/** @throws Error naming the system, the option, what it got and what it wants. */
export function resolveSystem(system: string, input: unknown): ResolvedSystem {
  if (!isSystem(system))
    throw new Error(
      `unknown system ${JSON.stringify(system)}; there are: ${Object.keys(SYSTEMS).join(", ")}`,
    );
  const result = v.safeParse(SYSTEMS[system], input);
  if (!result.success) {
    const issue = result.issues[0];
    const option = v.getDotPath(issue) ?? "options";
    const known = Object.keys(SYSTEMS[system].entries).join(", ");
    throw new Error(`system ${system}, ${option}: ${issue.message} (options: ${known})`);
  }
  return { system, options: result.output } as ResolvedSystem;
}

/** The smallest timeout of the protocol, in milliseconds: a stall longer than a quarter of it may decide a run. */
export function smallestTimeoutMs(node: ResolvedSystem): number {
  return node.system === "lease"
    ? Math.min(node.options.leaseMs, node.options.peerTimeoutMs)
    : node.options.peerTimeoutMs;
}
