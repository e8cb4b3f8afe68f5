/**
 * The check `lost-writes`: was an acknowledged write undone in favour of one that certainly came
 * before it? The anomaly of last write wins with clocks that disagree. It is judged from what
 * clients saw: answers, true time and the stamps in the answers.
 */
import type { Json } from "../proto/json.ts";
import type { Operation } from "../proto/operation.ts";
import type { CheckResult, CheckSpec, Validity } from "../proto/verdict.ts";
import type { CheckKind } from "./check-kind.ts";
import { effectsOf, type KeyEffects } from "./effects.ts";
import { extent, faultSpans } from "./faults.ts";
import type { Recording } from "./history/recording.ts";
import { byKey } from "./keys.ts";
import { type KeyLosses, type Loss, lossesOf } from "./losses.ts";
import { explainLoss, operationsOfLoss } from "./lost-write-argument.ts";
import { allow } from "./options.ts";
import { type Clocks, clocksOf, skewBetween } from "./skew.ts";
import { counted, shown } from "./wording.ts";

const SHOWN = 5;
/** How many of the shortest losses may be shown: attribution takes time for each. */
const CONSIDERED = 100;

export type LostWritesSpec = {
  readonly name: "lost-writes";
  readonly options: Record<string, never>;
};

/** No acknowledged write is undone in favour of one that certainly came before it. */
export function lostWrites(): LostWritesSpec {
  return { name: "lost-writes", options: {} };
}

export const LOST_WRITES: CheckKind<LostWritesSpec> = {
  name: "lost-writes",
  finds: ["lost-write"],
  validate: (spec: CheckSpec) => {
    allow(spec, []);
    return lostWrites();
  },
  judge: judgeLostWrites,
};

export function judgeLostWrites(recording: Recording, check: LostWritesSpec): CheckResult {
  const operations = recording.operations();
  const isFinal = finalReads(recording);
  const keys = [...byKey(operations)].map(([key, ops]) => effectsOf(key, ops));
  const skipped = keys.filter(({ repeated }) => repeated !== undefined);
  const judged = keys
    .filter(({ repeated }) => repeated === undefined)
    .map((effects) => ({ effects, ...lossesOf(effects, isFinal) }));
  const losses = judged.flatMap((key) => key.losses).sort((a, b) => spanOf(a) - spanOf(b));
  const clocks = clocksOf(recording.others, operations);
  const faults = faultSpans(recording.others);
  const told = mostTelling(losses, clocks);
  const { verdict, reason } = conclude(judged, skipped, losses.length);
  return {
    check,
    verdict,
    reason,
    anomalies: told.map((loss) => explainLoss(loss, clocks, faults)),
    found: losses.length === 0 ? {} : { "lost-write": losses.length },
    facts: factsOf(judged, skipped, losses),
  };
}

/** Reads marked as final that were invoked after the faults were healed. */
function finalReads({ others }: Recording): (read: Operation) => boolean {
  const healed = others.find((event) => event.type === "stage" && event.stage === "heal");
  return (read) => read.final && (healed === undefined || read.id > healed.index);
}

/**
 * Of the shortest losses, those first in which the stamps prove how far the clocks were apart: a stamp that was counted
 * on from an earlier one is lost just the same, but explains less.
 */
function mostTelling(losses: readonly Loss[], clocks: Clocks): Loss[] {
  const candidates = losses.slice(0, CONSIDERED).map((loss) => {
    const { kept, lost } = loss;
    const skew = kept === undefined ? undefined : skewBetween(clocks, kept.write, lost.write);
    return { loss, proven: skew !== undefined && skew.atLeastNs > 0 };
  });
  return [
    ...candidates.filter(({ proven }) => proven),
    ...candidates.filter(({ proven }) => !proven),
  ]
    .slice(0, SHOWN)
    .map(({ loss }) => loss);
}

function spanOf(loss: Loss): number {
  const { from, to } = extent(operationsOfLoss(loss));
  return to - from;
}

type JudgedKey = KeyLosses & { readonly effects: KeyEffects };

function conclude(
  judged: readonly JudgedKey[],
  skipped: readonly KeyEffects[],
  found: number,
): { verdict: Validity; reason: string } {
  const doubts = skipped.map(
    ({ key, repeated }) =>
      `key ${key} was not judged, since ${shown(repeated)} was written more than once (or is the initial value)`,
  );
  const untold = sum(judged, (key) => key.untold);
  if (untold > 0)
    doubts.push(
      `${counted(untold, "acknowledged write")} with an older stamp than a write before: no final read tells whether lost`,
    );
  const checkable = sum(judged, (key) => key.checkable);
  if (found > 0) {
    const also = doubts.length === 0 ? "" : `; ${doubts.join("; ")}`;
    return { verdict: "invalid", reason: `${counted(found, "acknowledged write")} lost${also}` };
  }
  if (checkable === 0 && skipped.length === 0)
    doubts.push("no final read and no stamps: a loss could not have been seen");
  if (doubts.length > 0) return { verdict: "unknown", reason: doubts.join("; ") };
  const unstamped = judged.every(({ effects }) =>
    effects.effects.every(({ stamp }) => stamp === undefined),
  );
  const means = unstamped
    ? "final reads alone, for there were no stamps"
    : "their stamps and the reads after them";
  return {
    verdict: "valid",
    reason: `${counted(checkable, "acknowledged write")}, none lost, by ${means}`,
  };
}

function factsOf(
  judged: readonly JudgedKey[],
  skipped: readonly KeyEffects[],
  losses: readonly Loss[],
): CheckResult["facts"] {
  const lost = new Set(losses.map((loss) => loss.lost));
  const doomed = judged.flatMap((key) => key.doomed);
  return {
    keys: judged.length,
    skippedKeys: skipped.map(({ key }) => key),
    acknowledgedWrites: sum(
      judged,
      ({ effects }) => effects.effects.filter(({ write }) => write.status === "ok").length,
    ),
    lost: losses.length,
    neverVisible: losses.filter(({ lost }) => lost.reads.length === 0).length,
    doomed: doomed.length,
    doomedUnconfirmed: doomed.filter((effect) => !lost.has(effect)).length,
    droppedConcurrent: sum(judged, (key) => key.droppedConcurrent),
    blackHoles: blackHoles(losses),
  };
}

/**
 * For each pair of nodes: how many writes of the one were lost to stamps of the other, and from
 * when to when.
 */
function blackHoles(losses: readonly Loss[]): Json {
  const holes = new Map<
    string,
    { ahead: string; behind: string; lost: number; fromNs: number; toNs: number }
  >();
  for (const { kept, lost, inverted } of losses) {
    const at = lost.write.completedAt;
    if (!inverted || kept?.stamp === undefined || lost.stamp === undefined || at === undefined)
      continue;
    const [ahead, behind] = [kept.stamp.by, lost.stamp.by];
    const pair = JSON.stringify([ahead, behind]);
    const hole = holes.get(pair) ?? { ahead, behind, lost: 0, fromNs: at, toNs: at };
    hole.lost += 1;
    hole.fromNs = Math.min(hole.fromNs, at);
    hole.toNs = Math.max(hole.toNs, at);
    holes.set(pair, hole);
  }
  return [...holes.values()];
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
