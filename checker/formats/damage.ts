/**
 * What is wrong with a file. A strict reader stops at the first of it; a lenient one goes on without what is damaged
 * and keeps account, so that nobody takes what is left for the whole.
 */
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { MalformedHistoryError } from "../../proto/operation.ts";

/** A line of the file that was left out, or taken otherwise than it stands. */
export interface Dropped {
  readonly line: number;
  readonly reason: string;
}

const MOST_TOLD = 20;

export class Damage {
  readonly lenient: boolean;
  /** Told when a line that could not be read is passed over. */
  whenUnreadable: () => void = () => {};
  readonly #told: Dropped[] = [];
  #count = 0;
  #doubt: string | undefined;

  constructor(lenient: boolean) {
    this.lenient = lenient;
  }

  /** The first ones, in full. */
  get dropped(): readonly Dropped[] {
    return this.#told;
  }

  get count(): number {
    return this.#count;
  }

  /** Why operations that are valid may look invalid; `undefined` when they cannot. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** A line that cannot be read. @throws HistoryFormatError unless lenient */
  unreadable(line: number, reason: string): void {
    if (!this.lenient) throw new HistoryFormatError(line, reason);
    this.#drop(line, reason);
    this.whenUnreadable();
    this.#doubtful(`line ${line} could not be read, and might have been the beginning of a write`);
  }

  /**
   * Something is missing on which no event depends: the header, or the end of the file, since what came there came
   * last. @throws HistoryFormatError unless lenient
   */
  harmless(line: number, reason: string): void {
    if (!this.lenient) throw new HistoryFormatError(line, reason);
    this.#drop(line, reason);
  }

  /** A time that cannot be. The event stays, without it. @throws HistoryFormatError unless lenient */
  wrongTime(line: number, reason: string): void {
    if (!this.lenient) throw new HistoryFormatError(line, reason);
    this.#drop(line, `${reason}; the event was kept without its time`);
  }

  /** Lines are missing or do not stand in their order. @throws HistoryFormatError unless lenient */
  outOfOrder(line: number, reason: string): void {
    if (!this.lenient) throw new HistoryFormatError(line, reason);
    this.#drop(line, `${reason}; the event was kept where it stands`);
    this.#doubtful(`lines are missing or stand out of order before line ${line}`);
  }

  /** An event that does not fit to what came before. @throws MalformedHistoryError unless lenient */
  misfit(index: number, line: number, reason: string, instead: string): void {
    if (!this.lenient) throw new MalformedHistoryError(index, `line ${line}: ${reason}`);
    this.#drop(line, `${reason}; ${instead}`);
    this.#doubtful(`an event is missing or wrong before line ${line}, where ${reason}`);
  }

  #drop(line: number, reason: string): void {
    this.#count += 1;
    if (this.#told.length < MOST_TOLD) this.#told.push({ line, reason });
  }

  #doubtful(why: string): void {
    this.#doubt ??= why;
  }
}
