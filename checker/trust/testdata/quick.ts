/** The suite in a second or two, for objects whose names begin with one of the words: fails at the first thing that is wrong. */
import { piecesOf, tryLaws, tryMutations, tryRandom, tryScope } from "./phases.ts";
import { SUBJECTS } from "./subjects.ts";
import type { Tally } from "./tally.ts";

const HISTORIES = 4_000;
const RANDOM = 700;
const SEED = 20_265;

const words = (process.argv[2] ?? "").split(",");
const subjects = SUBJECTS.filter(({ name }) => words.some((word) => name.startsWith(word)));

function note(what: string, { routes, mismatches }: Tally): void {
  const [mismatch] = mismatches;
  if (mismatch !== undefined) throw mismatch;
  console.log(what, JSON.stringify(routes));
}

for (const subject of subjects) {
  note("1", tryScope(subject, 1, { part: 0, of: 1 }));
  note("2", tryScope(subject, 2, { part: 0, of: 1 }));
  for (const workload of subject.workloads) {
    note(workload.name, tryRandom(subject, workload, SEED, RANDOM / (subject.cost ?? 1)));
    const sizes = { large: 1, small: 30, most: 80 };
    note("mutations", tryMutations(subject, workload, SEED, sizes).tally);
  }
  note("3", tryScope(subject, 3, { part: 0, of: piecesOf(subject, 3, HISTORIES) }));
  for (const workload of subject.workloads)
    note("laws", tryLaws(subject, workload, SEED, { count: 2, most: 80 }).tally);
}
