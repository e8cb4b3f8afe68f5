/**
 * What a person sees while a run goes on: one moving line on a terminal, one line a stage elsewhere (CI). It goes to
 * standard error; results go to standard output. `NO_COLOR` is obeyed by both.
 */
import { styleText } from "node:util";
import ora, { type Ora } from "ora";
import { seconds } from "../duration.ts";
import type { Progress } from "../run.ts";

const STAGES: Record<Progress["stage"], string> = {
  start: "starting the nodes",
  drive: "driving the workload",
  heal: "healing all faults",
  settle: "waiting until all nodes serve",
  read: "reading for the last time",
  stop: "stopping the nodes",
};

export interface Display {
  begin(title: string): void;
  progress(progress: Progress): void;
  /** Takes the moving line away. */
  end(): void;
}

export function display(kind: "terminal" | "lines" | "silent"): Display {
  if (kind === "terminal") return terminal();
  return kind === "lines" ? lines() : { begin() {}, progress() {}, end() {} };
}

/** CI first: some of them pretend to be a terminal. */
export function displayKind(quiet: boolean): "terminal" | "lines" | "silent" {
  if (quiet) return "silent";
  const ci = (process.env["CI"] ?? "") !== "" || process.env["TERM"] === "dumb";
  // A terminal without a size (script, some containers) has nothing that a line could move on; the spinner divides by it.
  return process.stderr.isTTY && process.stderr.columns > 0 && !ci ? "terminal" : "lines";
}

function terminal(): Display {
  let spinner: Ora | undefined;
  return {
    begin(title) {
      const color = (process.env["NO_COLOR"] ?? "") === "" ? "cyan" : false;
      spinner = ora({ text: title, discardStdin: false, color }).start();
    },
    progress(progress) {
      if (spinner !== undefined) spinner.text = line(progress);
    },
    end() {
      spinner?.stop();
      spinner = undefined;
    },
  };
}

function lines(): Display {
  let stage: Progress["stage"] | undefined;
  return {
    begin(title) {
      stage = undefined;
      process.stderr.write(`${title}\n`);
    },
    progress(progress) {
      if (progress.stage === stage) return;
      stage = progress.stage;
      process.stderr.write(`  ${line(progress)}\n`);
    },
    end() {},
  };
}

function line({ stage, elapsedNs, ok, fail, info, faults }: Progress): string {
  const counts = `${ok} ok, ${fail} fail, ${info} info`;
  const active = faults.length === 0 ? "" : ` | ${faults.join(", ")}`;
  return `${seconds(elapsedNs).padStart(8)}  ${STAGES[stage]} | ${counts}${active}`;
}

/** Never colour alone: a mark and a word come with it. */
export function mark(kind: "good" | "bad" | "unsure"): string {
  const [colour, sign] = { good: ["green", "✓"], bad: ["red", "✗"], unsure: ["yellow", "?"] }[kind];
  return coloured(colour as "green", sign ?? "");
}

export function coloured(style: "green" | "red" | "yellow" | "bold" | "dim", text: string): string {
  const plain = (process.env["NO_COLOR"] ?? "") !== "" || !process.stdout.isTTY;
  return plain ? text : styleText(style, text);
}
