/**
 * The processes under test, together: started side by side, told of each other, ended without a rest.
 *
 * Every node lets the kernel choose its port and reports it: no port is ever chosen twice. Only then are the nodes
 * told where their peers are, and they serve from then on.
 */
import { randomBytes } from "node:crypto";
import type { Note } from "../../proto/notes.ts";
import { HarnessError } from "../errors.ts";
import type { Plan } from "../plan.ts";
import type { RunDirectory } from "../store.ts";
import { Guard } from "./guard.ts";
import { NodeHandle } from "./node-handle.ts";
import type { Exit } from "./node-process.ts";

const LOG_LINES = 12;
const LEADER_WITHIN_MS = 5000;
const ANNOUNCE_WITHIN_MS = 120_000;

export interface ClusterOptions {
  readonly plan: Plan;
  readonly directory: RunDirectory;
  readonly onNote: (node: string, at: bigint, note: Note) => void;
  /** A node ended although nobody asked it to: the run has failed. */
  readonly onDeath: (error: HarnessError) => void;
}

export class Cluster {
  readonly token = randomBytes(16).toString("hex");
  readonly nodes: readonly NodeHandle[];
  readonly #guard: Guard;
  readonly #directory: RunDirectory;
  readonly #onDeath: (error: HarnessError) => void;
  #stopped = false;

  constructor(options: ClusterOptions) {
    const { plan, directory, onNote, onDeath } = options;
    this.#directory = directory;
    this.#guard = new Guard(onDeath);
    this.#onDeath = onDeath;
    const context = {
      token: this.token,
      guard: this.#guard,
      epoch: wallAndTrue(),
      onNote,
      onDeath: (node: NodeHandle, exit: Exit) =>
        void this.#obituary(node, exit).then((text) => onDeath(new HarnessError(text))),
    };
    this.nodes = Object.entries(plan.nodes).map(([name, system]) => {
      const paths = { data: directory.dataOf(name), log: directory.logOf(name) };
      return new NodeHandle(name, system, paths, context);
    });
  }

  /** @throws HarnessError with the last lines of the log of a node that did not come up. */
  async start(): Promise<void> {
    await Promise.all(
      this.nodes.map((node) =>
        node.start().catch(async (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          throw new HarnessError(`${message}${await this.#lastLines(node)}`);
        }),
      ),
    );
    await this.#introduce();
  }

  /** Starts a killed node again, with its data; its peers are told should it have moved. */
  async restart(node: NodeHandle): Promise<void> {
    const before = node.address;
    await node.start();
    await node.configure(this.#peersOf(node));
    if (node.address !== before) this.#announce(node);
  }

  node(name: string): NodeHandle {
    const found = this.nodes.find((node) => node.name === name);
    if (found === undefined) throw new HarnessError(`there is no node ${name}`);
    return found;
  }

  /** Who leads now, by the nodes' own words; the highest epoch counts. Waits a while for somebody to lead. */
  async leader(): Promise<NodeHandle> {
    const deadline = performance.now() + LEADER_WITHIN_MS;
    while (performance.now() < deadline) {
      const all = await Promise.allSettled(this.nodes.map((node) => node.health()));
      const leaders = all
        .flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []))
        .filter((health) => health.role === "leader")
        .sort((a, b) => Number(b.epoch) - Number(a.epoch));
      if (leaders[0] !== undefined) return this.node(leaders[0].name);
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new HarnessError(`no node led within ${LEADER_WITHIN_MS / 1000} s`);
  }

  /** Resolves when every node answers that it serves. */
  async healthy(): Promise<void> {
    await Promise.all(
      this.nodes.map(async (node) => {
        const { serving } = await node.health();
        if (!serving) throw new HarnessError(`node ${node.name} does not serve`);
      }),
    );
  }

  /**
   * Ends all processes, also those that never came up, and the guardian last.
   * @throws HarnessError when one did not end as it should: it crashed when it was asked to leave, or had to be killed.
   */
  async stop(): Promise<void> {
    this.#stopped = true;
    const ends = await Promise.allSettled(this.nodes.map((node) => node.end()));
    await this.#guard.close();
    for (const [index, end] of ends.entries()) {
      if (end.status === "rejected") throw end.reason;
      const exit = end.value;
      const node = this.nodes[index];
      if (node === undefined || exit === undefined || exit.code === 0 || node.killed) continue;
      throw new HarnessError(`${await this.#obituary(node, exit)}`);
    }
  }

  /**
   * Tells the others where a node has moved to. One that is stopped hears of it when it goes on, one that is down when
   * it is started: nobody waits for them.
   */
  #announce(moved: NodeHandle): void {
    for (const node of this.nodes)
      if (node !== moved && node.process.alive)
        node.configure(this.#peersOf(node), ANNOUNCE_WITHIN_MS).catch((error: HarnessError) => {
          if (!this.#stopped && node.process.alive) this.#onDeath(error);
        });
  }

  async #introduce(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.configure(this.#peersOf(node))));
  }

  #peersOf(node: NodeHandle): Record<string, string> {
    const peers = this.nodes.filter((peer) => peer !== node);
    return Object.fromEntries(peers.map((peer) => [peer.name, peer.address]));
  }

  async #obituary(node: NodeHandle, { code, signal }: Exit): Promise<string> {
    const how = signal === undefined ? `with code ${code}` : `by ${signal}`;
    const why = this.#stopped ? "when it was asked to leave" : "and nobody had asked it to";
    return `node ${node.name} ended ${how}, ${why}${await this.#lastLines(node)}`;
  }

  async #lastLines(node: NodeHandle): Promise<string> {
    const tail = await this.#directory.logTail(node.name, LOG_LINES);
    const log = this.#directory.logOf(node.name);
    return tail === "" ? ` (it logged nothing: ${log})` : `. Its last lines, in ${log}:\n${tail}`;
  }
}

/** One instant on both scales. All nodes get the same, so that undisturbed clocks agree exactly. */
function wallAndTrue(): { trueNs: string; wallNs: string } {
  const trueNs = process.hrtime.bigint();
  return { trueNs: String(trueNs), wallNs: String(BigInt(Date.now()) * 1_000_000n) };
}
