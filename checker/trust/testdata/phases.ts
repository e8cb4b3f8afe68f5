/** What the suite does with an object, in pieces of any size. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Operation } from "../../../proto/operation.ts";
import { LAWS } from "./laws.ts";
import { shuffled } from "./mutation.ts";
import { agree, amongOtherKeys, followStream } from "./routes.ts";
import { choicesOf, smallHistories } from "./scope.ts";
import { anything, simulate, tamper } from "./simulate.ts";
import type { Act, Draw, Subject, Workload } from "./subject.ts";
import { Tally } from "./tally.ts";
import { tell, truthOf } from "./told.ts";
import { Court, MismatchError } from "./trial.ts";

/** Mismatches of a kind come in thousands. */
const ENOUGH = 5;

export function drawOf(seed: number): Draw {
  const random = xoroshiro128plus(seed);
  return (from, to) => uniformInt(random, from, to);
}

export interface Piece {
  /** Of all histories those whose number leaves this remainder... */
  readonly part: number;
  /** ... when divided by this. */
  readonly of: number;
}

/** All histories of up to three operations, or of four. */
export function tryScope(subject: Subject, count: number, piece: Piece): Tally {
  const court = new Court(subject);
  const tally = new Tally();
  for (const operations of smallHistories(subject, actsFor(subject, count), count, piece)) {
    tally.try(() => court.try(operations));
    if (tally.mismatches.length >= ENOUGH) return tally;
  }
  return tally;
}

/** In how many pieces of about so many histories the scope falls. */
export function piecesOf(subject: Subject, count: number, histories: number): number {
  const shapes = [1, 1, 3, 15, 105][count] ?? 945;
  const all = choicesOf(subject, actsFor(subject, count), count) * shapes;
  return Math.ceil((all * (subject.cost ?? 1)) / histories);
}

function actsFor({ acts, fewerActs }: Subject, count: number): readonly Act[] {
  return count > 3 ? (fewerActs ?? acts) : acts;
}

/** Random histories of two to nine operations. */
export function tryRandom(
  subject: Subject,
  workload: Workload,
  seed: number,
  count: number,
): Tally {
  const court = new Court(subject);
  const tally = new Tally();
  const draw = drawOf(seed);
  for (let i = 0; i < count; i++) {
    const operations = randomHistory(subject, workload, draw, i);
    tally.try(() => court.try(operations));
    if (tally.mismatches.length >= ENOUGH) return tally;
  }
  return tally;
}

function randomHistory(subject: Subject, workload: Workload, draw: Draw, number: number) {
  const size = 2 + (number % 8);
  if (number % 5 === 4) return anything(subject, draw, Math.min(size, 6));
  const lost = [0, 60, 150, 400][draw(0, 3)] ?? 0;
  const crowd = { operations: size, processes: draw(2, 4), lost };
  const right = simulate(subject, workload, draw, crowd);
  return number % 3 === 0 ? right : tamper(workload, draw, right);
}

export interface LawCounts {
  /** By law, how many histories of each verdict were changed. */
  readonly laws: Record<string, { valid: number; invalid: number }>;
  readonly tally: Tally;
}

export interface Large {
  readonly count: number;
  /** Operations in one history, where the object allows for so many. */
  readonly most: number;
}

/** Laws on histories of 50 operations and more. */
export function tryLaws(
  subject: Subject,
  workload: Workload,
  seed: number,
  { count, most }: Large,
): LawCounts {
  const court = new Court(subject);
  const tally = new Tally();
  const draw = drawOf(seed);
  const laws: LawCounts["laws"] = {};
  for (let i = 0; i < count; i++) {
    const operations = largeHistory(subject, workload, draw, { number: i, most });
    const base = tally.try(() => court.prove(operations, i % 2 === 0 ? "valid" : undefined));
    if (base === undefined || base.verdict === "unknown") continue;
    const { verdict } = base;
    for (const law of LAWS) {
      if (law.keeps !== "both" && law.keeps !== verdict) continue;
      const changed = law.change({ draw, subject, workload, operations });
      if (changed === undefined) continue;
      const again = tally.try(() => {
        try {
          return court.prove(changed, verdict);
        } catch (error) {
          throw error instanceof MismatchError ? error.under(`the law of ${law.name}`) : error;
        }
      });
      laws[law.name] ??= { valid: 0, invalid: 0 };
      const counts = laws[law.name];
      if (counts !== undefined && again?.verdict === verdict) counts[verdict]++;
    }
    tally.try(() => {
      agree(subject, operations);
      amongOtherKeys(
        subject,
        operations,
        simulate(subject, workload, draw, { operations: 30, processes: 3, lost: 5 }),
      );
      return base;
    });
    if (tally.mismatches.length >= ENOUGH) break;
  }
  return { laws, tally };
}

