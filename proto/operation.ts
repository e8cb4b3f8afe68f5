/** Operations: invocations joined with their completions. The interval [invoked, completed] is closed. */
import type { Completion, History, OperationEvent, Seen } from "./history.ts";
import type { Json } from "./json.ts";

export interface Operation {
  /** Index of the invocation in the history: the operation's identity everywhere. */
  readonly id: number;
  readonly process: number;
  readonly f: string;
  readonly key: string;
  readonly input: Json;
  /** The answer; `undefined` unless `status` is `ok`. */
  readonly output: Json | undefined;
  readonly node: string;
  readonly status: Completion;
  /** Nanoseconds since the run began. */
  readonly invokedAt: number;
  /** Index and time of the completion; `undefined` when it is `info` or never came: it may take effect at any time. */
  readonly completed: number | undefined;
  readonly completedAt: number | undefined;
  readonly error: string | undefined;
  readonly seen: Seen | undefined;
  readonly request: string | undefined;
  readonly final: boolean;
}

/** A history whose operations do not pair up; `index` is the offending event. */
export class MalformedHistoryError extends Error {
  override readonly name = "MalformedHistoryError";
  readonly index: number;
  constructor(index: number, message: string) {
    super(`event ${index}: ${message}`);
    this.index = index;
  }
}

/**
 * Pairs each invocation with its completion, in order of invocation. What is still open at the end is `info`.
 * @throws MalformedHistoryError when a process has two open operations, completes what it did not invoke, acts again
 * after `info`, or goes back in time.
 */
export function operationsOf(history: Pick<History, "events">): Operation[] {
  const open = new Map<number, OperationEvent>();
  const retired = new Set<number>();
  const done = new Map<number, Operation>();
  let last = Number.NEGATIVE_INFINITY;
  for (const event of history.events) {
    if (event.type === "note" || event.type === "fault" || event.type === "stage") continue;
    if (event.time < last)
      throw new MalformedHistoryError(event.index, "its time lies before its predecessor's");
    last = event.time;
    if (event.type === "invoke") {
      const busy = open.get(event.process);
      if (busy !== undefined)
        throw new MalformedHistoryError(
          event.index,
          `process ${event.process} invokes while its operation ${busy.index} is open`,
        );
      if (retired.has(event.process))
        throw new MalformedHistoryError(
          event.index,
          `process ${event.process} acts again after info`,
        );
      open.set(event.process, event);
      done.set(event.index, join(event, undefined));
    } else {
      const invoked = open.get(event.process);
      if (invoked === undefined)
        throw new MalformedHistoryError(
          event.index,
          `process ${event.process} completes what it did not invoke`,
        );
      if (invoked.f !== event.f || invoked.key !== event.key)
        throw new MalformedHistoryError(
          event.index,
          `completes ${event.f} ${event.key}, but process ${event.process} had invoked ${invoked.f} ${invoked.key}`,
        );
      open.delete(event.process);
      if (event.type === "info") retired.add(event.process);
      done.set(invoked.index, join(invoked, event));
    }
  }
  return [...done.values()];
}

function join(invoked: OperationEvent, completion: OperationEvent | undefined): Operation {
  const status: Completion =
    completion === undefined || completion.type === "invoke" ? "info" : completion.type;
  return {
    id: invoked.index,
    process: invoked.process,
    f: invoked.f,
    key: invoked.key,
    input: invoked.value,
    output: status === "ok" ? completion?.value : undefined,
    node: completion?.node ?? invoked.node,
    status,
    invokedAt: invoked.time,
    completed: status === "info" ? undefined : completion?.index,
    completedAt: status === "info" ? undefined : completion?.time,
    error: completion?.error,
    seen: completion?.seen,
    request: invoked.request,
    final: invoked.final === true,
  };
}
