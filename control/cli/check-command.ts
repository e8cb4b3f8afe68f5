/** `testbed check`: judges again what was recorded, a run's directory or a history file alone, ours or another tool's. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import {
  CHECKS,
  checkInParallel,
  InvalidCheckError,
  kindsOf,
  likelyModels,
  MODELS,
  OK,
  type Recording,
  validateCheck,
} from "../../checker/index.ts";
import type { Json } from "../../proto/json.ts";
import type { Anomaly, CheckSpec, Judgement, Verdict } from "../../proto/verdict.ts";
import { EXIT, UsageError } from "../errors.ts";
import { RunDirectory } from "../store.ts";
import { type FileFlags, type OpenHistory, openHistory } from "./history-file.ts";
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

const MODEL_AS_JSON = `'{"name":"semaphore","permits":3}'`;
const CHECK_AS_JSON = `'{"name":"staleness","withinMs":50}'`;
/** Checks that ask for a model. */
const OF_A_MODEL = ["linearizable", "sequential"];
/** Of an anomaly of many operations. */
const MOST_PLACES = 12;
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
    const guessed = flags.model === undefined && flags.check.every((text) => !text.startsWith("{"));
    const lines = [...linesOf(verdict, file, guessed), ...file.notes.map((note) => `  ${note}`)];
    for (const { line, reason } of file.dropped)
      process.stderr.write(`${path}, line ${line}: ${reason}\n`);
    print(flags, verdict, lines);
    const codes = {
      valid: EXIT.asDeclared,
      invalid: EXIT.notAsDeclared,
      unknown: EXIT.inconclusive,
    };
    return isHollow(verdict, file.recording) ? EXIT.inconclusive : codes[verdict.verdict];
  } finally {
    file.close();
  }
}

function linesOf(verdict: Verdict, file: OpenHistory, guessed: boolean): string[] {
  const { count } = file.recording.columns;
  const failed = verdict.assumptions.filter((assumption) => !assumption.holds);
  const head = isHollow(verdict, file.recording)
    ? "inconclusive: nothing was found, but too little was tested"
    : verdict.verdict;
  return [
    `${head} (${count} operation${count === 1 ? "" : "s"}${modelWords(verdict, guessed)})`,
    ...failed.map(({ name, detail }) => `  assumption ${name}: ${detail}`),
    ...details({ verdict, reasons: [] }),
    ...verdict.checks.flatMap(({ anomalies }) => anomalies.slice(0, 1).flatMap(argument(file))),
  ];
}

function modelWords({ checks }: Verdict, guessed: boolean): string {
  const [model] = checks.flatMap(({ check }) => check.options["model"] ?? []);
  if (!isObject(model)) return "";
  return ` of a ${model["name"]}${guessed ? ", as their kinds say; else give --model" : ""}`;
}

/** Why, step by step, and where the operations stand in the file. */
function argument(file: OpenHistory): (anomaly: Anomaly) => string[] {
  return ({ name, because, operations }) => {
    const places = operations
      .slice(0, MOST_PLACES)
      .map((id) => `op ${id} on line ${file.lineOf(id)}`);
    const more = operations.length > MOST_PLACES ? ", ..." : "";
    return [
      "",
      `  Why ${name}:`,
      ...because.map((line) => `    ${line}`),
      `    In the file: ${places.join(", ")}${more}.`,
    ];
  };
}

/**
 * Nothing was found because nothing happened. That one kind of operation never completed ok is told, but does not make
 * a history of another tool worthless.
 */
function isHollow({ verdict, assumptions }: Verdict, { columns }: Recording): boolean {
  const failed = assumptions.filter(({ holds }) => !holds).map(({ name }) => name);
  const idle = !columns.status.includes(OK);
  return verdict === "valid" && failed.some((name) => idle || name !== "ok-operations");
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
  const ofModel = asked.some((text) => OF_A_MODEL.some((name) => text.includes(name)));
  const idle = (["model", "failedCas"] as const).find((flag) => flags[flag] !== undefined);
  if (!ofModel && idle !== undefined)
    throw new UsageError(
      `--${idle === "model" ? "model" : "failed-cas"} is for ${OF_A_MODEL.join(" and ")}; ${asked.join(" and ")} know registers only`,
    );
  const model = flags.model ?? (ofModel ? likelyModel(path, recording) : "register");
  const specs = asked.map((text) => specOf(text, { ...flags, model }));
  for (const spec of specs) refuseForeign(path, spec, recording);
  return specs;
}

/** A check's name, or the check as JSON. */
function specOf(text: string, flags: CheckFlags): CheckSpec {
  const written = text.startsWith("{") ? json("--check", text, CHECK_AS_JSON) : { name: text };
  const { name, ...rest } = written as { readonly [field: string]: Json };
  // `{"name":"staleness","withinMs":50}`, or as a plan has it, with `options`.
  const given =
    isObject(rest["options"]) && Object.keys(rest).length === 1 ? rest["options"] : rest;
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

/** @throws UsageError when the model does not know an operation of the history. */
function refuseForeign(path: string, { options }: CheckSpec, { columns }: Recording): void {
  if (!isObject(options["model"])) return;
  const { name } = options["model"];
  const known = kindsOf(options["model"]);
  const foreign = columns.kinds.filter((kind) => !known.includes(kind));
  if (foreign.length === 0) return;
  const better = likelyModels(columns).map((model) => model.name);
  const hint = better.length === 0 ? "no model knows all of them" : `${better.join(" and ")} have`;
  throw new UsageError(
    `${path}: the model ${name} has no ${foreign.join(" and no ")}, it has ${known.join(", ")}; ${hint}`,
  );
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
  const written = model.startsWith("{") ? json("--model", model, MODEL_AS_JSON) : { name: model };
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

function json(flag: string, text: string, such = "0 or '\"a\"'"): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`${flag}: got ${text}, wants JSON, such as ${such}`);
  }
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function print(flags: CheckFlags, data: Judgement | Verdict, lines: readonly string[]): void {
  process.stdout.write(`${flags.json === true ? JSON.stringify(data) : lines.join("\n")}\n`);
}