function largeHistory(
  subject: Subject,
  workload: Workload,
  draw: Draw,
  { number, most }: { readonly number: number; readonly most: number },
): Operation[] {
  const crowd = {
    operations: draw(50, Math.min(most, workload.large ?? 500)),
    processes: draw(2, 5),
    lost: draw(0, 2) === 0 ? 0 : 10,
  };
  const right = simulate(subject, workload, draw, crowd);
  if (number % 2 === 0) return right;
  const [mutation] = shuffled(draw, workload.mutations ?? []);
  const wrong = mutation?.inject(draw, right)?.operations;
  return wrong === undefined ? tamper(workload, draw, right) : [...wrong];
}

/** By mutation: how many were injected (all certainly wrong), flagged, and left open for want of budget. */
export type MutationCounts = Record<string, { injected: number; flagged: number; open: number }>;

/**
 * Faults injected into right histories. In small ones the oracle says what they are; that a fault is certain is put to
 * the test there as well.
 */
export function tryMutations(
  subject: Subject,
  workload: Workload,
  seed: number,
  { large, small, most }: { readonly large: number; readonly small: number; readonly most: number },
): { readonly mutations: MutationCounts; readonly tally: Tally } {
  const court = new Court(subject);
  const tally = new Tally();
  const draw = drawOf(seed);
  const mutations: MutationCounts = {};
  for (const { name, inject } of workload.mutations ?? []) {
    const counts = { injected: 0, flagged: 0, open: 0 };
    mutations[name] = counts;
    for (let i = 0; i < large + small; i++) {
      const isSmall = i < small;
      const crowd = {
        operations: isSmall ? draw(3, 9) : draw(50, Math.min(most, workload.large ?? 500)),
        processes: draw(2, 5),
        lost: [0, 10, 40][draw(0, 2)] ?? 0,
      };
      const right = simulate(subject, workload, draw, crowd);
      const wrong = inject(draw, right);
      if (wrong === undefined) continue;
      counts.injected++;
      const core = wrong.operations.filter(({ id }) => wrong.core.includes(id));
      if (core.length <= 9) mustBeWrong(subject, `the core of ${name}`, core);
      const judged = tally.try(() =>
        isSmall
          ? court.try(wrong.operations, mustBeWrong(subject, name, wrong.operations))
          : court.prove(wrong.operations, "invalid"),
      );
      if (judged?.verdict === "invalid") counts.flagged++;
      if (judged?.verdict === "unknown") counts.open++;
    }
  }
  return { mutations, tally };
}

/** @throws Error when the fault is none: then the suite is wrong, not the checker. */
function mustBeWrong(subject: Subject, name: string, operations: readonly Operation[]): boolean {
  if (truthOf(subject, operations))
    throw new Error(`${subject.name}: ${name} left a legal history\n${tell(operations)}`);
  return false;
}

/** The stream of a register against the router, prefix by prefix where the first alarm is. */
export function tryStream(
  subject: Subject,
  workload: Workload,
  seed: number,
  { count, most }: Large,
): Tally {
  const tally = new Tally();
  const draw = drawOf(seed);
  for (let i = 0; i < count; i++) {
    const operations = largeHistory(subject, workload, draw, { number: i, most });
    tally.try(() => ({
      verdict: followStream(subject, operations, operations.length < 80),
      route: "stream",
      certificate: 0,
      class: "",
    }));
  }
  return tally;
}
