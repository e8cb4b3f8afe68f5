/**
 * One leader at a time, by a lease: a majority grants an epoch for a time, the leader renews it well before it runs
 * out, and serves clients while it holds it. A new leader asks a majority for a higher epoch, reads the newest state
 * from it, and writes that back under its own epoch before it serves.
 *
 * The leader looks at its lease, then works for a while, then writes: if it is stopped in between, it wakes up with a
 * lease that has run out and goes on as if nothing had happened. No look at a clock can mend that; only replicas that
 * check the epoch can (Gray and Cheriton, "Leases", 1989; fencing as in Kleppmann, "Designing Data-Intensive
 * Applications", chapter 8).
 */
import type { SystemOptions } from "../../../proto/systems.ts";
import type { ReplyOf, RequestOf } from "../../../proto/wire.ts";
import { quorum } from "../../runtime/quorum.ts";
import { type NodeServer, Refusal } from "../../runtime/serve.ts";
import type { Runtime, Status, System } from "../../runtime/system.ts";
import { type Entry, fromWire, isNewer, Replica, toWire } from "./replica.ts";

type Service = "testbed.replication.Lease";
type Client = "testbed.client.Register";

/** How often a leader sends a write before it calls the outcome unknown. */
const ATTEMPTS = 3;

interface Leadership {
  readonly epoch: number;
  /** What this leader knows to be accepted by a majority. */
  readonly committed: Map<string, Entry>;
  /** By the leader's monotonic clock, counted from before it asked. */
  validUntilMs: number;
  sequence: number;
}

export class Lease implements System {
  readonly #runtime: Runtime;
  readonly #options: SystemOptions<"lease">;
  readonly #replica: Replica;
  #leadership: Leadership | undefined;
  /** The highest epoch that a peer told of: a candidate below it can only be refused. */
  #highestSeen = 0;
  #stopped = false;

