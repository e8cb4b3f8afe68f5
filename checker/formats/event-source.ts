/** A history that is read event by event: those of others, and damaged ones of our own. */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import type { Operation } from "../../proto/operation.ts";
import { Damage } from "./damage.ts";
import type { Format } from "./detect.ts";
import { JepsenEdnReader } from "./jepsen-edn.ts";
import { JepsenEvents } from "./jepsen-event.ts";
import { JepsenLogReader } from "./jepsen-log.ts";
import { type Joined, Joining, type Meaning } from "./joining.ts";
import { JsonlReader } from "./jsonl.ts";
import { memoryOfEvents, requireMemory, rowsIn } from "./limits.ts";
import { Lines } from "./lines.ts";
import type { ChunkOptions, ReadResult } from "./read-recording.ts";
import { TestbedLines } from "./testbed-lenient.ts";
import { FieldError } from "./values.ts";

const MEANINGS: Readonly<Record<Format, Meaning>> = {
  testbed: { failedCas: "recorded", nilReads: "null", times: "ordered" },
  jsonl: { failedCas: "observed", nilReads: "null", times: "ordered" },
  // Jepsen's clients stamped their events themselves for years, and the order of the history is what counts.
  "jepsen-edn": { failedCas: "silent", nilReads: "anything", times: "any" },
  "jepsen-log": { failedCas: "observed", nilReads: "null", times: "any" },
};
/** Few events are shorter: no file has more of them than its size allows. */
const BYTES_OF_AN_EVENT: Readonly<Record<Format, number>> = {
  ...{ testbed: 90, jsonl: 50, "jepsen-edn": 50, "jepsen-log": 20 },
};
const NEWLINE = 0x0a;

export class EventSource {
  readonly #format: Format;
  readonly #options: ChunkOptions;
  readonly #damage: Damage;
  readonly #joining: Joining;
  readonly #own: TestbedLines;
  readonly #reader: { feed(chunk: Uint8Array): void; end(): void };

  constructor(format: Format, options: ChunkOptions) {
    const { lenient = false, keyed = false, limits = {}, size = 0, failedCas, nilReads } = options;
    this.#format = format;
    this.#options = options;
    this.#damage = new Damage(lenient);
    const meaning = {
      ...MEANINGS[format],
      ...(failedCas === undefined ? {} : { failedCas }),
      ...(nilReads === undefined ? {} : { nilReads }),
    };
    const likely = Math.min(size / BYTES_OF_AN_EVENT[format] / 2, 1e6);
    const expected = Math.min(likely, rowsIn(limits));
    this.#joining = new Joining(this.#damage, meaning, limits, expected);
    this.#damage.whenUnreadable = () => this.#joining.missed();
    this.#own = new TestbedLines(this.#damage, this.#joining);
    const events = new JepsenEvents(this.#joining, keyed);
    if (format === "jepsen-edn") {
      this.#reader = new JepsenEdnReader(this.#damage, events);
      return;
    }
    const taker =
      format === "testbed"
        ? this.#own
        : format === "jsonl"
          ? new JsonlReader(this.#joining, keyed)
          : new JepsenLogReader(this.#damage, events);
    this.#reader = new Lines(this.#damage, (text, line, ended) => {
      try {
        taker.take(text, line, ended);
      } catch (error) {
        this.#unreadable(error, line, ended);
      }
    });
  }

  #unreadable(error: unknown, line: number, ended: boolean): void {
    if (!(error instanceof FieldError || error instanceof SyntaxError)) throw error;
    if (ended) this.#damage.unreadable(line, error.message);
    else
      this.#damage.harmless(
        line,
        `${error instanceof SyntaxError ? "cut short: " : ""}${error.message}`,
      );
  }

  /** `skipped`: bytes of the file before this chunk, which tell nothing. */
  feed(chunk: Uint8Array, _skipped = 0): void {
    this.#requireMemory(chunk);
    this.#reader.feed(chunk);
  }

  /** Before anything is kept: what a whole file will need, where that can be told. */
  #requireMemory(chunk: Uint8Array): void {
    const { limits = {}, size = 0 } = this.#options;
    if (limits.bytes === undefined || this.#format === "jepsen-log" || chunk.length < size / 2)
      return;
    let lines = 1;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
    const text = this.#format === "jepsen-edn" ? 2 * size : 0;
    const events = Math.min(lines, size / BYTES_OF_AN_EVENT[this.#format]);
    requireMemory(text + memoryOfEvents(events), limits);
  }

  /** @throws HistoryFormatError, MalformedHistoryError */
  end(): ReadResult {
    this.#reader.end();
    const joined = this.#joining.end();
    // A history without operations is what everything else is called when it is read as one.
    if (joined.columns.count === 0 && this.#format !== "testbed")
      throw new HistoryFormatError(1, `no operation was found in it, read as ${this.#format}`);
    const { doubt, count, dropped } = this.#damage;
    const [first] = dropped;
    const left = `${count} lines were not taken as they stand, the first of them line ${first?.line}: ${first?.reason}`;
    return {
      recording: {
        ...this.#recordingOf(joined),
        ...(count === 0 ? {} : { dropped: left }),
        ...(doubt === undefined ? {} : { incomplete: doubt }),
      },
      format: this.#format,
      dropped: this.#damage.dropped,
      droppedCount: this.#damage.count,
      ...(doubt === undefined ? {} : { incomplete: doubt }),
      notes: joined.notes,
      nemesis: joined.nemesis,
      processNames: joined.clients.names,
      lineOf: (index) => joined.details.lineOf(index),
    };
  }

  #recordingOf({ columns, details, events, shift }: Joined): ReadResult["recording"] {
    let all: readonly Operation[] | undefined;
    return {
      columns,
      others: this.#own.others.map((one) => ({ ...one, index: one.index + shift })),
      events,
      operation: (row) => details.operation(columns, row),
      operations: () => {
        all ??= Array.from({ length: columns.count }, (_, row) => details.operation(columns, row));
        return all;
      },
    };
  }
}
