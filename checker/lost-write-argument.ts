/**
 * From a lost write to the argument that it was lost, and to its cause as far as stamps and true
 * time prove one.
 */
import type { Operation } from "../proto/operation.ts";
import type { Anomaly, Cause } from "../proto/verdict.ts";
import type { Effect } from "./effects.ts";
import { type FaultSpan, faultLines, faultText } from "./faults.ts";
import type { Loss } from "./losses.ts";
import { type Clocks, skewBetween } from "./skew.ts";
import { capital, ended, identity, milliseconds, named, seconds, shown } from "./wording.ts";

/** Faults that a node's wall clock shows. */
const CLOCK_FAULT = /skew|step|drift|clock/i;

export function explainLoss(loss: Loss, clocks: Clocks, faults: readonly FaultSpan[]): Anomaly {
  const operations = operationsOfLoss(loss);
  const cause = causeOf(loss, clocks, faults);
  const nodes = [...new Set(operations.map((op) => op.node))].sort();
  const lines = [
    ...argument(loss),
    `Cause: ${cause.text}.`,
    ...faultLines(faults, operations, nodes),
  ];
  return {
    name: "lost-write",
    grade: "proven",
    class: classOf(loss),
    key: loss.key,
    summary: summaryOf(loss, cause),
    operations: operations.map((op) => op.id),
    notes: [],
    because: [...lines, remedy(loss)],
    cause,
    nodes,
  };
}

/** The write that was kept (if any), the one that was lost, and the read that shows it. */
export function operationsOfLoss({ kept, lost, read }: Loss): Operation[] {
  return kept === undefined ? [lost.write, read] : [kept.write, lost.write, read];
}

function classOf({ elsewhere, lost, inverted }: Loss): string {
  if (elsewhere !== undefined && !inverted) return "lost on some replicas";
  return lost.reads.length === 0 ? "never visible" : "lost";
}

function summaryOf(loss: Loss, cause: Cause): string {
  const { key, kept, lost, inverted } = loss;
  const { write, reads } = lost;
  const fate = reads.length === 0 ? "it was never visible" : "it was lost";
  const acknowledged = `${write.node} acknowledged write ${shown(write.input)} to ${key} at ${ended(write)}, but ${fate}`;
  if (kept === undefined) return `${acknowledged}: the key reads as never written.`;
  const older = `the older write ${shown(kept.write.input)} (${kept.write.node}, ${effective(kept)})`;
  const newer = write.seen?.clock === "logical" ? "the higher count" : "a newer timestamp";
  if (inverted) return `${acknowledged}: ${older} carries ${newer}, because ${cause.text}.`;
  if (loss.elsewhere !== undefined && loss.read.final && !inverted)
    return `${write.node} acknowledged write ${shown(write.input)} to ${key} at ${ended(write)}, but ${loss.read.node} still answers the older write ${shown(kept.write.input)} in the end, and ${loss.elsewhere.node} does not: ${cause.text}.`;
  if (cause.kind === "tie")
    return `${acknowledged}: ${older} carries the same timestamp, and the tie went to it.`;
  return `${acknowledged}: ${older} came back, and not by its timestamp.`;
}

function effective({ write, knownBy }: Effect): string {
  if (knownBy === write) return `acknowledged at ${ended(write)}`;
  return `read at ${ended(knownBy)}`;
}

function argument(loss: Loss): string[] {
  const { key, kept, lost, read, inverted, elsewhere } = loss;
  const [b, last] = [lost.write, read.final ? "final read" : "read"];
  const lines: string[] = [];
  if (kept !== undefined)
    lines.push(
      `${capital(named(kept.write))} to ${key} was in effect: it was ${effectiveFully(kept)}${stampText(kept)}.`,
    );
  const after = kept === undefined ? "" : `, so it came after ${shown(kept.write.input)}`;
  lines.push(
    `${capital(named(b))} to ${key} was invoked at ${seconds(b.invokedAt)}${after}, and was acknowledged at ${ended(b)}${stampText(lost)}.`,
  );
  if (inverted && kept?.stamp !== undefined && lost.stamp !== undefined)
    lines.push(
      `The later write carries the older stamp, by ${difference(kept.stamp.value - lost.stamp.value, kept.stamp.clock)}: every replica that knows both keeps ${shown(kept.write.input)}.`,
    );
  lines.push(
    `A ${last} of ${key} (${identity(read)}) was invoked at ${seconds(read.invokedAt)}, after that acknowledgement, and returned ${shown(read.output)}.`,
  );
  if (elsewhere !== undefined && read.final)
    lines.push(
      `Another final read (${identity(elsewhere)}) returned ${shown(elsewhere.output)} at ${ended(elsewhere)}: the replicas differ.`,
    );
  if (lost.reads.length === 0) lines.push(`No read ever returned ${shown(b.input)}.`);
  lines.push(
    kept === undefined
      ? `${shown(b.input)} must come before the read, but the read found nothing: the acknowledged write is gone.`
      : `${shown(kept.write.input)} must come before ${shown(b.input)}, and ${shown(b.input)} before the read, but the read returned ${shown(kept.write.input)}: the acknowledged write was undone.`,
  );
  return lines;
}

