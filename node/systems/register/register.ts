/**
 * A replicated key-value register without a leader: every node takes reads and writes, and asks its peers.
 *
 * A write is stamped and sent to all; it is acknowledged when a write quorum has it on disk. A read asks all, takes
 * the highest-stamped of a read quorum's answers, and makes sure that a write quorum has it before it answers. With
 * overlapping quorums and stamps from the query phase this is linearizable (multi-writer ABD: Lynch and Shvartsman,
 * "Robust emulation of shared memory using dynamic quorum-acknowledged broadcasts", 1997). What is left of that when
 * the stamp is the wall clock's is what the scenarios show.
 */
import { join } from "node:path";
import type { SystemOptions } from "../../../proto/systems.ts";
import type { ReplyOf, RequestOf, WireVersioned } from "../../../proto/wire.ts";
import { DurableLog } from "../../runtime/durable-log.ts";
import { quorum } from "../../runtime/quorum.ts";
import type { NodeServer } from "../../runtime/serve.ts";
import type { Runtime, Status, System } from "../../runtime/system.ts";
import { isAbove, NEVER, type Stamp, Stamper } from "./stamp.ts";

type Client = "testbed.client.Register";

interface Versioned {
  readonly value: string;
  readonly stamp: Stamp;
}

interface Stored {
  readonly key: string;
  readonly value: string;
  readonly at: string;
  readonly by: string;
}

const EMPTY: Versioned = { value: "", stamp: NEVER };

export class Register implements System {
  readonly #runtime: Runtime;
  readonly #options: SystemOptions<"register">;
  readonly #log: DurableLog<Stored>;
  readonly #copies = new Map<string, Versioned>();
  readonly #stamper: Stamper;

  private constructor(
    runtime: Runtime,
    options: SystemOptions<"register">,
    log: DurableLog<Stored>,
  ) {
    this.#runtime = runtime;
    this.#options = options;
    this.#log = log;
    this.#stamper = new Stamper(options.conflicts, {
      name: runtime.name,
      wallNow: () => runtime.clock.wallNow(),
      own: (key) => this.#copy(key).stamp,
      highest: async (key) => newest(await this.#ask(key)).stamp,
    });
  }

  static async open(runtime: Runtime, options: SystemOptions<"register">): Promise<Register> {
    const path = join(runtime.dataDirectory, "register.log");
    const { log, records } = await DurableLog.open<Stored>(path);
    const register = new Register(runtime, options, log);
    for (const { key, value, at, by } of records) {
      const stamp = { at: BigInt(at), by };
      register.#keep(key, { value, stamp });
      register.#stamper.recover(key, stamp);
    }
    if (records.length > 0) runtime.notes.note({ kind: "recovered", records: records.length });
    return register;
  }

  serve(server: NodeServer): void {
    server.add("testbed.client.Register", {
      Read: (request) => this.#read(request),
      Write: (request) => this.#write(request),
    });
    server.add("testbed.replication.Replica", {
      Query: ({ key }) => toWire(this.#copy(key)),
      Store: async ({ key, versioned }) => {
        await this.#store(key, fromWire(versioned));
        return {};
      },
    });
  }

  start(): void {
    this.#runtime.log.write("info", `register, conflicts: ${this.#options.conflicts}`);
  }

  status(): Status {
    return { role: "replica", epoch: 0 };
  }

  async stop(): Promise<void> {
    await this.#log.close();
  }

  async #read({ key }: RequestOf<Client, "Read">): Promise<ReplyOf<Client, "Read">> {
    const answers = await this.#ask(key);
    const found = newest(answers);
    const agreed = answers.every(
      ({ stamp }) => stamp.at === found.stamp.at && stamp.by === found.stamp.by,
    );
    // A value that only some of the quorum has may vanish from the next reader's quorum: write it back first.
    // When all of them have it, and they are as many as a write needs, that has been done.
    if (!agreed || answers.length < this.#options.writeQuorum) await this.#spread(key, found);
    return { value: found.value, seen: this.#seen(found.stamp) };
  }

  async #write({ key, value }: RequestOf<Client, "Write">): Promise<ReplyOf<Client, "Write">> {
    const stamp = await this.#stamper.next(key);
    // A counter is known again after a crash only from this node's own disk: were a peer told of it before, the next
    // life could give the same stamp to another value. A wall clock has gone on meanwhile and need not wait.
    if (this.#stamper.clock !== "wall") await this.#store(key, { value, stamp });
    await this.#spread(key, { value, stamp });
    return { seen: this.#seen(stamp) };
  }

  /** The copies of a read quorum, this node's own among them or not. */
  async #ask(key: string): Promise<Versioned[]> {
    const own = Promise.resolve(this.#copy(key));
    const theirs = this.#runtime.peers
      .callAll("testbed.replication.Replica", "Query", { key })
      .map(async (answer) => fromWire(await answer));
    return quorum([own, ...theirs], this.#options.readQuorum);
  }

  /** Resolves when a write quorum has the value on disk. */
  async #spread(key: string, versioned: Versioned): Promise<void> {
    const request = { key, versioned: toWire(versioned) };
    const theirs = this.#runtime.peers.callAll("testbed.replication.Replica", "Store", request);
    const own = this.#store(key, versioned);
    await quorum<unknown>([own, ...theirs], this.#options.writeQuorum);
  }

  /**
   * Keeps the higher-stamped of two values; the lower one is dropped without an error to anyone. A value can be seen
   * only once it is on disk: what a reader was shown must not vanish with a crash.
   */
  async #store(key: string, versioned: Versioned): Promise<void> {
    const { value, stamp } = versioned;
    if (!isAbove(stamp, this.#copy(key).stamp)) return;
    await this.#log.append({ key, value, at: stamp.at.toString(), by: stamp.by });
    this.#keep(key, versioned);
  }

  #keep(key: string, versioned: Versioned): void {
    if (isAbove(versioned.stamp, this.#copy(key).stamp)) this.#copies.set(key, versioned);
  }

  #copy(key: string): Versioned {
    return this.#copies.get(key) ?? EMPTY;
  }

  #seen(stamp: Stamp) {
    return {
      stamp: stamp.at.toString(),
      by: stamp.by,
      clock: this.#stamper.clock,
      epoch: "0",
      served: this.#runtime.name,
    };
  }
}

function newest(answers: readonly Versioned[]): Versioned {
  return answers.reduce((best, next) => (isAbove(next.stamp, best.stamp) ? next : best), EMPTY);
}

function toWire({ value, stamp }: Versioned): WireVersioned {
  return { value, stamp: stamp.at.toString(), by: stamp.by };
}

function fromWire({ value, stamp, by }: WireVersioned): Versioned {
  return { value, stamp: { at: BigInt(stamp), by } };
}
