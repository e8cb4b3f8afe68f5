/**
 * Others' events to columns. What cannot be in a history (an answer to nothing, two open operations of one process)
 * is refused, or, by a lenient reader, mended so that no operation gets an interval that is shorter than its own:
 *
 * - An operation whose answer is lost is of unknown outcome, and its process goes on as another one.
 * - An answer whose invocation is lost is an operation that began before all others, if what it asked is known.
 */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, INFO, NEVER, OK, UNKNOWN } from "../history/columns.ts";
import { Pairing } from "../history/pairing.ts";
import { INVOKE } from "../history/scanned-line.ts";
import { ScannedValues } from "../history/scanned-values.ts";
import { type Client, Clients } from "./clients.ts";
import type { Damage } from "./damage.ts";
import { Details } from "./details.ts";
import type { ForeignEvent, NemesisEvent } from "./foreign-event.ts";
import { Growing } from "./growing.ts";
import { type Limits, Memory, requireOperations } from "./limits.ts";
import { type Orphan, Orphans } from "./orphans.ts";
import { rearranged } from "./rearranged.ts";

/** What a format means by an event. */
export interface Meaning {
  /**
   * `observed`: a `cas` that failed, with no error and no other value than it was given, did not find its old value.
   * `silent`: it says nothing, as all that failed does. `recorded`: what stands there was meant.
   */
  readonly failedCas: "observed" | "silent" | "recorded";
  /** `null`: a `read` that answered null saw null. `anything`: its answer is not known. */
  readonly nilReads: "null" | "anything";
  /** Times that go back tell of events that do not stand in their order. */
  readonly times: "ordered" | "any";
}

export interface Joined {
  readonly columns: Columns;
  readonly details: Details;
  readonly events: number;
  /** How many operations were put before all others: every index is larger by that. */
  readonly shift: number;
  readonly clients: Clients;
  readonly nemesis: readonly NemesisEvent[];
  readonly notes: readonly string[];
}

const TYPES = { ok: OK, fail: FAIL, info: INFO, invoke: INVOKE } as const;
/** `Columns.f` has one byte. */
const MOST_KINDS = 256;

export class Joining {
  readonly #damage: Damage;
  readonly #meaning: Meaning;
  readonly #limits: Limits;
  readonly #memory: Memory;
  readonly #values = new ScannedValues();
  readonly #pairing: Pairing;
  readonly #clients = new Clients();
  readonly #details = new Details();
  readonly #orphans = new Orphans();
  readonly #nemesis: NemesisEvent[] = [];
  /** By row. */
  readonly #kind = Growing.integers();
  readonly #key = Growing.integers();
  readonly #input = Growing.integers();
  /** Rows that say less than they seem to. */
  readonly #silent = new Set<number>();
  readonly #unanswered: number[] = [];
  #events = 0;
  #resumed = 0;
  #last = Number.NEGATIVE_INFINITY;
  #expected: number | undefined = 0;
  #indexed: boolean | undefined;

  /** `expected`: about how many operations there will be. */
  constructor(damage: Damage, meaning: Meaning, limits: Limits, expected: number) {
    this.#damage = damage;
    this.#meaning = meaning;
    this.#limits = limits;
    this.#memory = new Memory(limits);
    this.#pairing = new Pairing(this.#values, expected);
  }

  /** An event of a client. @throws HistoryFormatError, MalformedHistoryError */
  take(event: ForeignEvent): void {
    const { line } = event;
    const index = this.#begin(line, event.index);
    const time = this.#timeOf(event);
    if (event.error !== undefined) this.#memory.value(event.error.length, line);
    const kind = this.#pairing.kinds.id(event.f);
    if (kind >= MOST_KINDS)
      throw new HistoryFormatError(line, `more than ${MOST_KINDS} kinds of operations`);
    const client = this.#clients.of(event.process);
    if (event.type === "invoke") this.#invoke(event, client, kind, index, time);
    else this.#complete(event, client, kind, index, time);
  }

  /** Something that is no operation. */
  takeNemesis(event: Omit<NemesisEvent, "index">, index: number | undefined): void {
    const place = this.#begin(event.line, index);
    this.#memory.value(200, event.line);
    this.#nemesis.push({ ...event, index: place });
  }

  /** An event that is kept elsewhere. @returns its place among all events */
  takeOther(line: number, index: number): number {
    return this.#begin(line, index);
  }

  #begin(line: number, index: number | undefined): number {
    this.#indexed ??= index !== undefined;
    if (this.#indexed !== (index !== undefined))
      this.#damage.outOfOrder(line, "some events have an index and others have none");
    else if (index !== undefined && this.#expected !== undefined && index !== this.#expected)
      this.#damage.outOfOrder(
        line,
        `index ${index}; ${this.#expected} was expected: a line is missing or out of order`,
      );
    this.#expected = index === undefined ? undefined : index + 1;
    this.#details.event(line);
    return this.#events++;
  }

