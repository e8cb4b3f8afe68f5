/**
 * What a verdict on a history costs, from the file on the disk, as a ratio to nothing but JSON.parse of the same
 * file's lines, measured in the same run, turn and turn about. Each measurement has a process of its own.
 *
 *     npm run bench:checker              within eight minutes; 10^3 to 10^6 operations
 *     npm run bench:checker -- --quick   small files, one turn each: does it run?
 *     npm run bench:checker -- --full    all combinations, 10^7 operations too: hours, and 10 GB of disk; goes on where
 *                                        it was ended (what is measured is kept in --results FILE)
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { type Case, defaultGrid, fullGrid, quickGrid } from "./checker-cases.ts";
import { type Measured, NOTES, tableOfChecker, targets } from "./checker-report.ts";
import { Results } from "./checker-results.ts";
import { type Effort, measureCase } from "./checker-run.ts";
import { load, machine, progress, runBench } from "./frame.ts";
import { inTemporaryDirectory } from "./lifetime.ts";

/** The default run begins nothing that might end later. */
const MOST_MS = 7.5 * 60_000;
/** What a measurement is given at least, even at the end. */
const LEAST_MS = 10_000;
/** What a large case is expected to take for each of its operations and turns, until one has shown it. */
const MS_AN_OPERATION = 0.01;

const DEFAULT: Effort = {
  // What the targets speak of is measured most often.
  turns: ({ operations, hard, family }) =>
    hard ? 1 : operations < 1e6 ? 2 : /register/.test(family) ? 3 : 1,
  giveUpMs: 30_000,
};
const QUICK: Effort = { turns: () => 1, giveUpMs: 60_000 };
const FULL: Effort = { turns: ({ operations }) => (operations > 1e6 ? 1 : 3), giveUpMs: 1_800_000 };

/** Measures what there is time for. @returns what was left. */
async function measureFor(
  mostMs: number,
  cases: readonly Case[],
  effort: Effort,
  add: (measured: Measured) => void,
): Promise<Case[]> {
  const left: Case[] = [];
  const endAt = performance.now() + mostMs;
  let slowest = MS_AN_OPERATION;
  await inTemporaryDirectory(async (directory) => {
    for (const one of cases) {
      const steps = one.operations * effort.turns(one);
      const beganAt = performance.now();
      if (beganAt + steps * slowest > endAt) {
        left.push(one);
        continue;
      }
      const giveUpMs = Math.min(effort.giveUpMs, Math.max(LEAST_MS, Math.ceil(endAt - beganAt)));
      add(await measureCase(directory, one, { ...effort, giveUpMs }));
      if (one.operations >= 1e6) slowest = Math.max(slowest, (performance.now() - beganAt) / steps);
    }
  });
  progress("");
  return left;
}

async function bench(mostMs: number, cases: readonly Case[], effort: Effort): Promise<void> {
  console.log(machine());
  const all: Measured[] = [];
  const left = await measureFor(mostMs, cases, effort, (measured) => {
    all.push(measured);
  }).finally(() => print(all));
  if (left.length > 0)
    console.log(`\nno time was left for: ${left.map(({ name }) => name).join("; ")}`);
  const more = new Set(fullGrid().map(({ name }) => name));
  for (const { of } of all) more.delete(of.name);
  console.log(`\n${more.size} more combinations are for --full`);
  console.log(`load at the end: ${load()}`);
}

async function fullBench(path: string): Promise<void> {
  console.log(machine());
  const results = new Results(path);
  console.log(`results so far and to come: ${path}`);
  const cases = fullGrid();
  const missing = cases.filter(({ name }) => results.find(name) === undefined);
  console.log(`${cases.length - missing.length} of ${cases.length} cases are known`);
  await measureFor(Number.POSITIVE_INFINITY, missing, FULL, (measured) => {
    results.add(measured);
    console.log(tableOfChecker([measured]).split("\n")[1]);
  });
  print(cases.flatMap(({ name }) => results.find(name) ?? []));
  console.log(`load at the end: ${load()}`);
}

function print(all: readonly Measured[]): void {
  console.log(`\n${tableOfChecker(all)}\n\n${NOTES}\n\n${targets(all).join("\n")}`);
}

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    results: { type: "string", default: "runs/bench-checker.jsonl" },
  },
});
await runBench(async () => {
  if (values.full) await fullBench(values.results);
  else if (values.quick) await bench(Number.POSITIVE_INFINITY, quickGrid(), QUICK);
  else await bench(MOST_MS, defaultGrid(), DEFAULT);
});
