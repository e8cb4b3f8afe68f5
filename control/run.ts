/**
 * One run, stage by stage: start, drive, heal, settle, read, stop. What begins is registered to be ended the moment it
 * has begun; faults are healed and processes ended on every way out.
 */
import { readFile } from "node:fs/promises";
import pino from "pino";
import { HISTORY_SCHEMA } from "../proto/history.ts";
import { Cluster } from "./cluster/cluster.ts";
import { environmentOf, type Origin } from "./environment.ts";
import { HarnessError } from "./errors.ts";
import { Nemesis } from "./faults/nemesis.ts";
import type { Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import { watchController } from "./stall.ts";
import type { RunDirectory } from "./store.ts";
import { RegisterClient } from "./workload/client.ts";
import { readFinally } from "./workload/final-reads.ts";
import { Interpreter } from "./workload/interpreter.ts";
import { registersGenerator } from "./workload/registers.ts";
import { keysOf } from "./workload/workload.ts";

export type Stage = "start" | "drive" | "heal" | "settle" | "read" | "stop";

/** What a display may want to know while a run goes on. */
export interface Progress {
  readonly stage: Stage;
  readonly elapsedNs: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly faults: readonly string[];
}

export interface RunOptions {
  readonly plan: Plan;
  readonly directory: RunDirectory;
  /** Kept beside the history. */
  readonly origin: Origin;
  /** Aborted with an `InterruptedError`: the run heals, stops and keeps what it has. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

const PROGRESS_EVERY_MS = 200;

/** @throws HarnessError, InterruptedError; the history up to there is in the directory. */
export async function run(options: RunOptions): Promise<void> {
  const { directory, signal } = options;
  const destination = pino.destination({ dest: directory.controllerLog, sync: true });
  // A full disk ends the run by way of the history; this log can only fall silent.
  destination.on("error", () => undefined);
  const log = pino({ base: null }, destination);
  /** Whatever ends the run from the side: a signal, a dead node, a full disk. */
  const abort = new AbortController();
  const stop = (): void => abort.abort(signal.reason);
  const fail = (error: unknown): void => {
    log.error({ error: String(error) }, "the run fails");
    abort.abort(error);
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    await supervised({ ...options, log, abort, fail });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

interface Supervision extends RunOptions {
  readonly log: pino.Logger;
  readonly abort: AbortController;
  readonly fail: (error: unknown) => void;
}

async function supervised(own: Supervision): Promise<void> {
  const { plan, directory, log, abort, fail } = own;
  const header = {
    testbed: "history",
    schema: HISTORY_SCHEMA,
    scenario: plan.scenario,
    seed: plan.seed,
    versions: { testbed: await version(), node: process.version },
  } as const;
  const unwritable = (error: unknown): void =>
    fail(new HarnessError(`${directory.history} can not be written: ${(error as Error).message}`));
  const recorder = await Recorder.open(
    directory.history,
    header,
    process.hrtime.bigint(),
    unwritable,
  );
  const stopWatching = watchController(recorder);
  const cluster = new Cluster({
    plan,
    directory,
    onNote: (node, at, note) => recorder.note(node, at, note),
    onDeath: fail,
  });
  try {
    await stages(own, recorder, cluster);
    // What is kept for the judgement was complete before this; the data of nodes was for the run only.
    await directory.dropData(Object.keys(plan.nodes));
  } catch (error) {
    if (!abort.signal.aborted) abort.abort(error);
  }
  stopWatching();
  for (const end of [
    () => cluster.stop(),
    () => recorder.close(),
    () => directory.writeEnvironment(environmentOf(own.origin)),
  ])
    await end().catch(fail);
  log.info("stopped");
  // The first cause explains whatever failed after it.
  if (abort.signal.aborted) throw await directory.explainFailure(abort.signal.reason);
}

async function stages(own: Supervision, recorder: Recorder, cluster: Cluster): Promise<void> {
  const { plan, log, abort, fail, onProgress } = own;
  const generator = registersGenerator(plan.workload, plan.workloadStream);
  const timeoutMs = plan.workload.timeoutNs / 1e6;
  const { nodes, token } = cluster;
  const others = plan.workload.failover ? nodes.length - 1 : 0;
  const clients = Array.from({ length: plan.workload.clients }, (_, index) => {
    const home = index % nodes.length;
    const inTurn = [...nodes.slice(home), ...nodes.slice(0, home)];
    return new RegisterClient(inTurn.slice(0, 1 + others), token, timeoutMs);
  });
  const readers = nodes.map((node) => new RegisterClient([node], token, timeoutMs));
  const interpreter = new Interpreter(clients, generator, recorder);
  const nemesis = new Nemesis(cluster, recorder, fail);
  let stage: Stage = "start";
  const show = (): void =>
    onProgress({ stage, elapsedNs: recorder.now(), ...interpreter.counts, faults: nemesis.active });
  const enter = (next: Stage): void => {
    stage = next;
    if (next !== "start") recorder.tell({ type: "stage", stage: next });
    log.info({ stage: next, counts: interpreter.counts });
    show();
  };
  const ticking = setInterval(show, PROGRESS_EVERY_MS);
  try {
    enter("start");
    await orAborted(cluster.start(), abort.signal);
    enter("drive");
    interpreter.start();
    nemesis.start(plan.faults);
    await until(plan.durationNs / 1e6, abort.signal);
    enter("heal");
    interpreter.stop();
    await nemesis.heal();
    await interpreter.drained();
    abort.signal.throwIfAborted();
    enter("settle");
    await cluster.healthy();
    enter("read");
    const unread = await readFinally(interpreter, readers, keysOf(plan.workload), abort.signal);
    if (unread.length > 0) log.warn({ unread }, "no final read");
    enter("stop");
  } finally {
    clearInterval(ticking);
    interpreter.stop();
    try {
      await nemesis.heal();
    } finally {
      for (const client of [...clients, ...readers]) client.close();
    }
  }
}

/** Resolves after the time; rejects at once when aborted. */
function until(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  return orAborted(passed, signal).finally(() => clearTimeout(timer));
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The package's own version, from wherever this file runs. */
async function version(): Promise<string> {
  const up = import.meta.url.includes("/dist/") ? "../../package.json" : "../package.json";
  const text = await readFile(new URL(up, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
