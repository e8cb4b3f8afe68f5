/**
 * Where the lines of a history file begin. An event's index is the number of its line, so it is enough to remember
 * every 64th line and to count newlines from there: a tenth of a byte an event.
 *
 *     const { from, to } = lines.around(index);
 *     const event = lines.eventIn(bytes.subarray(from, to), index);
 */
import type { Event } from "../../proto/history.ts";
import { decodeEventLine } from "./exact-line.ts";

const STRIDE = 64;
const NEWLINE = 0x0a;

export class LineOffsets {
  readonly #offsets: number[] = [];
  #size = 0;
  #count = 0;

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** The event `index` begins at the byte `offset`. To be told of all events, in order. */
  add(index: number, offset: number): void {
    if (index % STRIDE === 0) this.#offsets.push(offset);
    this.#count = index + 1;
  }

  /** The file ends here. */
  end(size: number): void {
    this.#size = size;
  }

  /** A stretch of the file of at most 64 lines, in bytes, among them the event's. */
  around(index: number): { readonly from: number; readonly to: number } {
    const stretch = Math.floor(index / STRIDE);
    const from = this.#offsets[stretch];
    if (from === undefined) throw new RangeError(`there is no event ${index}`);
    return { from, to: this.#offsets[stretch + 1] ?? this.#size };
  }

  /** The event, from the stretch `around` it. */
  eventIn(stretch: Uint8Array, index: number): Event {
    let at = 0;
    for (let skipped = 0; skipped < index % STRIDE; skipped++)
      at = stretch.indexOf(NEWLINE, at) + 1;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      stretch.subarray(at, stretch.indexOf(NEWLINE, at)),
    );
    return decodeEventLine(text, index);
  }
}
