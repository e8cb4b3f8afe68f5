/**
 * One typed error for the world. Whose fault it is decides the exit code: what the user handed us (64), the harness or
 * the machine (3). A bug of ours is any other error. Messages say what happened, to whom, and what to do next.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export class HarnessError extends Error {
  override readonly name = "HarnessError";
}

/** The user asked us to stop; everything was healed and cleaned up before this was thrown. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly signal: "SIGINT" | "SIGTERM";
  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

export const EXIT = {
  asDeclared: 0,
  notAsDeclared: 1,
  inconclusive: 2,
  harness: 3,
  usage: 64,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** An error as text for people: without a stack where the message says it all. */
export function explain(error: unknown): string {
  if (
    error instanceof UsageError ||
    error instanceof HarnessError ||
    error instanceof InterruptedError
  )
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
