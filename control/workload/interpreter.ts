/**
 * Drives clients by a generator and records what they do. Each thread is one client with one operation at a time;
 * after `info` the thread goes on under a new process number, because the old operation may still take effect.
 */
import type { Completion } from "../../proto/history.ts";
import type { Recorder } from "../recorder.ts";
import type { Answer, RegisterClient } from "./client.ts";
import type { Generator, Input } from "./generator.ts";

interface Thread {
  readonly client: RegisterClient;
  process: number;
  busy: boolean;
}

export class Interpreter {
  readonly #threads: Thread[];
  readonly #recorder: Recorder;
  readonly #counts: Record<Completion, number> = { ok: 0, fail: 0, info: 0 };
  readonly #open = new Set<Promise<void>>();
  #generator: Generator;
  #beganNs = 0;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #requests = 0;
  #nextProcess: number;

  constructor(clients: readonly RegisterClient[], generator: Generator, recorder: Recorder) {
    this.#threads = clients.map((client, index) => ({ client, process: index, busy: false }));
    this.#nextProcess = clients.length;
    this.#generator = generator;
    this.#recorder = recorder;
  }

  get counts(): Readonly<Record<Completion, number>> {
    return this.#counts;
  }

  /** Begins to invoke; returns at once. */
  start(): void {
    this.#beganNs = this.#recorder.now();
    this.#running = true;
    this.#pump();
  }

  /** Invokes nothing more. Open operations go on. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Resolves when no operation is open: each ends by its own deadline at the latest. */
  async drained(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  /** One operation outside of the generator, by a process of its own. */
  async once(client: RegisterClient, input: Input, final: boolean): Promise<Answer> {
    const process = this.#nextProcess++;
    return this.#perform({ client, process, busy: true }, input, final);
  }

  /** Invokes until the generator wants to wait. */
  #pump(): void {
    clearTimeout(this.#timer);
    while (this.#running) {
      const nowNs = this.#recorder.now() - this.#beganNs;
      const free = this.#threads.flatMap((thread, index) => (thread.busy ? [] : [index]));
      const [step, after] = this.#generator.next({ nowNs, free });
      this.#generator = after;
      if (step.step === "wait") {
        if (step.untilNs !== undefined)
          this.#timer = setTimeout(() => this.#pump(), Math.max(0, (step.untilNs - nowNs) / 1e6));
        return;
      }
      this.#invoke(step.thread, step.input);
    }
  }

  #invoke(index: number, input: Input): void {
    const thread = this.#threads[index];
    if (thread === undefined || thread.busy)
      throw new Error(`the generator chose thread ${index}, which is not free`);
    thread.busy = true;
    const done = this.#perform(thread, input, false).then(({ type }) => {
      this.#open.delete(done);
      thread.busy = false;
      if (type === "info") thread.process = this.#nextProcess++;
      const nowNs = this.#recorder.now() - this.#beganNs;
      this.#generator = this.#generator.completed({ thread: index, status: type, nowNs });
      this.#pump();
    });
    this.#open.add(done);
  }

  async #perform({ client, process }: Thread, input: Input, final: boolean): Promise<Answer> {
    const { f, key, value } = input;
    this.#requests += 1;
    const request = `r${this.#requests}`;
    const about = {
      process,
      f,
      key,
      node: client.node,
      request,
      ...(final ? ({ final } as const) : {}),
    };
    this.#recorder.tell({ type: "invoke", value, ...about });
    const answer = await client.invoke(input, request);
    this.#recorder.tell({ ...about, ...answer });
    this.#counts[answer.type] += 1;
    return answer;
  }
}
