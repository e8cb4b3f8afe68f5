/**
 * One node's process: spawned, watched, signalled and ended by one owner.
 *
 * The node is the leader of its own process group, so that Ctrl-C at the terminal reaches only the controller, and a
 * signal of ours reaches everything that the node may have started. Its output goes straight to its log file; its
 * notes come over a pipe.
 */
import { mkdir, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { type NodeStart, TOKEN_VARIABLE } from "../../proto/node-start.ts";
import type { NodeLine, Note } from "../../proto/notes.ts";
import { HarnessError } from "../errors.ts";
import { compiled, type Guard } from "./guard.ts";
import { untilState } from "./process-state.ts";

const START_WITHIN_MS = 30_000;
const TERM_WITHIN_MS = 3000;
const KILL_WITHIN_MS = 5000;

export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

export interface NodeProcessOptions {
  readonly start: NodeStart;
  readonly token: string;
  readonly logPath: string;
  readonly guard: Guard;
  readonly onNote: (at: bigint, note: Note) => void;
}

export class NodeProcess {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  /** Resolves with the port once the node listens; rejects when it ends before, or takes too long. */
  readonly ready: Promise<number>;
  #ended = false;

  private constructor(pid: number, exited: Promise<Exit>, ready: Promise<number>) {
    this.pid = pid;
    this.ready = ready;
    this.exited = exited.then((exit) => {
      this.#ended = true;
      return exit;
    });
  }

  static async spawn(options: NodeProcessOptions): Promise<NodeProcess> {
    const { start, token, guard } = options;
    await mkdir(start.dataDirectory, { recursive: true });
    const log = await open(options.logPath, "a");
    try {
      const child = execa(
        process.execPath,
        [compiled("../../node/main.js"), JSON.stringify(start)],
        {
          detached: true,
          cleanup: false,
          reject: false,
          buffer: false,
          extendEnv: false,
          env: { ...passedOn(), [TOKEN_VARIABLE]: token },
          // Any descriptor will do; the types of execa know only the first few.
          stdio: ["pipe", log.fd as 3, log.fd as 3, "pipe"],
        },
      );
      if (child.pid === undefined)
        throw new HarnessError(`node ${start.name} could not be spawned`);
      const { pid } = child;
      guard.own(pid);
      child.stdin.on("error", () => undefined);
      const exited = child.then(({ exitCode, signal }): Exit => {
        guard.disown(pid);
        return { code: exitCode, signal };
      });
      const ready = readiness(start.name, child.stdio[3] as Readable, exited, options.onNote);
      // Whoever starts the node awaits it; until then an early end must not count as unhandled.
      ready.catch(() => undefined);
      return new NodeProcess(pid, exited, ready);
    } finally {
      await log.close();
    }
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /** Sends a signal to the node and everything that it started. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /** Stops the process and waits until the kernel says so. Resolves with the state seen last. */
  async pause(): Promise<string | undefined> {
    this.signal("SIGSTOP");
    return untilState(this.pid, (state) => state === "T", 2000);
  }

  async resume(): Promise<string | undefined> {
    this.signal("SIGCONT");
    return untilState(this.pid, (state) => state !== "T", 2000);
  }

  async kill(): Promise<Exit> {
    this.signal("SIGKILL");
    return this.#endWithin(KILL_WITHIN_MS, "after SIGKILL");
  }

  /** TERM, then KILL. A stopped process is continued first, or it could not obey. */
  async end(): Promise<Exit> {
    if (this.alive) {
      this.signal("SIGTERM");
      this.signal("SIGCONT");
      const timer = setTimeout(() => this.signal("SIGKILL"), TERM_WITHIN_MS);
      try {
        return await this.#endWithin(TERM_WITHIN_MS + KILL_WITHIN_MS, "after SIGTERM and SIGKILL");
      } finally {
        clearTimeout(timer);
      }
    }
    return this.exited;
  }

  async #endWithin(ms: number, when: string): Promise<Exit> {
    return within(ms, this.exited, `process ${this.pid} did not end ${when}`);
  }
}

/** Only what a program needs to run at all: a node's behaviour must not hang on the user's environment. */
function passedOn(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SystemRoot"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function readiness(
  name: string,
  pipe: Readable,
  exited: Promise<Exit>,
  onNote: (at: bigint, note: Note) => void,
): Promise<number> {
  const ready = new Promise<number>((resolve) => {
    createInterface({ input: pipe }).on("line", (text) => {
      const line = parse(text);
      if (line === undefined) return;
      if ("ready" in line) resolve(line.ready.port);
      else {
        const { at, ...note } = line;
        onNote(BigInt(at), note as Note);
      }
    });
  });
  const early = exited.then((exit): never => {
    const how = exit.signal === undefined ? `with code ${exit.code}` : `by ${exit.signal}`;
    throw new HarnessError(`node ${name} ended ${how} before it was ready`);
  });
  const late = `node ${name} was not ready within ${START_WITHIN_MS / 1000} s`;
  return within(START_WITHIN_MS, Promise.race([ready, early]), late);
}

/** A node that is killed may leave half a line: what it wanted to say is lost, as its last log line may be. */
function parse(text: string): NodeLine | undefined {
  try {
    return JSON.parse(text) as NodeLine;
  } catch {
    return undefined;
  }
}

/** @throws HarnessError with this message when the promise takes longer. */
export async function within<T>(ms: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HarnessError(message)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