  /** One event could not be read; it had an index, if the others have. */
  missed(): void {
    if (this.#expected !== undefined) this.#expected += 1;
  }

  #timeOf({ time, line }: ForeignEvent): number {
    if (Number.isNaN(time)) return time;
    if (!Number.isSafeInteger(time) || time < 0) {
      this.#damage.wrongTime(line, `the time ${time} is no count of nanoseconds`);
      return Number.NaN;
    }
    if (this.#meaning.times === "any") return time;
    if (time < this.#last) {
      this.#damage.outOfOrder(line, "its time lies before its predecessor's");
      return Number.NaN;
    }
    this.#last = time;
    return time;
  }

  #invoke(event: ForeignEvent, client: Client, kind: number, index: number, time: number): void {
    const { line, process } = event;
    if (client.isOpen) {
      const busy = this.#details.lineOf(this.#details.invocation(client.row));
      this.#damage.misfit(
        index,
        line,
        `process ${process} invokes while its operation of line ${busy} is open`,
        "the earlier operation's outcome is taken for unknown",
      );
      client.number = this.#clients.fresh(process);
    } else if (client.retired) {
      this.#resumed += 1;
      client.number = this.#clients.fresh(process);
    }
    requireOperations(this.#kind.length + 1, this.#limits, line);
    this.#memory.row(line);
    const keys = this.#pairing.keys.size;
    const key = this.#pairing.keys.id(event.key ?? "");
    if (key >= keys) this.#memory.value(2 * (event.key?.length ?? 0), line);
    const value = this.#valueOf(event);
    client.row = this.#kind.length;
    this.#kind.push(kind);
    this.#key.push(key);
    this.#input.push(value);
    this.#details.invoked(index, time, event);
    // Without the times, which need not be in order here.
    this.#pairing.take(INVOKE, client.number, kind, key, value, index, Number.NaN);
  }

  #complete(event: ForeignEvent, client: Client, kind: number, index: number, time: number): void {
    const { line, process, f } = event;
    if (!client.isOpen) {
      const orphan: Orphan = { event, index, time };
      this.#damage.misfit(
        index,
        line,
        `process ${process} completes what it did not invoke`,
        this.#orphans.take(orphan)
          ? "the operation is taken for one that began before all others, if what it asked is known"
          : "the line was dropped",
      );
      return;
    }
    const { row } = client;
    const key = this.#key.at(row);
    const own = event.key === undefined ? key : this.#pairing.keys.id(event.key);
    if (this.#kind.at(row) !== kind || key !== own) {
      const invoked = this.#name(this.#kind.at(row), key);
      this.#damage.misfit(
        index,
        line,
        `completes ${this.#name(kind, own)}, but process ${process} had invoked ${invoked}`,
        "the operation's outcome is taken for unknown",
      );
      client.end(true);
      return;
    }
    const type = TYPES[event.type];
    client.end(type === INFO);
    const value = type === OK ? this.#valueOf(event) : UNKNOWN;
    this.#details.completed(row, time, event);
    this.#pairing.take(type, client.number, kind, key, value, index, Number.NaN);
    if (type === OK) this.#orphans.learn(f, this.#input.at(row), value);
    this.#weigh(event, row, type, value);
  }

  /** What the format means by an answer of nothing, and by a failure. */
  #weigh({ f, value, error }: ForeignEvent, row: number, type: number, id: number): void {
    const { failedCas, nilReads } = this.#meaning;
    if (type === OK && f === "read" && id === 0 && nilReads === "anything")
      this.#unanswered.push(row);
    if (type !== FAIL || f !== "cas" || failedCas === "recorded") return;
    const compared =
      error === undefined && (value === null || this.#values.find(value) === this.#input.at(row));
    if (failedCas === "silent" || !compared) this.#silent.add(row);
  }

  #valueOf({ value, line }: ForeignEvent): number {
    const before = this.#values.size;
    const id = this.#values.id(value);
    if (id >= before) this.#memory.value(sizeOf(value), line);
    return id;
  }

  #name(kind: number, key: number): string {
    const name = this.#pairing.keys.valueOf(key);
    return `${this.#pairing.kinds.valueOf(kind)}${name === "" ? "" : ` ${name}`}`;
  }

  /** @throws RangeError, MalformedHistoryError */
  end(): Joined {
    const all = this.#pairing.end();
    this.#details.fill(all);
    for (const row of this.#unanswered) {
      // It stays open for good, and its process goes on.
      const process = all.process[row] ?? 0;
      all.process[row] = this.#clients.fresh(this.#clients.names.get(process) ?? process);
      all.status[row] = INFO;
      all.output[row] = UNKNOWN;
      all.completed[row] = NEVER;
      all.completedAt[row] = Number.NaN;
    }
    const names = { kinds: this.#pairing.kinds, keys: this.#pairing.keys, values: this.#values };
    const found = this.#orphans.rows(names, this.#clients);
    const columns = rearranged(all, this.#silent, found);
    this.#details.rearrange(this.#silent, found);
    return {
      columns,
      details: this.#details,
      events: this.#events + found.length,
      shift: found.length,
      clients: this.#clients,
      nemesis: this.#nemesis.map((one) => ({ ...one, index: one.index + found.length })),
      notes: this.#notes(),
    };
  }

  #notes(): string[] {
    const count = (number: number, what: string): string[] =>
      number === 0 ? [] : [`${number} ${what}`];
    return [
      ...count(this.#unanswered.length, "reads answered nil: taken as saying nothing (nilReads)"),
      ...count(
        this.#silent.size,
        "failed compare-and-sets were left out: they say nothing (failedCas)",
      ),
      ...count(
        this.#resumed,
        "times a process went on after an operation of unknown outcome: as another process",
      ),
      ...count(this.#nemesis.length, "events of the nemesis are no operations"),
    ];
  }
}

/** About how many characters a value has, whole numbers none. */
function sizeOf(value: Json): number {
  if (typeof value === "string") return value.length;
  return typeof value === "object" && value !== null ? JSON.stringify(value).length : 0;
}
