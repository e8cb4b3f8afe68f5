/**
 * Where leadership was really broken. E2: two nodes led one epoch. E4: an old leader's work went on
 * after a newer epoch was at work: a replica accepted it although it knew of the newer epoch, or
 * the old leader answered, from its own authority, an operation that was invoked after an answer of
 * the newer leader had been received.
 *
 * That two nodes believe at the same time that they lead (E1) is legal while only one of them can
 * act. So is a late answer of the old leader to an operation invoked before the takeover: a
 * majority may have accepted it in time.
 */
import type { Operation } from "../proto/operation.ts";
import type { Grade } from "../proto/verdict.ts";
import type { Accept, Answer, Claim, Leadership } from "./leadership.ts";

export interface SharedEpoch {
  readonly class: "E2";
  readonly grade: Grade;
  readonly claims: readonly Claim[];
}

export interface LateWork {
  readonly class: "E4";
  readonly grade: Grade;
  readonly epoch: number;
  readonly newerEpoch: number;
  /** The old leader. */
  readonly leader: string;
  /** Notes of replicas that accepted it, if any. */
  readonly accepts: readonly Accept[];
  /** The acknowledged operation of the old epoch, when one is known. */
  readonly op: Operation | undefined;
  /** An answer of a newer epoch that was received before `op` was invoked. */
  readonly before: Answer | undefined;
}

export type Usurpation = SharedEpoch | LateWork;

export interface Overlap {
  readonly older: Claim;
  readonly newer: Claim;
  readonly from: number;
  readonly to: number;
}

export function sharedEpochs({ claims }: Leadership): SharedEpoch[] {
  const byEpoch = new Map<number, Claim[]>();
  for (const claim of claims)
    byEpoch.set(claim.epoch, [...(byEpoch.get(claim.epoch) ?? []), claim]);
  return [...byEpoch.values()]
    .filter((sharers) => sharers.length > 1)
    .map((sharers) => {
      const answered = sharers.filter(({ first }) => first !== undefined).length;
      return { class: "E2", grade: answered > 1 ? "proven" : "strong", claims: sharers };
    });
}

/**
 * Work of an old epoch, one entry for each request or operation, whatever the number of replicas
 * that took part.
 */
export function lateWork(leadership: Leadership, operations: readonly Operation[]): LateWork[] {
  const answered = new Map(lateAnswers(leadership).map((work) => [work.op, work]));
  const noted: LateWork[] = [];
  const harmful = leadership.late.filter((accept) => wasReplaced(leadership, accept));
  for (const accepts of byRequest(harmful)) {
    const [first] = accepts;
    if (first === undefined) continue;
    const op = operations.find((one) => isWorkOf(one, first));
    const proven = op === undefined ? undefined : answered.get(op);
    if (op !== undefined && proven !== undefined) {
      answered.set(op, { ...proven, accepts });
      continue;
    }
    noted.push({
      class: "E4",
      grade: "strong",
      epoch: first.epoch,
      newerEpoch: first.highest,
      leader: first.leader,
      accepts,
      op,
      before: op === undefined ? undefined : newerAnswer(leadership, op, first),
    });
  }
  return [...answered.values(), ...noted];
}

/**
 * Whether another node really led a newer epoch by then. An epoch that a replica had only promised, to a candidate who
 * never came to lead, replaced nobody: its holder is still the only one who acts.
 */
function wasReplaced({ claims }: Leadership, { epoch, leader, time }: Accept): boolean {
  return claims.some((claim) => claim.epoch > epoch && claim.node !== leader && claim.from <= time);
}

/**
 * The client's acknowledged operation, unless its answer names another epoch: a newer leader may
 * have repeated it.
 */
function isWorkOf({ request, status, seen }: Operation, note: Accept): boolean {
  if (status !== "ok" || request !== note.request) return false;
  return seen?.epoch === undefined || seen.epoch === note.epoch;
}

function byRequest(notes: readonly Accept[]): Accept[][] {
  const requests = new Map<string, Accept[]>();
  for (const note of notes) {
    const id = JSON.stringify([note.request, note.epoch]);
    const same = requests.get(id);
    if (same === undefined) requests.set(id, [note]);
    else same.push(note);
  }
  return [...requests.values()];
}

/**
 * The latest answer of a newer epoch that was received before the operation was, on its key if
 * there is one.
 */
function newerAnswer({ answers }: Leadership, op: Operation, late: Accept): Answer | undefined {
  const newer = answers.filter(
    ({ epoch, by, at }) => epoch > late.epoch && by !== late.leader && at < (op.completed ?? op.id),
  );
  return newer.findLast((answer) => answer.op.key === op.key) ?? newer.at(-1);
}

function lateAnswers({ answers }: Leadership): LateWork[] {
  const firsts = firstAnswers(answers);
  return answers.flatMap((answer): LateWork[] => {
    const { op, epoch, by } = answer;
    if (!firsts.some((first) => isNewerAndBefore(first, answer))) return [];
    const newer = answers.filter((other) => isNewerAndBefore(other, answer));
    const before = newer.findLast((other) => other.op.key === op.key) ?? newer.at(-1);
    if (before === undefined) return [];
    const newerEpoch = before.epoch;
    return [
      { class: "E4", grade: "proven", epoch, newerEpoch, leader: by, accepts: [], op, before },
    ];
  });
}

/**
 * The first answer of each node in each epoch: few, so that a sound history is judged in one pass.
 */
function firstAnswers(answers: readonly Answer[]): Answer[] {
  const firsts = new Map<string, Answer>();
  for (const answer of answers) {
    const claim = JSON.stringify([answer.by, answer.epoch]);
    if (!firsts.has(claim)) firsts.set(claim, answer);
  }
  return [...firsts.values()];
}

/**
 * An answer of another node in a newer epoch, received before the operation of `answer` was
 * invoked.
 */
function isNewerAndBefore(other: Answer, { op, epoch, by }: Answer): boolean {
  return other.epoch > epoch && other.by !== by && other.at < op.id;
}

/** Two nodes that both believed to lead, in different epochs, at the same true time. */
export function overlaps({ claims }: Leadership): Overlap[] {
  const found: Overlap[] = [];
  for (const [i, older] of claims.entries())
    for (const newer of claims.slice(i + 1)) {
      const from = Math.max(older.from, newer.from);
      const to = Math.min(older.until, newer.until);
      const different = older.node !== newer.node && older.epoch !== newer.epoch;
      if (different && from < to) found.push({ older, newer, from, to });
    }
  return found;
}
