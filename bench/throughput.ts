/**
 * Operations per second with three nodes, and what a node's memory is after them.
 *
 * Both sides do the same: a warm-up, then as many writes, by ten clients that ask again after each answer, each write
 * on the disks of a majority before it is acknowledged. Ours goes the whole road of a run, and its rate is read from
 * the history that it wrote. The floor takes two timestamps for an operation and writes nothing down.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { watchController } from "../control/stall.ts";
import { RegisterClient } from "../control/workload/client.ts";
import type { Generator } from "../control/workload/generator.ts";
import { Interpreter } from "../control/workload/interpreter.ts";
import { registersGenerator } from "../control/workload/registers.ts";
import { decodeHistory } from "../proto/history-codec.ts";
import { BareCluster } from "./bare-cluster.ts";
import { type BareClient, send } from "./bare-wire.ts";
import { closing, inTemporaryDirectory } from "./lifetime.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { CLIENTS, KEYS, type OurCluster, withOurCluster } from "./our-cluster.ts";

const NODES = 3;
const LOOK_EVERY_MS = 10;

export interface Load {
  readonly warmUp: number;
  readonly measured: number;
}

export interface Throughput {
  readonly perSecond: number;
  /** Of each node, after the load. */
  readonly memory: readonly Memory[];
}

export async function ourThroughput(load: Load): Promise<Throughput> {
  return inTemporaryDirectory(async (path) => {
    const { memory, history } = await withOurCluster(NODES, path, async (ours) => {
      await ours.cluster.start();
      await drive(ours, load.warmUp + load.measured);
      const pids = ours.cluster.nodes.map((node) => node.process.pid);
      return { memory: await Promise.all(pids.map(memoryOf)), history: ours.directory.history };
    });
    const { events } = decodeHistory(await readFile(history, "utf8"));
    const times = events.flatMap((event) => (event.type === "ok" ? [event.time] : []));
    return { perSecond: rate(times, load), memory };
  });
}

async function drive({ plan, cluster, recorder }: OurCluster, operations: number): Promise<void> {
  const clients = Array.from({ length: plan.workload.clients }, (_, index) => {
    const node = cluster.nodes[index % cluster.nodes.length];
    if (node === undefined) throw new Error("a cluster without nodes");
    return new RegisterClient([node], cluster.token, plan.workload.timeoutNs / 1e6);
  });
  const generator = atMost(operations, registersGenerator(plan.workload, plan.workloadStream));
  const interpreter = new Interpreter(clients, generator, recorder);
  const stopWatching = watchController(recorder);
  try {
    interpreter.start();
    while (interpreter.counts.ok < operations) {
      const { fail, info } = interpreter.counts;
      if (fail + info > 0) throw new Error(`${fail} operations failed, ${info} are unknown`);
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  } finally {
    interpreter.stop();
    stopWatching();
    for (const client of clients) client.close();
  }
}

/** The generator, cut off after so many operations. */
function atMost(left: number, generator: Generator): Generator {
  return {
    next(context) {
      if (left === 0) return [{ step: "wait" }, this];
      const [step, after] = generator.next(context);
      return [step, atMost(step.step === "invoke" ? left - 1 : left, after)];
    },
    completed: (completed) => atMost(left, generator.completed(completed)),
  };
}

/** `disk`: whether the servers sync each write, as our nodes do. */
export async function bareThroughput(load: Load, disk: boolean): Promise<Throughput> {
  return inTemporaryDirectory((path) => {
    const bare = new BareCluster(NODES, (n) => (disk ? join(path, `${n}.log`) : undefined));
    return closing(
      () => bare.stop(),
      async () => {
        await bare.startQuorum();
        const ends = await hammer(bare.clients, load.warmUp + load.measured);
        const memory = await Promise.all(bare.pids.map(memoryOf));
        return { perSecond: rate(ends, load), memory };
      },
    );
  });
}

/** When each operation ended, in nanoseconds. */
async function hammer(servers: readonly BareClient[], operations: number): Promise<number[]> {
  const begins: bigint[] = [];
  const ends: bigint[] = [];
  let begun = 0;
  const one = async (server: BareClient): Promise<void> => {
    while (begun < operations) {
      begun += 1;
      const write = { key: `k${begun % KEYS}`, value: String(begun), request: "" };
      begins.push(process.hrtime.bigint());
      await send(server, write);
      ends.push(process.hrtime.bigint());
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, index) => servers[index % servers.length]);
  await Promise.all(clients.flatMap((server) => (server === undefined ? [] : [one(server)])));
  const first = begins[0] ?? 0n;
  return ends.map((end) => Number(end - first));
}

/** From the end of the warm-up to the end. */
function rate(ends: readonly number[], { warmUp, measured }: Load): number {
  const from = ends[warmUp - 1];
  const to = ends[warmUp + measured - 1];
  if (from === undefined || to === undefined) throw new Error("operations are missing");
  return (measured / (to - from)) * 1e9;
}
