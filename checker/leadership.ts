/**
 * Who led which epoch, and what was done in whose name: from what nodes noted of themselves and
 * from what their answers showed. The notes rest on the nodes' truthfulness; answers are what
 * clients saw.
 */
import type { Event, NoteEvent } from "../proto/history.ts";
import type { Operation } from "../proto/operation.ts";

export type LeaderStart = Extract<NoteEvent, { readonly kind: "leader-start" }>;
export type Accept = Extract<NoteEvent, { readonly kind: "accept" }>;

/** An acknowledged operation that a node answered from its own authority in an epoch. */
export interface Answer {
  readonly op: Operation;
  readonly epoch: number;
  readonly by: string;
  /** Index of the completion. */
  readonly at: number;
}

/** A node's claim to an epoch, as far as there is definite evidence; true time in nanoseconds. */
export interface Claim {
  readonly node: string;
  readonly epoch: number;
  readonly from: number;
  readonly until: number;
  /** Its note, when it left one. */
  readonly start: LeaderStart | undefined;
  /** Its first and its last answer, by completion. */
  readonly first: Answer | undefined;
  readonly last: Answer | undefined;
}

export interface Leadership {
  /** By epoch, then by the beginning. */
  readonly claims: readonly Claim[];
  /** In the order of their completions. */
  readonly answers: readonly Answer[];
  /** Writes of an old epoch that a replica accepted although it knew of a newer one. */
  readonly late: readonly Accept[];
  readonly rejected: number;
}

export function leadershipOf(
  events: readonly Event[],
  operations: readonly Operation[],
): Leadership {
  const notes = events.filter((event) => event.type === "note");
  const answers = answersOf(operations);
  return {
    claims: claimsOf(notes, answers),
    answers,
    late: notes
      .filter((note) => note.kind === "accept")
      .filter((note) => note.epoch < note.highest),
    rejected: notes.filter((note) => note.kind === "reject").length,
  };
}

function answersOf(operations: readonly Operation[]): Answer[] {
  const answers = operations.flatMap((op) => {
    const { epoch, served } = op.seen ?? {};
    if (op.status !== "ok" || epoch === undefined || served === undefined) return [];
    return op.completed === undefined ? [] : [{ op, epoch, by: served, at: op.completed }];
  });
  return answers.sort((a, b) => a.at - b.at);
}

function claimsOf(notes: readonly NoteEvent[], answers: readonly Answer[]): Claim[] {
  const claims = new Map<string, Claim>();
  const extend = (node: string, epoch: number, from: number, until: number): Claim => {
    const known = claims.get(JSON.stringify([node, epoch]));
    return {
      node,
      epoch,
      from: Math.min(from, known?.from ?? from),
      until: Math.max(until, known?.until ?? until),
      start: known?.start,
      first: known?.first,
      last: known?.last,
    };
  };
  const put = (claim: Claim): unknown =>
    claims.set(JSON.stringify([claim.node, claim.epoch]), claim);
  for (const note of notes) {
    if (note.kind === "leader-start") {
      const claim = extend(note.node, note.epoch, note.time, note.time);
      put({ ...claim, start: claim.start ?? note });
    } else if (note.kind === "leader-end" && claims.has(JSON.stringify([note.node, note.epoch])))
      put(extend(note.node, note.epoch, note.time, note.time));
  }
  for (const answer of answers) {
    // It acted at some moment before the completion: of that moment only the invocation is a sure
    // bound from below.
    const { invokedAt, completedAt = invokedAt } = answer.op;
    const known = claims.get(JSON.stringify([answer.by, answer.epoch]));
    const claim = extend(
      answer.by,
      answer.epoch,
      known?.from ?? completedAt,
      known === undefined ? completedAt : invokedAt,
    );
    put({ ...claim, first: claim.first ?? answer, last: answer });
  }
  return [...claims.values()].sort((a, b) => a.epoch - b.epoch || a.from - b.from);
}
