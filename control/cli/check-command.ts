/** `testbed check`: judges again what was recorded, a run's directory or a history file alone. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { check, linearizable, lostWrites, register, splitBrain } from "../../checker/index.ts";
import type { CheckSpec, Judgement, Verdict } from "../../proto/verdict.ts";
import { EXIT, UsageError } from "../errors.ts";
import { RunDirectory } from "../store.ts";
import { judge, readHistory } from "./judge.ts";
import { exitCode } from "./run-command.ts";
import { details } from "./summary.ts";

const CHECKS: Readonly<Record<string, () => CheckSpec>> = {
  linearizable: () => linearizable(register()),
  "lost-writes": lostWrites,
  "split-brain": splitBrain,
};

export interface CheckFlags {
  readonly json?: true;
  readonly check: readonly string[];
}

/** Exit code 0, 1, 2: for a run against its expectation, for a bare history by its verdict. */
export async function checkCommand(path: string, flags: CheckFlags): Promise<number> {
  const found = await stat(path).catch(() => {
    throw new UsageError(`${path}: there is no such run or history`);
  });
  return found.isDirectory() ? checkRun(path, flags) : checkFile(path, flags);
}

async function checkRun(path: string, flags: CheckFlags): Promise<number> {
  if (flags.check.length > 0)
    throw new UsageError(
      "--check is for a history file; a run is judged by the checks of its plan",
    );
  const judgement = await judge(await RunDirectory.open(path));
  print(flags, judgement, [judgement.sentence, ...details(judgement)]);
  return exitCode([judgement.outcome]);
}

async function checkFile(path: string, flags: CheckFlags): Promise<number> {
  const history = await readHistory(path);
  const verdict = check(history, await checksFor(path, flags));
  const failed = verdict.assumptions.filter((assumption) => !assumption.holds);
  const hollow = verdict.verdict === "valid" && failed.length > 0;
  const lines = [
    hollow ? "inconclusive: nothing was found, but too little was tested" : verdict.verdict,
    ...failed.map(({ name, detail }) => `  assumption ${name}: ${detail}`),
    ...details({ verdict, reasons: [] }),
  ];
  print(flags, verdict, lines);
  const codes = { valid: EXIT.asDeclared, invalid: EXIT.notAsDeclared, unknown: EXIT.inconclusive };
  return hollow ? EXIT.inconclusive : codes[verdict.verdict];
}

/** Those that were asked for; else those of the plan beside the file; else linearizability. */
async function checksFor(path: string, { check }: CheckFlags): Promise<readonly CheckSpec[]> {
  if (check.length > 0)
    return check.map((name) => {
      const make = CHECKS[name];
      if (make === undefined)
        throw new UsageError(
          `--check: got ${name}, wants one of ${Object.keys(CHECKS).join(", ")}`,
        );
      return make();
    });
  const beside = await RunDirectory.open(dirname(path)).catch(() => undefined);
  return beside === undefined ? [linearizable(register())] : (await beside.readPlan()).check;
}

function print(flags: CheckFlags, data: Judgement | Verdict, lines: readonly string[]): void {
  process.stdout.write(`${flags.json === true ? JSON.stringify(data) : lines.join("\n")}\n`);
}
