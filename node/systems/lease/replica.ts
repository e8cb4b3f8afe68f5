/**
 * The replica in every node of the lease system: what it has promised and accepted, both on disk before it answers.
 *
 * Here is the difference that the scenarios are about. With `epochs: "checked"` a replica refuses what comes from an
 * epoch older than its promise, so that a leader who does not know yet that it was replaced can do no harm. With
 * `epochs: "ignored"` it trusts that whoever writes has looked at its lease, and does as it is told.
 */
import { join } from "node:path";
import type { ReplyOf, RequestOf, WireEntry } from "../../../proto/wire.ts";
import { DurableLog } from "../../runtime/durable-log.ts";
import type { Runtime } from "../../runtime/system.ts";
import { grant, NOTHING_PROMISED, type Promised } from "./promise.ts";

type Service = "testbed.replication.Lease";

export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly epoch: number;
  readonly sequence: number;
}

type Stored =
  | { readonly promised: { readonly epoch: number; readonly holder: string } }
  | { readonly entries: readonly Entry[] };

export function isNewer(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined) return true;
  return a.epoch !== b.epoch ? a.epoch > b.epoch : a.sequence > b.sequence;
}

export class Replica {
  readonly #runtime: Runtime;
  readonly #checked: boolean;
  readonly #log: DurableLog<Stored>;
  readonly #entries = new Map<string, Entry>();
  #promised = NOTHING_PROMISED;
  /** Resolves when the latest promise is on disk: nobody is told of it before. */
  #promiseKept: Promise<void> = Promise.resolve();
  #notedEpoch = 0;
  /** Told of what a replica that ignores epochs has accepted from somebody else. */
  onForeign: (entry: Entry) => void = () => undefined;

  private constructor(runtime: Runtime, checked: boolean, log: DurableLog<Stored>) {
    this.#runtime = runtime;
    this.#checked = checked;
    this.#log = log;
  }

  /** `leaseMs`: after a restart no lease is granted for that long, since an earlier one may still run. */
  static async open(runtime: Runtime, checked: boolean, leaseMs: number): Promise<Replica> {
    const path = join(runtime.dataDirectory, "lease.log");
    const { log, records } = await DurableLog.open<Stored>(path);
    const replica = new Replica(runtime, checked, log);
    for (const record of records)
      if ("promised" in record)
        replica.#promised = { ...record.promised, untilMs: runtime.clock.monotonicMs() + leaseMs };
      else replica.#apply(record.entries);
    if (records.length > 0) runtime.notes.note({ kind: "recovered", records: records.length });
    return replica;
  }

  get promised(): Promised {
    return this.#promised;
  }

  async grant(request: RequestOf<Service, "Grant">): Promise<ReplyOf<Service, "Grant">> {
    const asked = {
      epoch: Number(request.epoch),
      holder: request.holder,
      durationMs: Number(request.durationMs),
    };
    const before = this.#promised;
    const promised = grant(before, asked, this.#runtime.clock.monotonicMs());
    if (promised === undefined) return this.#answer(false, []);
    if (request.probe) return this.#answer(true, []);
    if (promised.epoch === before.epoch) {
      this.#promised = promised;
      await this.#promiseKept;
      return this.#answer(true, []);
    }
    await this.#promise(promised);
    return this.#answer(true, [...this.#entries.values()].map(toWire));
  }

  async accept(request: RequestOf<Service, "Accept">): Promise<ReplyOf<Service, "Accept">> {
    const epoch = Number(request.epoch);
    const highest = Math.max(this.#promised.epoch, epoch);
    const about = { epoch, highest, leader: request.leader, request: request.request };
    if (this.#checked && epoch < highest) {
      this.#runtime.notes.note({ kind: "reject", ...about });
      return { accepted: false };
    }
    if (epoch < highest || epoch !== this.#notedEpoch) {
      this.#runtime.notes.note({ kind: "accept", ...about });
      this.#notedEpoch = epoch;
    }
    const entries = request.entries.map(fromWire);
    this.#apply(entries);
    if (epoch > this.#promised.epoch)
      await this.#promise({ ...this.#promised, epoch, holder: request.leader });
    await this.#log.append({ entries });
    for (const entry of entries) if (!this.#checked) this.onForeign(entry);
    return { accepted: true };
  }

  confirm(request: RequestOf<Service, "Confirm">): ReplyOf<Service, "Confirm"> {
    return { confirmed: Number(request.epoch) >= this.#promised.epoch };
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  /** Holds from now on; resolves when it is on disk. */
  #promise(promised: Promised): Promise<void> {
    const { epoch, holder } = promised;
    this.#promised = promised;
    this.#promiseKept = this.#log.append({ promised: { epoch, holder } });
    return this.#promiseKept;
  }

  /** Ignoring epochs means: the last to come wins. */
  #apply(entries: readonly Entry[]): void {
    for (const entry of entries)
      if (!this.#checked || isNewer(entry, this.#entries.get(entry.key)))
        this.#entries.set(entry.key, entry);
  }

  #answer(granted: boolean, entries: WireEntry[]): ReplyOf<Service, "Grant"> {
    return { granted, highest: String(this.#promised.epoch), entries };
  }
}

export function toWire({ key, value, epoch, sequence }: Entry): WireEntry {
  return { key, value, epoch: String(epoch), sequence: String(sequence) };
}

export function fromWire({ key, value, epoch, sequence }: WireEntry): Entry {
  return { key, value, epoch: Number(epoch), sequence: Number(sequence) };
}
