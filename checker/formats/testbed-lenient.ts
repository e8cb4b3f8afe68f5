/** Our own histories line by line, where some lines are damaged. */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { decodeEventLine, decodeHeaderLine } from "../history/exact-line.ts";
import type { OtherEvent } from "../history/ingest.ts";
import type { Damage } from "./damage.ts";
import type { Joining } from "./joining.ts";
import { parseExactly } from "./json-line.ts";
import { fail } from "./values.ts";

export class TestbedLines {
  readonly others: OtherEvent[] = [];
  readonly #damage: Damage;
  readonly #joining: Joining;

  constructor(damage: Damage, joining: Joining) {
    this.#damage = damage;
    this.#joining = joining;
  }

  /** @throws FieldError, SyntaxError, HistoryFormatError, MalformedHistoryError */
  take(line: string, number: number, ended: boolean): void {
    if (!ended) {
      this.#damage.harmless(number, "cut short: the last line has no newline");
      return;
    }
    if (number === 1) {
      if (isHeader(line)) return;
      this.#damage.harmless(1, "not the header of a testbed history");
    }
    const { value, text } = parseExactly(line);
    const index =
      typeof value === "object" && value !== null && Object.hasOwn(value, "index")
        ? (value as { readonly index: unknown }).index
        : undefined;
    const own = Number.isSafeInteger(index) && Number(index) >= 0 ? Number(index) : 0;
    const event = decoded(text, own);
    if (event.type === "fault" || event.type === "stage" || event.type === "note") {
      this.others.push({ ...event, index: this.#joining.takeOther(number, event.index) });
      return;
    }
    const { seen, request, final } = event;
    this.#joining.take({
      ...{ line: number, type: event.type, process: event.process, f: event.f, key: event.key },
      ...{ value: event.value, time: event.time, index: event.index, node: event.node },
      error: event.error,
      own: {
        ...(seen === undefined ? {} : { seen }),
        ...(request === undefined ? {} : { request }),
        ...(final === undefined ? {} : { final }),
      },
    });
  }
}

function isHeader(line: string): boolean {
  try {
    decodeHeaderLine(line);
    return true;
  } catch {
    return false;
  }
}

function decoded(text: string, index: number): ReturnType<typeof decodeEventLine> {
  try {
    return decodeEventLine(text, index);
  } catch (error) {
    if (!(error instanceof HistoryFormatError)) throw error;
    return fail(error.message.slice(`line ${error.line}: `.length));
  }
}
