/**
 * Generators say what to do next. They are pure: given the time and who is free they answer a step and the generator
 * that goes on from there, so that they can be tested in simulated time, without a cluster.
 */

export interface Input {
  readonly f: "read" | "write";
  readonly key: string;
  /** The value to write; `null` for a read. */
  readonly value: number | null;
}

export type Step =
  /** This thread, which is free, does this now. */
  | { readonly step: "invoke"; readonly thread: number; readonly input: Input }
  /** Nothing now: ask again at this time, or, without one, when a thread becomes free. */
  | { readonly step: "wait"; readonly untilNs?: number };

export interface Context {
  /** Nanoseconds since the workload began. */
  readonly nowNs: number;
  /** Threads without an open operation, ascending. */
  readonly free: readonly number[];
}

export interface Completed {
  readonly thread: number;
  readonly status: "ok" | "fail" | "info";
  readonly nowNs: number;
}

export interface Generator {
  next(context: Context): readonly [Step, Generator];
  /** Told of each completion, for generators that pace themselves by it. */
  completed(completed: Completed): Generator;
}
