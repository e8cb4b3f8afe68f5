/** Workloads as data: what a scenario says and plan.json holds. Times in nanoseconds. */

/** Reads and writes of unique values over a few keys. */
export interface RegistersWorkload {
  readonly workload: "registers";
  readonly keys: number;
  /** Each is one logical process at a time, bound to one node: client i to node i mod n. */
  readonly clients: number;
  /** The share of writes among the operations. */
  readonly writes: number;
  /** How long a client waits for an answer before it records `info`. */
  readonly timeoutNs: number;
  readonly pace: OpenLoop | ClosedLoop;
}

/** Operations fall due at a rate, whether or not the system keeps up; what no client is free for comes late. */
export interface OpenLoop {
  readonly loop: "open";
  readonly perSecond: number;
}

/** Each client asks again after an answer: at once or after a while, and after a refusal later. */
export interface ClosedLoop {
  readonly loop: "closed";
  readonly thinkNs: number;
  readonly backoffNs: number;
}

export function keysOf(workload: RegistersWorkload): string[] {
  return Array.from({ length: workload.keys }, (_, index) => `k${index + 1}`);
}
