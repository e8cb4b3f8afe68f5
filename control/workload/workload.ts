/** Workloads as data: what a scenario says and plan.json holds. Times in nanoseconds. */

/** Reads and writes of unique values over a few keys. */
export interface RegistersWorkload {
  readonly workload: "registers";
  readonly keys: number;
  /** Each is one logical process at a time, bound to one node: client i to node i mod n. */
  readonly clients: number;
  /** The share of writes among the operations. */
  readonly writes: number;
  /** `one`: client i alone writes every n-th key from its own on; everybody reads all. */
  readonly writersPerKey: "any" | "one";
  /** A client that its node certainly did not serve asks the next node. Each time it asks its own node first. */
  readonly failover: boolean;
  /** How long a client waits for an answer before it records `info`. */
  readonly timeoutNs: number;
  readonly pace: OpenLoop | ClosedLoop;
}

/** Operations fall due at a rate, whether or not the system keeps up; what no client is free for comes late. */
export interface OpenLoop {
  readonly loop: "open";
  readonly perSecond: number;
}

/** Each client asks again some time after an answer, and later after a refusal. The times are means. */
export interface ClosedLoop {
  readonly loop: "closed";
  readonly thinkNs: number;
  readonly backoffNs: number;
}

export function keyName(index: number): string {
  return `k${index + 1}`;
}

export function keysOf(workload: RegistersWorkload): string[] {
  return Array.from({ length: workload.keys }, (_, index) => keyName(index));
}
