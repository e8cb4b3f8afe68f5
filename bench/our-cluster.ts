/** The product as the bench holds it: a plan, a run directory and a cluster, made as a run makes them. */
import { performance } from "node:perf_hooks";
import { Cluster } from "../control/cluster/cluster.ts";
import { makePlan, type Plan } from "../control/plan.ts";
import { Recorder } from "../control/recorder.ts";
import { defineScenario, node, registers } from "../control/scenario.ts";
import { RunDirectory } from "../control/store.ts";
import { HISTORY_SCHEMA } from "../proto/history.ts";
import { closing } from "./lifetime.ts";

export interface OurCluster {
  readonly plan: Plan;
  readonly directory: RunDirectory;
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  /** `performance.now()` before the cluster was made. */
  readonly beganAt: number;
}

export const KEYS = 100;
export const CLIENTS = 10;

/** Writes only, by last write wins: one round of messages and one fdatasync a replica, as the floor does it. */
export function benchPlan(size: number): Plan {
  const replica = node("register", { conflicts: "last-write-wins" });
  const names = Array.from({ length: size }, (_, index) => `n${index + 1}`);
  const scenario = defineScenario({
    claim: "The harness costs little more than what it drives.",
    nodes: Object.fromEntries(names.map((name) => [name, replica])),
    workload: registers({ keys: KEYS, clients: CLIENTS, writes: 1, timeout: "10s" }),
    duration: "10s",
    check: [],
  });
  return makePlan("bench", "bench", scenario, { seed: 1, calm: true, set: {} });
}

/** Makes a cluster of `size` nodes, not yet started, and ends it after `work`. */
export async function withOurCluster<T>(
  size: number,
  path: string,
  work: (ours: OurCluster) => Promise<T>,
): Promise<T> {
  const plan = benchPlan(size);
  const directory = await RunDirectory.create(path, plan, Date.now());
  const header = {
    testbed: "history",
    schema: HISTORY_SCHEMA,
    scenario: plan.scenario,
    seed: plan.seed,
    versions: { node: process.version },
  } as const;
  let failed: unknown;
  const fail = (error: unknown): void => {
    failed ??= error;
  };
  const recorder = await Recorder.open(directory.history, header, process.hrtime.bigint(), fail);
  const beganAt = performance.now();
  const cluster = new Cluster({
    plan,
    directory,
    onNote: (name, at, note) => recorder.note(name, at, note),
    onDeath: fail,
  });
  const result = await closing(
    () => cluster.stop(),
    () => work({ plan, directory, cluster, recorder, beganAt }),
  ).finally(() => recorder.close());
  if (failed !== undefined) throw failed;
  return result;
}