function effectiveFully(effect: Effect): string {
  const { write, knownBy } = effect;
  if (knownBy === write) return `acknowledged at ${ended(write)}`;
  return `read (${identity(knownBy)}) at ${ended(knownBy)}`;
}

function stampText({ stamp }: Effect): string {
  return stamp === undefined ? "" : ` with the stamp ${stamp.value} of ${stamp.by}`;
}

function difference(value: bigint, clock: string | undefined): string {
  return clock === "logical" ? `${value}` : milliseconds(Number(value));
}

function causeOf(loss: Loss, clocks: Clocks, faults: readonly FaultSpan[]): Cause {
  const [kept, lost] = [loss.kept?.stamp, loss.lost.stamp];
  if (loss.elsewhere !== undefined && loss.read.final && !loss.inverted)
    return {
      kind: "unknown",
      text: `${loss.read.node} has missed the write, or lost it again, and its reads need not meet the writes of the others`,
    };
  if (kept === undefined || lost === undefined || loss.kept === undefined)
    return { kind: "unknown", text: "no stamps explain it: a rollback, a failover or lost data" };
  if (kept.value === lost.value)
    return {
      kind: "tie",
      text: `both writes carry the stamp ${lost.value}, of ${kept.by} and of ${lost.by}, and the tie went to the older write`,
    };
  if (!loss.inverted)
    return {
      kind: "unknown",
      text: "the lost write carries the newer stamp, so its stamp did not lose it: a rollback, a failover or lost data",
    };
  if (kept.clock === "wall" && lost.clock === "wall")
    return clockCause(loss.kept, loss.lost, clocks, faults);
  if (
    kept.clock === "logical" ||
    lost.clock === "logical" ||
    kept.clock === "hybrid" ||
    lost.clock === "hybrid"
  )
    return {
      kind: "logical",
      text: `${lost.by} had not heard of the older write when it stamped the later one, and a logical clock that asks no quorum orders only what it has heard of`,
    };
  return { kind: "unknown", text: "its stamp is older, and it is not known what the stamps count" };
}

function clockCause(
  kept: Effect,
  lost: Effect,
  clocks: Clocks,
  faults: readonly FaultSpan[],
): Cause {
  const node = lost.stamp?.by ?? lost.write.node;
  if (kept.stamp?.by === node)
    return {
      kind: "clock",
      text: `${node} gave both stamps, and its clock was set back in between`,
    };
  const skew = skewBetween(clocks, kept.write, lost.write);
  const tampered = faults.find(
    (fault) =>
      CLOCK_FAULT.test(fault.begin.f) &&
      (fault.begin.node === node || fault.begin.node === kept.stamp?.by) &&
      fault.from <= lost.write.invokedAt,
  );
  if ((skew === undefined || skew.atLeastNs <= 0) && tampered !== undefined)
    return {
      kind: "clock",
      text: `${tampered.begin.node}'s clock was not right then, or had not been (${faultText(tampered)}); what clients saw does not tell by how much`,
    };
  if (skew === undefined || skew.atLeastNs <= 0)
    return {
      kind: "unknown",
      text: "its stamp is older, though it is not proven that the clocks differed (a stamp may be reused, counted on or given by the client)",
    };
  return {
    kind: "clock",
    text: `${skew.ahead}'s clock was ahead of ${skew.behind}'s by at least ${milliseconds(skew.atLeastNs)}`,
    skew,
  };
}

function remedy({ kept, lost, inverted }: Loss): string {
  if (kept !== undefined && inverted)
    return `It would have been kept had its stamp been newer than ${kept.stamp?.value}.`;
  return `It would have been valid had the read returned ${shown(lost.write.input)} or a newer value.`;
}
