#!/usr/bin/env node
/** The command line: commands, exit codes, signals. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { EXIT, explain, HarnessError, InterruptedError, UsageError } from "../errors.ts";
import { RunDirectory } from "../store.ts";

const abort = new AbortController();

/** One Ctrl-C may come twice: from the terminal, and handed on by npx. */
const SAME_PRESS_MS = 500;
let pressedAt = Number.NEGATIVE_INFINITY;

/** First: heal, stop, keep the history. Second: leave at once; the guardian ends what is left. */
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    const again = performance.now() - pressedAt > SAME_PRESS_MS;
    pressedAt = performance.now();
    if (abort.signal.aborted && !again) return;
    if (abort.signal.aborted)
      process.exit(signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated);
    abort.abort(new InterruptedError(signal));
  });

/** A bug of ours. The guardian ends what is left of a run. */
process.on("uncaughtException", (error) => {
  process.stderr.write(`testbed: a bug in testbed itself, please report it: ${explain(error)}\n`);
  process.exit(EXIT.bug);
});

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const program = new Command("testbed")
  .description("Runs real replicated systems under faults and judges what clients saw.")
  .showHelpAfterError("(--help shows what there is)")
  .exitOverride();
let code: number = EXIT.asDeclared;

program
  .command("run")
  .description("run scenarios: every export of a file, or one as file.ts#export")
  .argument("<file...>")
  .option("--seed <n>", "the seed; chosen and printed when left out")
  .option(
    "--seeds <a..b>",
    "many seeds; results are appended to a file, and known ones are not run again",
  )
  .option("--set <name=value>", "a parameter of the scenario; may be repeated", collect, [])
  .option(
    "--time-limit <duration>",
    "how long to drive the workload, instead of what the scenario says",
  )
  .option("--out <directory>", "where runs are kept", "runs")
  .option("--calm", "leave the faults out: the twin that must be valid")
  .option("--no-check", "record only")
  .option("--json", "one JSON object a line on standard output")
  .action(async (files, flags) => {
    const { runCommand } = await import("./run-command.ts");
    code = await runCommand(files, flags, abort.signal);
  });

program
  .command("check")
  .description("judge a recorded run, or a history file, again")
  .argument("<run|file>")
  .option(
    "--check <name>",
    "for a history file: linearizable, sequential, causal, ...; may be repeated",
    collect,
    [],
  )
  .option("--model <name>", "what the object is: register, cas-register, queue, ...")
  .option("--initial <json>", "the value that it begins with")
  .option(
    "--failed-cas <meaning>",
    "ignored, or observed: it fails only when it finds another value",
  )
  .option("--format <name>", "testbed, jsonl, jepsen-edn or jepsen-log; else found from the file")
  .option("--keyed", "values are [key value], as with Jepsen's independent keys")
  .option("--lenient", "keep what is sound of a damaged file, and say what was dropped")
  .option("--memory <size>", "the most that reading may take, such as 4GiB; else half of it all")
  .option("--budget <steps>", "how long to search, for each key")
  .option("--json", "the verdict as JSON")
  .action(async (path, flags) => {
    // Nothing is running that would have to be healed.
    for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
    const { checkCommand } = await import("./check-command.ts");
    code = await checkCommand(path, flags);
  });

program
  .command("list")
  .description("list scenarios with what they declare")
  .argument("[file...]")
  .option("--json", "one JSON object a line")
  .action(async (files, flags) => {
    const { listCommand } = await import("./list-command.ts");
    code = await listCommand(files, flags);
  });

program
  .command("report")
  .description("write the report of a judged run again, from what is stored")
  .argument("<run>")
  .action(async (path) => {
    const { writeReport } = await import("./judge.ts");
    const directory = await RunDirectory.open(path);
    process.stdout.write(`${await writeReport(directory, await directory.readJudgement())}\n`);
  });

function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError)
    return error.signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
  if (error instanceof UsageError || error instanceof InvalidArgumentError) return EXIT.usage;
  return error instanceof HarnessError ? EXIT.harness : EXIT.bug;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.asDeclared : EXIT.usage;
  else {
    code = exitCodeOf(error);
    if (!(error instanceof InterruptedError)) process.stderr.write(`testbed: ${explain(error)}\n`);
  }
}
process.exitCode = code;
