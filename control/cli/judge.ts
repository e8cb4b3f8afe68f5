/**
 * From a run's directory to its judgement and report. The history is read back from disk: whatever is said of a run
 * can be said again, by anybody who has the directory.
 */
import { readFile, writeFile } from "node:fs/promises";
import { check } from "../../checker/index.ts";
import type { History } from "../../proto/history.ts";
import { decodeHistory, HistoryFormatError } from "../../proto/history-codec.ts";
import type { CheckSpec, Judgement } from "../../proto/verdict.ts";
import { renderReport } from "../../report/index.ts";
import { UsageError } from "../errors.ts";
import { outcomeOf } from "../outcome.ts";
import type { RunDirectory } from "../store.ts";

const LOG_LINES = 60;

/**
 * Checks the recorded history by the recorded plan. Pure but for reading. `checks`: those of the plan, with the code of
 * models of the user's own.
 */
export async function judge(
  directory: RunDirectory,
  checks?: readonly CheckSpec[],
): Promise<Judgement> {
  const plan = await directory.readPlan();
  const history = await readHistory(directory.history);
  const verdict = check(history, checks ?? plan.check);
  return {
    ...outcomeOf(verdict, plan, history),
    scenario: plan.scenario,
    seed: plan.seed,
    calm: plan.calm,
    expectation: plan.expect,
    verdict,
  };
}

/** Writes report.html from what is stored. Resolves with its path. */
export async function writeReport(directory: RunDirectory, judgement: Judgement): Promise<string> {
  const plan = await directory.readPlan();
  const environment = await directory.readEnvironment();
  const logs = await Promise.all(
    Object.keys(plan.nodes).map(async (node) => ({
      node,
      tail: await directory.logTail(node, LOG_LINES),
    })),
  );
  const page = renderReport({
    judgement,
    history: await readHistory(directory.history),
    environment,
    plan: JSON.parse(await readFile(directory.plan, "utf8")),
    repeat: String(environment["repeat"] ?? ""),
    logs,
  });
  await writeFile(directory.report, page);
  return directory.report;
}

/** @throws UsageError naming the file and the line that is no history's. */
export async function readHistory(path: string): Promise<History> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new UsageError(`${path} can not be read: ${error.message}`);
  });
  try {
    return decodeHistory(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof HistoryFormatError) throw new UsageError(`${path}, ${error.message}`);
    throw new UsageError(`${path} is not UTF-8 text`);
  }
}
