/**
 * Time to the first client operation.
 *
 * Ours: from the making of the cluster to the first write that a client was told is done: guardian, processes,
 * introduction of the peers, and a write that a majority has on disk. Floor: bare servers spawned side by side, until
 * each has answered one unary call, as each of our nodes must before a cluster serves. For information also until one
 * of them has. Both are called from this process, whose modules are loaded.
 */
import { performance } from "node:perf_hooks";
import { RegisterClient } from "../control/workload/client.ts";
import { BareCluster } from "./bare-cluster.ts";
import { send } from "./bare-wire.ts";
import { closing, inTemporaryDirectory } from "./lifetime.ts";
import { withOurCluster } from "./our-cluster.ts";

/** In milliseconds. */
export async function ourStart(size: number): Promise<number> {
  return inTemporaryDirectory((path) =>
    withOurCluster(size, path, async ({ cluster, beganAt }) => {
      await cluster.start();
      const client = new RegisterClient([cluster.node("n1")], cluster.token, 10_000);
      try {
        const answer = await client.invoke({ f: "write", key: "k1", value: 1 }, "r1");
        if (answer.type !== "ok") throw new Error(`the first operation: ${answer.error}`);
        return performance.now() - beganAt;
      } finally {
        client.close();
      }
    }),
  );
}

export interface BareStart {
  /** Until the first of the servers, all up, had answered a call, in milliseconds. */
  readonly firstMs: number;
  /** Until each of them had. */
  readonly allMs: number;
}

export async function bareStart(size: number): Promise<BareStart> {
  const beganAt = performance.now();
  const bare = new BareCluster(size);
  return closing(
    () => bare.stop(),
    async () => {
      await bare.start();
      const calls = bare.clients.map((one) => send(one, { key: "k1", value: "1", request: "" }));
      const first = Promise.race(calls).then(() => performance.now() - beganAt);
      await Promise.all(calls);
      return { firstMs: await first, allMs: performance.now() - beganAt };
    },
  );
}
