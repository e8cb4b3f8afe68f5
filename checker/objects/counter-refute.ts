/** Why the slots between the reads of a counter cannot be filled: too few increments had begun, or too many lay between. */
import type { Decision } from "../history/decision.ts";
import { at, invalid } from "./acts.ts";
import { byEnd, COUNTER, type Counter } from "./counter.ts";
import { rankOrder } from "./rank-order.ts";

/** @param near the read at which the slots could not be filled: its answer is too large, or too small. */
export function refuteSlots(counter: Counter, near: number): Decision {
  return refuteFew(counter) ?? refuteMany(counter, near);
}

/** A read that answered more than had begun before it ended. */
function refuteFew({ acts, increments, reads, answer, initial }: Counter): Decision | undefined {
  const { begin, end, row } = acts;
  const ordered = byEnd({ acts, increments, reads, answer, initial });
  let begun = 0;
  for (const read of ordered) {
    while (begun < increments.length && at(begin, at(increments, begun)) < at(end, read)) begun++;
    if (initial + begun >= at(answer, read)) continue;
    const before = increments.subarray(0, begun);
    return invalid(COUNTER, "phantom increment", [
      at(row, read),
      ...Array.from(before, (op) => at(row, op)),
    ]);
  }
  return undefined;
}

/** An earlier read (or the beginning) between which and this one lay more increments than it counted. */
function refuteMany(counter: Counter, near: number): Decision {
  const { acts, increments, answer, initial } = counter;
  const { begin, end, row } = acts;
  const between = increments.filter((op) => at(end, op) < at(begin, near));
  const reads = byEnd(counter).filter((read) => at(end, read) < at(begin, near));
  let best: { from: number; size: number } | undefined;
  let inside = between.length;
  for (let i = reads.length - 1, next = between.length; i >= -1; i--) {
    const read = i < 0 ? -1 : at(reads, i);
    while (read >= 0 && next > 0 && at(begin, at(between, next - 1)) > at(end, read)) next--;
    if (read < 0) next = 0;
    inside = between.length - next;
    const counted = at(answer, near) - (read < 0 ? initial : at(answer, read));
    if (inside > counted && (best === undefined || counted < best.size))
      best = { from: read, size: counted };
  }
  if (best === undefined) throw new RangeError("slots that cannot be filled have no reason");
  const { from, size } = best;
  const rows = [...between].filter((op) => from < 0 || at(begin, op) > at(end, from));
  const kept = rankOrder(Int32Array.from(rows, (op) => at(begin, op))).slice(
    0,
    Math.max(0, size + 1),
  );
  return invalid(COUNTER, "lost increment", [
    at(row, near),
    ...(from < 0 ? [] : [at(row, from)]),
    ...Array.from(kept, (i) => at(row, rows[i] ?? 0)),
  ]);
}
