/**
 * The check `split-brain`: did two nodes lead at once, in a way that did harm? It is judged from
 * what nodes noted of their leadership and from the epochs in answers to clients.
 */
import type { CheckResult, CheckSpec } from "../proto/verdict.ts";
import type { CheckKind } from "./check-kind.ts";
import { extent } from "./faults.ts";
import type { Recording } from "./history/recording.ts";
import { type Leadership, leadershipOf } from "./leadership.ts";
import { allow } from "./options.ts";
import {
  explainOverlap,
  explainUsurpation,
  operationsOfLate,
  sceneOf,
} from "./split-brain-argument.ts";
import { lateWork, overlaps, sharedEpochs, type Usurpation } from "./usurpations.ts";
import { counted } from "./wording.ts";

const SHOWN = 5;

export type SplitBrainSpec = {
  readonly name: "split-brain";
  readonly options: Record<string, never>;
};

/** No two leaders of one epoch, and no old leader that goes on after a newer one was at work. */
export function splitBrain(): SplitBrainSpec {
  return { name: "split-brain", options: {} };
}

export const SPLIT_BRAIN: CheckKind<SplitBrainSpec> = {
  name: "split-brain",
  finds: ["split-brain"],
  validate: (spec: CheckSpec) => {
    allow(spec, []);
    return splitBrain();
  },
  judge: judgeSplitBrain,
};

export function judgeSplitBrain(recording: Recording, check: SplitBrainSpec): CheckResult {
  const operations = recording.operations();
  const leadership = leadershipOf(recording.others, operations);
  const { claims, late } = leadership;
  if (claims.length === 0 && late.length === 0)
    return {
      check,
      verdict: "unknown",
      reason: "no evidence about leaders",
      anomalies: [],
      found: {},
      facts: {},
    };
  const broken: Usurpation[] = [...sharedEpochs(leadership), ...lateWork(leadership, operations)];
  broken.sort((a, b) => rank(a) - rank(b) || spanOf(a) - spanOf(b));
  const beliefs = overlaps(leadership);
  const scene = sceneOf(recording.others, leadership);
  const shown = broken.slice(0, SHOWN).map((one) => explainUsurpation(one, scene));
  const notes = beliefs.slice(0, SHOWN - shown.length).map((one) => explainOverlap(one, scene));
  return {
    check,
    verdict: broken.length === 0 ? "valid" : "invalid",
    reason: reasonOf(leadership, broken),
    anomalies: [...shown, ...notes],
    found: broken.length === 0 ? {} : { "split-brain": broken.length },
    facts: {
      leaders: claims.map(({ node, epoch, from, until }) => ({
        node,
        epoch,
        fromNs: from,
        untilNs: until,
      })),
      answersWithEpoch: leadership.answers.length,
      sharedEpochs: broken.filter((one) => one.class === "E2").length,
      lateWork: broken.filter((one) => one.class === "E4").length,
      acceptedLate: late.length,
      rejectedLate: leadership.rejected,
      beliefOverlaps: beliefs.length,
    },
  };
}

/** Proven before strong, and what reached a client before what did not. */
function rank(one: Usurpation): number {
  const harmless = one.class === "E4" && one.op === undefined;
  return (one.grade === "proven" ? 0 : 2) + (harmless ? 1 : 0);
}

function spanOf(one: Usurpation): number {
  const ops = one.class === "E4" ? operationsOfLate(one) : [];
  const { from, to } = extent(ops);
  return ops.length === 0 ? 0 : to - from;
}

function reasonOf({ claims, answers }: Leadership, broken: readonly Usurpation[]): string {
  const epochs = new Set(claims.map(({ epoch }) => epoch)).size;
  const all = `${counted(claims.length, "claim")} to ${counted(epochs, "epoch")}, ${counted(answers.length, "answer")} with an epoch`;
  if (broken.length === 0)
    return `${all}: no epoch was shared, and nothing of an old one was seen to take effect late`;
  const shared = broken.filter((one) => one.class === "E2").length;
  return `${all}: ${counted(shared, "epoch")} shared, ${counted(broken.length - shared, "time")} an old leader's work went on`;
}
