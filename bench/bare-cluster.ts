/** The floor as the bench holds it: bare servers spawned side by side, known by their ports, ended by closing a pipe. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type BareClient, connect } from "./bare-wire.ts";

const program = fileURLToPath(new URL("./bare-server.js", import.meta.url));

interface BareServer {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

export class BareCluster {
  readonly #servers: BareServer[];
  clients: BareClient[] = [];

  /** Spawns `size` servers; `logOf` gives the file of each one that is to write to the disk. */
  constructor(size: number, logOf: (index: number) => string | undefined = () => undefined) {
    this.#servers = Array.from({ length: size }, (_, index) => {
      const log = logOf(index);
      const child = spawn(process.execPath, log === undefined ? [program] : [program, log], {
        // Nothing of the user's that makes Node faster or slower: our own nodes do not get it either.
        env: { PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] },
        // In a session of its own, as our nodes are: Linux shares processor time out among sessions first.
        detached: true,
        stdio: ["pipe", "pipe", "inherit"],
      });
      child.stdin.on("error", () => undefined);
      return { child, lines: createInterface({ input: child.stdout }) };
    });
  }

  get pids(): number[] {
    return this.#servers.flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  }

  /** Resolves when all servers listen and have a client. */
  async start(): Promise<number[]> {
    const ports = (await Promise.all(this.#servers.map(line))).map(Number);
    this.clients = ports.map(connect);
    return ports;
  }

  /** As `start`, then tells each server of the others: writes are handed on from then on. */
  async startQuorum(): Promise<void> {
    const ports = await this.start();
    await Promise.all(
      this.#servers.map((server, index) => {
        const peers = ports.filter((_, other) => other !== index);
        server.child.stdin?.write(`${JSON.stringify(peers)}\n`);
        return line(server);
      }),
    );
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all(
      this.#servers.map(async ({ child }) => {
        child.stdin?.end();
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      }),
    );
  }
}

async function line({ child, lines }: BareServer): Promise<string> {
  const ended = new AbortController();
  const early = once(child, "exit", { signal: ended.signal }).then((): never => {
    throw new Error(`a bare server (pid ${child.pid}) ended before it was ready`);
  });
  const text = once(lines, "line", { signal: ended.signal }).then(([first]) => String(first));
  try {
    return await Promise.race([text, early]);
  } finally {
    ended.abort();
    for (const left of [early, text]) left.catch(() => undefined);
  }
}
