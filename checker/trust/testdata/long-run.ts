/**
 * The long run as a list of jobs of seconds each, in an order in which all objects get on at the same rate, so that it
 * may be stopped at any time and go on later.
 */

import type { LawCounts, MutationCounts } from "./phases.ts";
import { piecesOf, tryLaws, tryMutations, tryRandom, tryScope, tryStream } from "./phases.ts";
import { SUBJECTS } from "./subjects.ts";
import type { Counts, Tally } from "./tally.ts";

export interface Job {
  /** What it does, and with which seed: the same of the same code finds the same. */
  readonly key: string;
  readonly object: string;
  readonly phase: "scope" | "random" | "laws" | "mutations" | "stream";
  readonly run: () => Found;
}

export interface Found {
  readonly routes: Counts;
  readonly mismatches: readonly string[];
  readonly laws?: LawCounts["laws"];
  readonly mutations?: MutationCounts;
}

/** What is remembered of a job: a line of the results. */
export interface Done extends Found, Pick<Job, "key" | "object" | "phase"> {
  readonly seconds: number;
}

/** Histories in a job. */
const SCOPE_PIECE = 8_000;
const RANDOM_PIECE = 5_000;
/** Random histories of an object. */
const RANDOM = 1_000_000;
const LAW_PIECES = 120;
const MOST = 500;

export function jobs(seed: number): Job[] {
  const all = SUBJECTS.flatMap((subject) => {
    const object = subject.name;
    const scopes = [1, 2, 3, 4].map((count) => {
      const of = piecesOf(subject, count, SCOPE_PIECE);
      return Array.from(
        { length: of },
        (_, part): Job => ({
          key: `${object}: scope of ${count}, ${part} of ${of}`,
          object,
          phase: "scope",
          run: () => foundOf(tryScope(subject, count, { part, of })),
        }),
      );
    });
    const random = subject.workloads.map((workload, w) => {
      const size = Math.ceil(RANDOM_PIECE / (subject.cost ?? 1));
      const pieces = Math.ceil(RANDOM / size / subject.workloads.length);
      return Array.from({ length: pieces }, (_, i): Job => {
        const its = seed + 1_000_000 * w + i;
        return {
          key: `${object}, ${workload.name}: random, seed ${its}`,
          object,
          phase: "random",
          run: () => foundOf(tryRandom(subject, workload, its, size)),
        };
      });
    });
    const large = subject.workloads.map((workload, w) =>
      Array.from({ length: LAW_PIECES }, (_, i): Job[] => {
        const its = seed + 1_000_000 * w + i;
        const name = `${object}, ${workload.name}`;
        const laws: Job = {
          key: `${name}: laws, seed ${its}`,
          object,
          phase: "laws",
          run: () => {
            const found = tryLaws(subject, workload, its, { count: 5, most: MOST });
            return { ...foundOf(found.tally), laws: found.laws };
          },
        };
        const mutations: Job = {
          key: `${name}: mutations, seed ${its}`,
          object,
          phase: "mutations",
          run: () => {
            const sizes = { large: 4, small: 60, most: MOST };
            const found = tryMutations(subject, workload, its, sizes);
            return { ...foundOf(found.tally), mutations: found.mutations };
          },
        };
        const stream: Job = {
          key: `${name}: stream, seed ${its}`,
          object,
          phase: "stream",
          run: () => foundOf(tryStream(subject, workload, its, { count: 100, most: MOST })),
        };
        const streams = subject.spec.name === "register" && workload.name === "unique";
        return [
          laws,
          ...(workload.mutations === undefined ? [] : [mutations]),
          ...(streams ? [stream] : []),
        ];
      }).flat(),
    );
    return [...scopes, ...random, ...large];
  });
  return all
    .flatMap((list) => list.map((job, i) => ({ job, at: i / list.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ job }) => job);
}

function foundOf({ routes, mismatches }: Tally): Found {
  return { routes, mismatches: mismatches.map(({ message }) => message) };
}
