/**
 * A directed link in the proxy: the faults that hold on it, what they come to together, and all that flows over it.
 *
 * Faults compose in this order, whatever the order in which they began: bits are flipped as bytes arrive; delays add
 * up; then the slowest throttle and the slowest drip; at the end nothing leaves while any cut holds. So a fault heals
 * when the last of its kind on the link does, and healing one takes nothing from the others.
 */
import type { ActiveFault } from "./active-fault.ts";
import type { Connection } from "./connection.ts";
import type { Flow } from "./flow.ts";

/** When a flow may write its next piece, and how much. */
export interface Slot {
  readonly atMs: number;
  readonly bytes: number;
}

/** A throttled link gives out what it can carry in this time: short enough to be even, long enough to be cheap. */
const SLICE_MS = 20;
/** A throttle makes up for so much lateness of timers. */
const CREDIT_MS = 5;

/** What all links together keep in memory. */
export class Held {
  bytes = 0;
}

export class Link {
  readonly from: string;
  readonly to: string;
  readonly index: number;
  readonly held: Held;
  readonly flows = new Set<Flow>();
  /** Those that `from` opened. */
  readonly connections = new Set<Connection>();
  readonly faults = new Set<ActiveFault>();
  cuts: readonly ActiveFault[] = [];
  refusals: readonly ActiveFault[] = [];
  delays: readonly ActiveFault[] = [];
  corruptions: readonly ActiveFault[] = [];
  #pacers: readonly ActiveFault[] = [];
  #bytesPerMs = Number.POSITIVE_INFINITY;
  #drip: { readonly bytes: number; readonly everyMs: number } | undefined;
  /** When the throttled link has carried what was given out. */
  #freeMs = 0;
  #opened = 0;
  bytesPassed = 0;

  constructor(from: string, to: string, index: number, held: Held) {
    this.from = from;
    this.to = to;
    this.index = index;
    this.held = held;
  }

  get name(): string {
    return `${this.from}>${this.to}`;
  }

  get isCut(): boolean {
    return this.cuts.length > 0;
  }

  get isPaced(): boolean {
    return this.#pacers.length > 0;
  }

  /** Bytes may go straight through. */
  get isClear(): boolean {
    return this.faults.size === 0;
  }

  /** The number by which the next flow draws its randomness: the same for the same order of connections. */
  nextFlow(): number {
    this.#opened += 1;
    return this.index * 2 ** 16 + this.#opened;
  }

  add(fault: ActiveFault): void {
    this.faults.add(fault);
    this.#reconsider();
  }

  remove(fault: ActiveFault): void {
    this.faults.delete(fault);
    this.#reconsider();
    for (const flow of [...this.flows]) flow.changed();
  }

  /** The slot is taken: throttled flows take turns in the order in which they ask. */
  reserve(flow: Flow, length: number, nowMs: number): Slot {
    let bytes = length;
    let atMs = nowMs;
    if (this.#drip !== undefined) {
      bytes = Math.min(bytes, this.#drip.bytes);
      atMs = Math.max(atMs, flow.nextDripMs);
      flow.nextDripMs = atMs + this.#drip.everyMs;
    }
    if (this.#bytesPerMs !== Number.POSITIVE_INFINITY) {
      bytes = Math.min(bytes, Math.max(1, Math.floor(this.#bytesPerMs * SLICE_MS)));
      const startMs = Math.max(nowMs - CREDIT_MS, this.#freeMs);
      this.#freeMs = startMs + bytes / this.#bytesPerMs;
      atMs = Math.max(atMs, startMs);
    }
    if (bytes < length || atMs > nowMs)
      for (const { tally } of this.#pacers) {
        tally.pieces += 1;
        tally.pacedBytes += bytes;
      }
    return { atMs, bytes };
  }

  #reconsider(): void {
    const all = [...this.faults];
    const of = (...kinds: string[]): ActiveFault[] =>
      all.filter(({ effect }) => kinds.includes(effect.f));
    this.cuts = of("cut");
    this.refusals = of("refuse");
    this.delays = of("delay");
    this.corruptions = of("corrupt");
    this.#pacers = of("throttle", "drip");
    this.#bytesPerMs = Number.POSITIVE_INFINITY;
    this.#drip = undefined;
    this.#freeMs = 0;
    for (const { effect } of all)
      if (effect.f === "throttle")
        this.#bytesPerMs = Math.min(this.#bytesPerMs, effect.bytesPerSecond / 1000);
      else if (effect.f === "drip" && speed(effect) < speed(this.#drip)) this.#drip = effect;
  }
}

function speed(drip: { readonly bytes: number; readonly everyMs: number } | undefined): number {
  return drip === undefined ? Number.POSITIVE_INFINITY : drip.bytes / drip.everyMs;
}
