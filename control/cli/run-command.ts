/** `testbed run`: scenario files in, runs with verdicts and reports out. */
import { randomInt } from "node:crypto";
import { relative, resolve } from "node:path";
import { finds, validateCheck } from "../../checker/index.ts";
import { hasLeader } from "../../proto/systems.ts";
import type { OutcomeKind } from "../../proto/verdict.ts";
import { parseDuration } from "../duration.ts";
import type { Origin } from "../environment.ts";
import { EXIT, explain, HarnessError, InterruptedError, UsageError } from "../errors.ts";
import { makePlan, type Plan, planHash } from "../plan.ts";
import { run } from "../run.ts";
import { RunDirectory } from "../store.ts";
import { codeHash } from "./code-hash.ts";
import { type Display, display, displayKind } from "./display.ts";
import { judge, writeReport } from "./judge.ts";
import { type LoadedScenario, loadScenarios } from "./load.ts";
import { hashOf } from "./own-models.ts";
import { parseSeed, parseSeeds, SeedFile } from "./seeds.ts";
import { summary } from "./summary.ts";

export interface RunFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly set: readonly string[];
  readonly timeLimit?: string;
  readonly out: string;
  readonly json?: true;
  /** commander turns `--no-check` into this. */
  readonly check: boolean;
  readonly calm?: true;
}

/** One run that is to be made. */
interface Job {
  readonly loaded: LoadedScenario;
  readonly plan: Plan;
  readonly repeat: string;
  readonly seeds: SeedFile | undefined;
  /** Of the program; empty where no seeds are kept. */
  readonly code: string;
}

type Result = OutcomeKind | "unchecked" | "errored";

export async function runCommand(
  files: readonly string[],
  flags: RunFlags,
  signal: AbortSignal,
): Promise<number> {
  const jobs = await plan(files, flags);
  const show = display(displayKind(flags.json === true));
  const results: Result[] = [];
  for (const job of jobs) {
    signal.throwIfAborted();
    results.push(await perform(job, flags, show, signal));
  }
  if (flags.seeds !== undefined && flags.json !== true) print(count(jobs, results));
  const code = exitCode(results);
  if (flags.json === true) printJson({ type: "result", exit: code, results });
  return code;
}

/** Everything is planned before anything is started: what is wrong with the last scenario shows at once. */
async function plan(files: readonly string[], flags: RunFlags): Promise<Job[]> {
  if (flags.seed !== undefined && flags.seeds !== undefined)
    throw new UsageError("--seed and --seeds exclude each other");
  const seeds = flags.seeds === undefined ? [seedOf(flags)] : parseSeeds(flags.seeds);
  const set = assignments(flags.set);
  const limit = flags.timeLimit === undefined ? undefined : timeLimit(flags.timeLimit);
  const out = resolve(flags.out);
  const code = flags.seeds === undefined ? "" : await codeHash();
  const jobs: Job[] = [];
  for (const loaded of (await Promise.all(files.map(loadScenarios))).flat()) {
    const file = flags.seeds === undefined ? undefined : await SeedFile.open(out, loaded.name);
    for (const seed of seeds) {
      const options = {
        seed,
        calm: flags.calm === true,
        set,
        ...(limit === undefined ? {} : { timeLimitNs: limit }),
      };
      const made = makePlan(loaded.name, loaded.reference, loaded.scenario, options);
      validateChecks(made, loaded);
      jobs.push({
        loaded,
        plan: made,
        repeat: repeatCommand(loaded, made, flags),
        seeds: file,
        code,
      });
    }
  }
  return jobs;
}

async function perform(
  job: Job,
  flags: RunFlags,
  show: Display,
  signal: AbortSignal,
): Promise<Result> {
  const { plan, seeds } = job;
  const known = seeds?.find(plan.seed, planHash(plan), job.code);
  const title = titleOf(plan);
  if (known !== undefined) {
    if (flags.json === true) printJson({ type: "known", ...known });
    else print(`${title}: ${known.sentence} (known, ${known.run})`);
    return known.outcome;
  }
  const directory = await RunDirectory.create(resolve(flags.out), plan, Date.now());
  const where = relative(process.cwd(), directory.path) || directory.path;
  show.begin(`${title}: ${plan.claim}`);
  try {
    const { repeat } = job;
    const origin = await originOf(job.loaded, repeat);
    await run({ plan, directory, origin, signal, onProgress: (now) => show.progress(now) });
    show.end();
    return flags.check ? await judged(job, flags, directory) : unchecked(job, flags, where);
  } catch (cause) {
    show.end();
    const error = await directory.explainFailure(cause);
    if (error instanceof InterruptedError)
      process.stderr.write(
        `interrupted; everything was healed and stopped, the history is kept in ${where}\n`,
      );
    if (!(error instanceof HarnessError)) throw error;
    process.stderr.write(`${title}: ${explain(error)}\n`);
    if (flags.json === true)
      printJson({ type: "errored", ...about(job, where), error: explain(error) });
    return "errored";
  }
}

