/** `testbed check`: judges again what was recorded, a run's directory or a history file alone, ours or another tool's. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import {
  CHECKS,
  checkInParallel,
  InvalidCheckError,
  likelyModels,
  MODELS,
  type Recording,
  validateCheck,
} from "../../checker/index.ts";
import type { Json } from "../../proto/json.ts";
import type { CheckSpec, Judgement, Verdict } from "../../proto/verdict.ts";
import { EXIT, UsageError } from "../errors.ts";
import { RunDirectory } from "../store.ts";
import { type FileFlags, openHistory } from "./history-file.ts";
import { judge } from "./judge.ts";
import { checksOf } from "./own-models.ts";
import { exitCode } from "./run-command.ts";
import { details } from "./summary.ts";

export interface CheckFlags extends FileFlags {
  readonly json?: true;
  readonly check: readonly string[];
  readonly model?: string;
  readonly initial?: string;
  readonly budget?: string;
}

/** Checks that ask for a model. */
const OF_A_MODEL = ["linearizable", "sequential"];
const FOR_FILES = [
  ...(["model", "initial", "failedCas", "budget"] as const),
  ...(["format", "keyed", "lenient", "memory"] as const),
];

/** Exit code 0, 1, 2: for a run against its expectation, for a bare history by its verdict. */
export async function checkCommand(path: string, flags: CheckFlags): Promise<number> {
  const found = await stat(path).catch(() => {
    throw new UsageError(`${path}: there is no such run or history`);
  });
  return found.isDirectory() ? checkRun(path, flags) : checkFile(path, flags);
}

async function checkRun(path: string, flags: CheckFlags): Promise<number> {
  const given = flags.check.length > 0 ? "check" : FOR_FILES.find((flag) => flags[flag]);
  if (given !== undefined)
    throw new UsageError(
      `--${given === "failedCas" ? "failed-cas" : given} is for a history file; a run is judged by the checks of its plan`,
    );
  const directory = await RunDirectory.open(path);
  const { checks, remark } = await checksOf(directory, await directory.readPlan());
  const judgement = await judge(directory, checks);
  if (remark !== undefined) process.stderr.write(`${remark}\n`);
  print(flags, judgement, [judgement.sentence, ...details(judgement)]);
  return exitCode([judgement.outcome]);
}

async function checkFile(path: string, flags: CheckFlags): Promise<number> {
  const file = openHistory(path, flags);
  try {
    const specs = await checksFor(path, flags, file.recording);
    const verdict = await checkInParallel(file.recording, specs);
    const lines = [...linesOf(verdict, file.recording), ...file.notes.map((note) => `  ${note}`)];
    for (const { line, reason } of file.dropped)
      process.stderr.write(`${path}, line ${line}: ${reason}\n`);
    print(flags, verdict, lines);
    const codes = {
      valid: EXIT.asDeclared,
      invalid: EXIT.notAsDeclared,
      unknown: EXIT.inconclusive,
    };
    return isHollow(verdict) ? EXIT.inconclusive : codes[verdict.verdict];
  } finally {
    file.close();
  }
}

function linesOf(verdict: Verdict, { columns }: Recording): string[] {
  const failed = verdict.assumptions.filter((assumption) => !assumption.holds);
  const head = isHollow(verdict)
    ? "inconclusive: nothing was found, but too little was tested"
    : verdict.verdict;
  return [
    `${head} (${columns.count} operations)`,
    ...failed.map(({ name, detail }) => `  assumption ${name}: ${detail}`),
    ...details({ verdict, reasons: [] }),
  ];
}

function isHollow({ verdict, assumptions }: Verdict): boolean {
  return verdict === "valid" && assumptions.some((assumption) => !assumption.holds);
}

/** Those that were asked for; else those of the plan beside the file; else linearizability. */
async function checksFor(
  path: string,
  flags: CheckFlags,
  recording: Recording,
): Promise<readonly CheckSpec[]> {
  const { check } = flags;
  if (check.length === 0 && flags.model === undefined) {
    const beside = await RunDirectory.open(dirname(path)).catch(() => undefined);
    if (beside !== undefined) return (await checksOf(beside, await beside.readPlan())).checks;
  }
  const asked = check.length === 0 ? ["linearizable"] : check;
  const model = flags.model ?? likelyModel(path, recording);
  return asked.map((text) => specOf(text, { ...flags, model }));
}

/** A check's name, or the check as JSON. */
function specOf(text: string, flags: CheckFlags): CheckSpec {
  const written = text.startsWith("{") ? json("--check", text) : { name: text, options: {} };
  const { name, options } = written as { readonly name?: Json; readonly options?: Json };
  const given = isObject(options) ? options : {};
  if (typeof name !== "string" || !CHECKS.includes(name))
    throw new UsageError(`--check: got ${text}, wants one of ${CHECKS.join(", ")}`);
  const more = OF_A_MODEL.includes(name)
    ? {
        model: modelOf(flags),
        ...(flags.budget === undefined ? {} : { budget: budgetOf(flags.budget) }),
      }
    : flags.initial === undefined
      ? {}
      : { initial: json("--initial", flags.initial) };
  try {
    return validateCheck({ name, options: { ...more, ...given } });
  } catch (error) {
    if (error instanceof InvalidCheckError) throw new UsageError(error.message);
    throw error;
  }
}

/** By the kinds of operations. @throws UsageError where they do not tell */
function likelyModel(path: string, { columns }: Recording): string {
  const [likely, ...others] = likelyModels(columns).map(({ name }) => name);
  if (likely !== undefined && others.length === 0) return likely;
  const kinds = columns.kinds.join(", ");
  const choice = likely === undefined ? MODELS.join(", ") : [likely, ...others].join(" or ");
  throw new UsageError(`${path}: what is it that has ${kinds}? Say so by --model: ${choice}`);
}

/** A model's name, or the model as JSON. */
function modelOf({ model = "", initial, failedCas }: CheckFlags): Json {
  const written = model.startsWith("{") ? json("--model", model) : { name: model };
  if (!isObject(written)) throw new UsageError(`--model: got ${model}, wants ${MODELS.join(", ")}`);
  return {
    ...written,
    ...(initial === undefined ? {} : { initial: json("--initial", initial) }),
    ...(failedCas === undefined ? {} : { failures: failedCas }),
  };
}

function budgetOf(text: string): number {
  const steps = Number(text);
  if (Number.isSafeInteger(steps) && steps >= 0) return steps;
  throw new UsageError(`--budget: got ${text}, wants a whole number of steps`);
}

function json(flag: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`${flag}: got ${text}, wants JSON, such as 0 or '"a"'`);
  }
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function print(flags: CheckFlags, data: Judgement | Verdict, lines: readonly string[]): void {
  process.stdout.write(`${flags.json === true ? JSON.stringify(data) : lines.join("\n")}\n`);
}
