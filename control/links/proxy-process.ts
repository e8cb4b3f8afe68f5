/** The proxy as a process of the run: spawned, guarded, asked and ended by one owner. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { compiled, type Guard } from "../cluster/guard.ts";
import { within } from "../cluster/node-process.ts";
import { HarnessError } from "../errors.ts";
import type { Answers, Command, Line } from "./protocol.ts";

const ANSWER_WITHIN_MS = 10_000;
const END_WITHIN_MS = 3000;
/** Of what it says when it dies. */
const LAST_WORDS = 2000;

export interface ProxyProcessOptions {
  readonly guard: Guard;
  readonly onDeath: (error: HarnessError) => void;
  readonly onStall?: (ms: number) => void;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: HarnessError) => void;
}

export class ProxyProcess {
  readonly pid: number;
  readonly #child;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  readonly #options: ProxyProcessOptions;
  #asked = 0;
  #lastWords = "";
  #closing = false;
  #end: HarnessError | undefined;

  /** @throws HarnessError when there is no process to be had. */
  constructor(options: ProxyProcessOptions) {
    this.#options = options;
    this.#child = execa(process.execPath, [compiled("../links/proxy-main.js")], {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      extendEnv: false,
      env: { LD_LIBRARY_PATH: process.env["LD_LIBRARY_PATH"] },
      stdin: "pipe",
    });
    if (this.#child.pid === undefined) throw new HarnessError("the proxy could not be spawned");
    this.pid = this.#child.pid;
    options.guard.own(this.pid);
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.on("data", (data: Buffer) => {
      this.#lastWords = (this.#lastWords + data.toString()).slice(-LAST_WORDS);
    });
    createInterface({ input: this.#child.stdout }).on("line", (text) => this.#hear(text));
    this.#exited = this.#child.then(({ exitCode, signal }) =>
      this.#ended(signal ?? `code ${exitCode}`),
    );
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  /** @throws HarnessError when it cannot do it, does not answer, or is gone. */
  async ask<D extends Command["do"]>(
    what: D,
    rest: Omit<Command & { do: D }, "do">,
  ): Promise<Answers[D]> {
    if (this.#end !== undefined) throw this.#end;
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<Answers[D]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#child.stdin.write(`${JSON.stringify({ id, do: what, ...rest })}\n`);
    const late = `the proxy (pid ${this.pid}) did not answer ${what} within ${ANSWER_WITHIN_MS / 1000} s`;
    try {
      return await within(ANSWER_WITHIN_MS, answer, late);
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** It leaves when its input ends; a stopped or stuck one is killed. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_WITHIN_MS);
    try {
      await this.#exited;
    } finally {
      clearTimeout(timer);
    }
  }

  #hear(text: string): void {
    const line = JSON.parse(text) as Line;
    if ("stallMs" in line) {
      this.#options.onStall?.(line.stallMs);
      return;
    }
    const waiting = this.#waiting.get(line.id);
    if ("ok" in line) waiting?.resolve(line.ok as never);
    else waiting?.reject(new HarnessError(`the proxy failed: ${line.error}`));
  }

  #ended(how: string): void {
    this.#options.guard.disown(this.pid);
    const words = this.#lastWords.trim();
    this.#end = new HarnessError(
      this.#closing
        ? "the links are closed"
        : `the proxy of all links ended unasked (${how})${words === "" ? "" : `: ${words}`}`,
    );
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    if (!this.#closing) this.#options.onDeath(this.#end);
  }
}
