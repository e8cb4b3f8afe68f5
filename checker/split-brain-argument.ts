/**
 * From broken leadership to the argument that it was broken: who led what from when, and what was
 * done too late.
 */
import type { Event, NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";
import type { Anomaly, Cause } from "../proto/verdict.ts";
import { activeDuring, type FaultSpan, faultLines, faultSpans, faultText } from "./faults.ts";
import type { Claim, Leadership } from "./leadership.ts";
import type { LateWork, Overlap, SharedEpoch, Usurpation } from "./usurpations.ts";
import { capital, counted, ended, named, seconds } from "./wording.ts";

export interface Scene {
  readonly leadership: Leadership;
  readonly faults: readonly FaultSpan[];
  readonly stalls: readonly Extract<NoteEvent, { readonly kind: "stall" }>[];
}

export function sceneOf(events: readonly Event[], leadership: Leadership): Scene {
  const notes = events.filter((event) => event.type === "note");
  const stalls = notes.filter((note) => note.kind === "stall");
  return { leadership, faults: faultSpans(events), stalls };
}

export function explainUsurpation(usurpation: Usurpation, scene: Scene): Anomaly {
  return usurpation.class === "E2"
    ? explainShared(usurpation, scene)
    : explainLate(usurpation, scene);
}

function explainShared({ claims, grade }: SharedEpoch, { faults }: Scene): Anomaly {
  const epoch = claims[0]?.epoch ?? 0;
  const nodes = claims.map(({ node }) => node);
  const ops = claims.flatMap(({ first }) => (first === undefined ? [] : [first.op]));
  return {
    name: "split-brain",
    grade,
    class: "E2",
    summary: `${nodes.join(" and ")} both led epoch ${epoch}: an epoch has one leader at most.`,
    operations: ops.map(({ id }) => id),
    notes: claims.flatMap(({ start }) => (start === undefined ? [] : [start.index])),
    because: [
      ...claims.map(claimText),
      `An epoch is one node's turn to lead; ${counted(nodes.length, "node")} acted in epoch ${epoch}.`,
      ...faultLines(faults, ops),
      "It would have been valid had each of them taken an epoch of its own.",
    ],
    nodes: [...new Set(nodes)].sort(),
  };
}

/** What shows that the node led the epoch. */
function claimText({ node, epoch, start, first }: Claim): string {
  const noted =
    start === undefined
      ? []
      : [`took the lead of epoch ${epoch} at ${seconds(start.time)} (event ${start.index})`];
  const answered =
    first === undefined
      ? []
      : [
          `answered the ${named(first.op)} in epoch ${epoch} from its own authority at ${ended(first.op)}`,
        ];
  return `${node} ${[...noted, ...answered].join(" and ")}.`;
}

function explainLate(work: LateWork, scene: Scene): Anomaly {
  const { epoch, newerEpoch, leader, accepts, op, before, grade } = work;
  const claims = claimsAround(work, scene.leadership);
  const cause = causeOf(work, claims.newer, scene);
  const operations = operationsOfLate(work);
  const starts = [claims.older?.start, claims.newer?.start].filter((note) => note !== undefined);
  const late = op === undefined ? [] : [op.node];
  return {
    name: "split-brain",
    grade,
    class: "E4",
    ...(op === undefined ? {} : { key: op.key }),
    summary: summaryOf(work, claims.newer, cause),
    operations: operations.map(({ id }) => id),
    notes: [...starts, ...accepts].map(({ index }) => index).sort((a, b) => a - b),
    because: [
      ...[claims.older, claims.newer].flatMap((claim) =>
        claim?.start ? [claimText({ ...claim, first: undefined })] : [],
      ),
      ...(before === undefined ? [] : [beforeText(before.op, before.by, before.epoch)]),
      ...accepts.map(acceptText),
      ...(op === undefined ? [] : [opText(work, op)]),
      `Epoch ${newerEpoch} ended epoch ${epoch}: nothing may take effect in epoch ${epoch} once ${newerEpoch} is at work, yet this did.`,
      ...(cause.kind === "pause" ? [`Cause: ${cause.text}.`] : []),
      ...faultLines(scene.faults, operations),
      accepts.length > 0
        ? `It would have been valid had the replicas refused epoch ${epoch} once they knew of epoch ${newerEpoch}.`
        : `It would have been valid had ${leader} asked a majority before it answered, and so learnt of epoch ${newerEpoch}.`,
    ],
    cause,
    nodes: [
      ...new Set([
        leader,
        ...accepts.map(({ node }) => node),
        ...(before === undefined ? [] : [before.by]),
        ...(claims.newer === undefined ? [] : [claims.newer.node]),
        ...late,
      ]),
    ].sort(),
  };
}

/** What the newer leader had answered, if known, and the old leader's work. */
export function operationsOfLate({ op, before }: LateWork): Operation[] {
  return [before?.op, op].filter((one) => one !== undefined);
}

interface Claims {
  readonly older: Claim | undefined;
  readonly newer: Claim | undefined;
}

function claimsAround({ epoch, newerEpoch, leader }: LateWork, { claims }: Leadership): Claims {
  return {
    older: claims.find((claim) => claim.epoch === epoch && claim.node === leader),
    newer: claims.find((claim) => claim.epoch === newerEpoch && claim.node !== leader),
  };
}

function beforeText(op: Operation, by: string, epoch: number): string {
  return `${by} answered the ${named(op)} of ${op.key} in epoch ${epoch}; the answer was received at ${ended(op)}.`;
}

function acceptText(note: LateWork["accepts"][number]): string {
  return `${note.node} accepted the request ${note.request} of ${note.leader} in epoch ${note.epoch} at ${seconds(note.time)} (event ${note.index}), though it had promised or accepted epoch ${note.highest}.`;
}

function opText({ leader, epoch, grade, before }: LateWork, op: Operation): string {
  const inName = op.seen?.epoch === epoch ? ` as the work of ${leader} in epoch ${epoch}` : "";
  const begun =
    grade === "proven" && before !== undefined
      ? `was invoked only after that, at ${seconds(op.invokedAt)}`
      : `was invoked at ${seconds(op.invokedAt)}`;
  return `${capital(named(op))} of ${op.key} ${begun}, and was acknowledged at ${ended(op)}${inName}.`;
}

function summaryOf(
  { epoch, newerEpoch, leader, accepts, op }: LateWork,
  newer: Claim | undefined,
  cause: Cause,
): string {
  const led =
    newer === undefined ? `epoch ${newerEpoch} had begun` : `${newer.node} led epoch ${newerEpoch}`;
  const since = newer?.start === undefined ? "" : ` from ${seconds(newer.start.time)}`;
  const why = cause.kind === "pause" ? `; ${cause.text}` : "";
  const [note] = accepts;
  if (op !== undefined)
    return `${leader}, leader of the old epoch ${epoch}, had ${named(op)} of ${op.key} acknowledged at ${ended(op)}, though ${led}${since}${why}.`;
  return `${note?.node} accepted a write of ${leader}'s old epoch ${epoch} at ${seconds(note?.time ?? 0)}, though ${led}${since}${why}.`;
}

/** Was the old leader standing still when it was replaced? */
function causeOf(work: LateWork, newer: Claim | undefined, { faults, stalls }: Scene): Cause {
  const { leader, before, op, accepts } = work;
  const takeover = newer?.start?.time ?? before?.op.completedAt;
  const late = op?.completedAt ?? accepts[0]?.time;
  if (takeover === undefined || late === undefined) return unknownCause;
  const pause = activeDuring(faults, takeover, takeover).find(
    (fault) => fault.f === "pause" && fault.node === leader && fault.from <= late,
  );
  if (pause !== undefined)
    return {
      kind: "pause",
      text: `${leader} stood still when it was replaced (${faultText(pause)}), and went on as leader`,
    };
  const stall = stalls.find(
    ({ node, time, ms }) =>
      node === leader && time - ms * 1e6 <= takeover && takeover <= time && time - ms * 1e6 <= late,
  );
  if (stall !== undefined)
    return {
      kind: "pause",
      text: `${leader} stood still for ${stall.ms.toFixed(0)} ms until ${seconds(stall.time)} (event ${stall.index}), was replaced meanwhile, and went on as leader`,
    };
  return unknownCause;
}

const unknownCause: Cause = {
  kind: "unknown",
  text: "no pause of the old leader covers the takeover",
};

/** A belief of two nodes that each leads: legal, worth knowing. */
export function explainOverlap({ older, newer, from, to }: Overlap, { faults }: Scene): Anomaly {
  const starts = [older.start, newer.start].filter((note) => note !== undefined);
  const active = activeDuring(faults, from, to).map(faultText);
  return {
    name: "split-brain",
    grade: "note",
    class: "E1",
    summary: `${older.node} (epoch ${older.epoch}) and ${newer.node} (epoch ${newer.epoch}) both believed to lead from ${seconds(from)} to ${seconds(to)}.`,
    operations: [],
    notes: starts.map(({ index }) => index),
    because: [
      `${older.node} led epoch ${older.epoch} from ${seconds(older.from)} and is known to have believed so until ${seconds(older.until)}.`,
      `${newer.node} led epoch ${newer.epoch} from ${seconds(newer.from)}.`,
      "This is legal as long as only the newer of them can act.",
      ...(active.length === 0 ? [] : [`Faults meanwhile: ${active.join("; ")}.`]),
    ],
    nodes: [...new Set([older.node, newer.node])].sort(),
  };
}