  private constructor(runtime: Runtime, options: SystemOptions<"lease">, replica: Replica) {
    this.#runtime = runtime;
    this.#options = options;
    this.#replica = replica;
    replica.onForeign = (entry) => {
      if (entry.epoch !== this.#leadership?.epoch)
        this.#leadership?.committed.set(entry.key, entry);
    };
  }

  static async open(runtime: Runtime, options: SystemOptions<"lease">): Promise<Lease> {
    const replica = await Replica.open(runtime, options.epochs === "checked", options.leaseMs);
    return new Lease(runtime, options, replica);
  }

  serve(server: NodeServer): void {
    server.add("testbed.client.Register", {
      Read: (request) => this.#read(request),
      Write: (request) => this.#write(request),
    });
    server.add("testbed.replication.Lease", {
      Grant: (request) => this.#replica.grant(request),
      Accept: (request) => this.#replica.accept(request),
      Confirm: (request) => this.#replica.confirm(request),
    });
  }

  start(): void {
    this.#runtime.log.write("info", `lease, epochs ${this.#options.epochs}`);
    void this.#tend();
  }

  status(): Status {
    const epoch = this.#leadership?.epoch ?? this.#replica.promised.epoch;
    return { role: this.#leadership === undefined ? "follower" : "leader", epoch };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stepDown("shut down");
    await this.#replica.close();
  }

  async #write(request: RequestOf<Client, "Write">): Promise<ReplyOf<Client, "Write">> {
    const leadership = this.#lead();
    await this.#runtime.clock.sleep(this.#options.workMs);
    leadership.sequence += 1;
    const { epoch, sequence } = leadership;
    const entry: Entry = { key: request.key, value: request.value, epoch, sequence };
    await this.#retransmit(epoch, entry, request.request);
    this.#commit(leadership, entry);
    return { seen: this.#seen(epoch) };
  }

  async #read({ key }: RequestOf<Client, "Read">): Promise<ReplyOf<Client, "Read">> {
    const leadership = this.#lead();
    const { epoch } = leadership;
    const value = leadership.committed.get(key)?.value ?? "";
    // A lease that was looked at is a lease that may have run out since: only a majority knows.
    if (this.#options.epochs === "checked") {
      const own = Promise.resolve(this.#replica.confirm({ epoch: String(epoch) }));
      const theirs = this.#call("Confirm", { epoch: String(epoch) });
      await quorum([own, ...theirs], this.#majority(), (answer) => answer.confirmed);
    }
    return { value, seen: this.#seen(epoch) };
  }

  /** The leadership, if the lease is good by this node's clock; otherwise a promise that nothing was done. */
  #lead(): Leadership {
    const leadership = this.#leadership;
    if (leadership === undefined || this.#runtime.clock.monotonicMs() >= leadership.validUntilMs)
      throw new Refusal(`${this.#runtime.name} does not lead`);
    return leadership;
  }

  #commit(leadership: Leadership, entry: Entry): void {
    if (isNewer(entry, leadership.committed.get(entry.key)))
      leadership.committed.set(entry.key, entry);
  }

  /**
   * Sends until a majority has accepted it, as a leader does whose messages may be lost. A replica that refuses ends it;
   * one that only does as it is told accepts it however late it comes.
   */
  async #retransmit(epoch: number, entry: Entry, request: string): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#replicate(epoch, [entry], request);
      } catch (error) {
        const outdated = this.#options.epochs === "checked" && this.#replica.promised.epoch > epoch;
        if (attempt === ATTEMPTS || outdated || this.#stopped) throw error;
      }
  }

  /** Resolves when a majority has accepted the entries on disk. */
  async #replicate(epoch: number, entries: readonly Entry[], request: string): Promise<void> {
    const message: RequestOf<Service, "Accept"> = {
      epoch: String(epoch),
      leader: this.#runtime.name,
      entries: entries.map(toWire),
      request,
    };
    const answers = [this.#replica.accept(message), ...this.#call("Accept", message)];
    await quorum(answers, this.#majority(), (answer) => answer.accepted);
  }

  /** Renews the lease, or sees whether there is one to take. Nodes wait in order of name, so that one comes first. */
  async #tend(): Promise<void> {
    const { clock, name, peers, log } = this.#runtime;
    const { leaseMs } = this.#options;
    const patienceMs = ([...peers.names, name].sort().indexOf(name) * leaseMs) / 6;
    const startedMs = clock.monotonicMs();
    while (!this.#stopped) {
      try {
        const freeSinceMs = Math.max(startedMs, this.#replica.promised.untilMs);
        if (this.#leadership !== undefined) await this.#renew(this.#leadership);
        else if (clock.monotonicMs() >= freeSinceMs + patienceMs) await this.#campaign();
      } catch (error) {
        log.write("warn", `lease: ${String(error)}`);
      }
      await clock.sleep(leaseMs / 6);
    }
  }

  async #renew(leadership: Leadership): Promise<void> {
    const asked = this.#runtime.clock.monotonicMs();
    try {
      await this.#request(leadership.epoch, false);
      leadership.validUntilMs = asked + this.#options.leaseMs;
    } catch {
      if (this.#runtime.clock.monotonicMs() >= leadership.validUntilMs)
        this.#stepDown("a majority did not renew the lease");
    }
  }

  async #campaign(): Promise<void> {
    const epoch = Math.max(this.#replica.promised.epoch, this.#highestSeen) + 1;
    await this.#request(epoch, true);
    const asked = this.#runtime.clock.monotonicMs();
    const answers = await this.#request(epoch, false);
    const newest = new Map<string, Entry>();
    for (const entry of answers.flatMap((answer) => answer.entries).map(fromWire))
      if (isNewer(entry, newest.get(entry.key))) newest.set(entry.key, entry);
    // What only a minority had accepted may have been shown to nobody, or to somebody: make it certain before serving.
    const committed = [...newest.values()].map((entry, index) => ({
      ...entry,
      epoch,
      sequence: index + 1,
    }));
    await this.#replicate(epoch, committed, `takeover-${epoch}`);
    if (this.#stopped) return;
    this.#leadership = {
      epoch,
      committed: new Map(committed.map((entry) => [entry.key, entry])),
      validUntilMs: asked + this.#options.leaseMs,
      sequence: committed.length,
    };
    this.#runtime.notes.note({ kind: "leader-start", epoch });
    this.#runtime.log.write("info", `leads epoch ${epoch}`);
  }

  /**
   * Asks for, or renews, the lease of an epoch; resolves with the answers of a majority that granted it. A `probe` asks
   * only whether they would: a candidate who cannot win would otherwise promise itself an epoch above the leader's, and
   * be no replica of the leader any more.
   */
  async #request(epoch: number, probe: boolean): Promise<ReplyOf<Service, "Grant">[]> {
    const message: RequestOf<Service, "Grant"> = {
      epoch: String(epoch),
      holder: this.#runtime.name,
      durationMs: String(this.#options.leaseMs),
      probe,
    };
    // On this node's own disk before a peer hears of it: an epoch that was asked for once, and may have been granted,
    // must not be asked for again by a next life that has forgotten.
    const own = await this.#replica.grant(message);
    const theirs = this.#call("Grant", message).map(async (asked) => {
      const answer = await asked;
      this.#highestSeen = Math.max(this.#highestSeen, Number(answer.highest));
      return answer;
    });
    return quorum([Promise.resolve(own), ...theirs], this.#majority(), (answer) => answer.granted);
  }

  #stepDown(why: string): void {
    if (this.#leadership === undefined) return;
    const { epoch } = this.#leadership;
    this.#leadership = undefined;
    this.#runtime.notes.note({ kind: "leader-end", epoch, why });
    this.#runtime.log.write("info", `leads epoch ${epoch} no more: ${why}`);
  }

  #majority(): number {
    return Math.floor((this.#runtime.peers.names.length + 1) / 2) + 1;
  }

  #call<M extends "Grant" | "Accept" | "Confirm">(method: M, request: RequestOf<Service, M>) {
    return this.#runtime.peers.callAll("testbed.replication.Lease", method, request);
  }

  #seen(epoch: number) {
    const served = this.#runtime.name;
    return { stamp: "0", by: "", clock: "", epoch: String(epoch), served };
  }
}
