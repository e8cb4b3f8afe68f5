/**
 * Worker threads that decide parts of a history side by side. Where one is stuck and another has nothing to do, the
 * other tries the same part breadth first: the first definite answer counts, and who is not needed any more is ended.
 */
import { Worker } from "node:worker_threads";
import type { Decision } from "../history/decision.ts";
import type { Job, Report } from "./job.ts";

/** This file runs compiled, or from source in a test; a worker cannot start from TypeScript. */
const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/checker/parallel/worker.js" : "./worker.js",
  import.meta.url,
);

/** The jobs of one part: the first, and the one that competes with it once it is stuck. */
interface Task {
  readonly job: Job;
  readonly running: Set<Worker>;
  stalled: boolean;
  competed: boolean;
  /** The answer of who gave up, while the other is still at it. */
  undecided: Decision | undefined;
  readonly settle: (decision: Decision) => void;
  readonly fail: (error: Error) => void;
}

export class Pool {
  readonly #threads: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task>();
  readonly #waiting: Task[] = [];
  readonly #tasks = new Set<Task>();

  constructor(threads: number) {
    this.#threads = threads;
  }

  decide(job: Job): Promise<Decision> {
    return new Promise((settle, fail) => {
      const task: Task = {
        job,
        running: new Set(),
        stalled: false,
        competed: false,
        undecided: undefined,
        settle,
        fail,
      };
      this.#tasks.add(task);
      this.#waiting.push(task);
      this.#assign();
    });
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    const all = [...this.#idle, ...this.#busy.keys()];
    this.#idle.length = 0;
    this.#busy.clear();
    await Promise.all(all.map((worker) => worker.terminate()));
  }

  #assign(): void {
    while (this.#idle.length > 0 || this.#busy.size < this.#threads) {
      const task = this.#waiting.shift();
      if (task !== undefined) {
        this.#start(task, task.job);
        continue;
      }
      const stuck = [...this.#tasks].find(({ stalled, competed }) => stalled && !competed);
      if (stuck === undefined) return;
      stuck.competed = true;
      this.#start(stuck, { ...stuck.job, engine: "breadth" });
    }
  }

  #start(task: Task, job: Job): void {
    const worker = this.#idle.pop() ?? this.#spawn();
    this.#busy.set(worker, task);
    task.running.add(worker);
    worker.postMessage(job);
  }

  #spawn(): Worker {
    const worker = new Worker(ENTRY);
    worker.on("message", (report: Report) => this.#hear(worker, report));
    // Out of memory, for instance: the part is lost, the thread too.
    worker.on("error", (error) => this.#lose(worker, error));
    return worker;
  }

  #hear(worker: Worker, report: Report): void {
    const task = this.#busy.get(worker);
    if (task === undefined) return;
    if (report.kind === "stalled") {
      task.stalled = true;
      this.#assign();
      return;
    }
    this.#busy.delete(worker);
    task.running.delete(worker);
    this.#idle.push(worker);
    if (report.kind === "failed") this.#finish(task, () => task.fail(new Error(report.message)));
    else this.#conclude(task, report.decision);
    this.#assign();
  }

  #conclude(task: Task, decision: Decision): void {
    const definite = decision.verdict === "valid" || decision.verdict === "invalid";
    // Whoever knows the larger part of the way names what is undecided: the portfolio.
    if (!definite && task.running.size > 0) {
      task.undecided ??= decision;
      return;
    }
    this.#finish(task, () => task.settle(definite ? decision : (task.undecided ?? decision)));
  }

  #lose(worker: Worker, error: Error): void {
    const task = this.#busy.get(worker);
    this.#busy.delete(worker);
    if (task === undefined) return;
    task.running.delete(worker);
    if (task.running.size === 0)
      this.#finish(task, () =>
        task.undecided === undefined ? task.fail(error) : task.settle(task.undecided),
      );
    this.#assign();
  }

  #finish(task: Task, tell: () => void): void {
    this.#tasks.delete(task);
    for (const worker of task.running) {
      this.#busy.delete(worker);
      void worker.terminate();
    }
    task.running.clear();
    tell();
  }
}