async function judged(job: Job, flags: RunFlags, directory: RunDirectory): Promise<Result> {
  const { plan, loaded, seeds, code } = job;
  const where = relative(process.cwd(), directory.path) || directory.path;
  const judgement = await judge(directory, plan.check);
  await directory.writeJudgement(judgement);
  const report = relative(process.cwd(), await writeReport(directory, judgement));
  const { outcome, sentence } = judgement;
  const { scenario, seed } = plan;
  await seeds?.add({ scenario, seed, plan: planHash(plan), code, outcome, sentence, run: where });
  if (flags.json === true) printJson({ type: "judged", ...about(job, where), judgement });
  else print(`${titleOf(plan)} (${loaded.reference})\n${summary(judgement, report, job.repeat)}\n`);
  return outcome;
}

function unchecked(job: Job, flags: RunFlags, where: string): Result {
  if (flags.json === true) printJson({ type: "recorded", ...about(job, where) });
  else print(`${titleOf(job.plan)}\n  recorded, not checked: ${where}`);
  return "unchecked";
}

function titleOf({ scenario, seed, calm }: Plan): string {
  return `${scenario}, seed ${seed}${calm ? ", calm" : ""}`;
}

function about({ plan }: Job, where: string) {
  return { scenario: plan.scenario, seed: plan.seed, calm: plan.calm, run: where };
}

/** The first that applies of: not as declared, the harness failed, inconclusive, all as declared. */
export function exitCode(results: readonly Result[]): number {
  if (results.includes("unexpected")) return EXIT.notAsDeclared;
  if (results.includes("errored")) return EXIT.harness;
  return results.includes("inconclusive") ? EXIT.inconclusive : EXIT.asDeclared;
}

function count(jobs: readonly Job[], results: readonly Result[]): string {
  const names = [...new Set(jobs.map((job) => job.plan.scenario))];
  return names
    .map((name) => {
      const own = results.filter((_, index) => jobs[index]?.plan.scenario === name);
      const good = own.filter((result) => result === "expected").length;
      return `${name}: ${good} of ${own.length} seeds as declared`;
    })
    .join("\n");
}

function seedOf({ seed }: RunFlags): number {
  return seed === undefined ? randomInt(2 ** 31 - 1) : parseSeed(seed);
}

function timeLimit(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new UsageError(`--time-limit: ${(error as Error).message}`);
  }
}

function assignments(set: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    set.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new UsageError(`--set: got ${JSON.stringify(text)}, wants name=value`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function validateChecks(plan: Plan, { reference }: LoadedScenario): void {
  if (plan.check.length === 0)
    throw new UsageError(`${reference}: check: an empty list checks nothing`);
  const found = plan.check.flatMap((spec) => {
    try {
      return finds(validateCheck(spec));
    } catch (error) {
      throw new UsageError(`${reference}: check: ${(error as Error).message}`);
    }
  });
  const declared = plan.expect === "valid" ? [] : plan.expect.invalid;
  for (const name of declared)
    if (!found.includes(name))
      throw new UsageError(`${reference}: expect: no check of the list can find ${name}`);
  if (found.includes("split-brain") && !Object.values(plan.nodes).some(hasLeader))
    throw new UsageError(`${reference}: check: split-brain: nobody leads in this system`);
}

async function originOf({ file, export: name }: LoadedScenario, repeat: string): Promise<Origin> {
  return {
    repeat,
    scenarioFile: file,
    scenarioExport: name,
    scenarioHash: await hashOf(file),
  };
}

function repeatCommand(loaded: LoadedScenario, plan: Plan, flags: RunFlags): string {
  const set = flags.set.map((text) => ` --set ${quoted(text)}`).join("");
  const limit = flags.timeLimit === undefined ? "" : ` --time-limit ${quoted(flags.timeLimit)}`;
  const calm = plan.calm ? " --calm" : "";
  return `npx testbed run ${quoted(loaded.reference)} --seed ${plan.seed}${calm}${set}${limit}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./][\w./:=@,+#-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printJson(value: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
