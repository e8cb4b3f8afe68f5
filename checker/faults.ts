/** Faults as spans of true time, to say which of them were active while something went wrong. */
import type { Event, FaultEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import { seconds } from "./wording.ts";

export interface FaultSpan {
  readonly id: number;
  readonly f: string;
  readonly node: string;
  /**
   * Nanoseconds since the run began; `until` is `undefined` when the history holds no end of the
   * fault.
   */
  readonly from: number;
  readonly until: number | undefined;
  readonly begin: FaultEvent;
  readonly end: FaultEvent | undefined;
}

/** Every fault that began, in the order of their beginnings. */
export function faultSpans(events: readonly Event[]): FaultSpan[] {
  const ends = new Map<number, FaultEvent>();
  const begins: FaultEvent[] = [];
  for (const event of events) {
    if (event.type !== "fault") continue;
    if (event.phase === "begin") begins.push(event);
    else ends.set(event.id, event);
  }
  return begins.map((begin) => {
    const end = ends.get(begin.id);
    const { id, f, node, time: from } = begin;
    return { id, f, node, from, until: end?.time, begin, end };
  });
}

/** Those of `spans` that touch [from, to], in nanoseconds. */
export function activeDuring(spans: readonly FaultSpan[], from: number, to: number): FaultSpan[] {
  return spans.filter(
    (span) => span.from <= to && (span.until ?? Number.POSITIVE_INFINITY) >= from,
  );
}

/** `clock on n3 from 1.002 s to 3.001 s`. */
export function faultText(span: FaultSpan): string {
  const until = span.until === undefined ? "the end" : seconds(span.until);
  return `${span.f} on ${span.node} from ${seconds(span.from)} to ${until}`;
}

/**
 * The span of true time that the operations take up together; what never ended counts until its
 * invocation.
 */
export function extent(operations: readonly Operation[]): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const op of operations) {
    from = Math.min(from, op.invokedAt);
    to = Math.max(to, op.completedAt ?? op.invokedAt);
  }
  return { from, to };
}

/** One line naming the faults active during the operations, or none. */
export function faultLines(
  spans: readonly FaultSpan[],
  operations: readonly Operation[],
  nodes?: readonly string[],
): string[] {
  const { from, to } = extent(operations);
  const active = activeDuring(spans, from, to).filter((span) => nodes?.includes(span.node) ?? true);
  return active.length === 0 ? [] : [`Faults meanwhile: ${active.map(faultText).join("; ")}.`];
}
