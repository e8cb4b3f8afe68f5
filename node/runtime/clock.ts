/**
 * A node's idea of time, and the only place in a node that reads time or sets a timer.
 *
 * True time is the machine's CLOCK_MONOTONIC, which all processes share. A node's wall clock and its monotonic clock
 * are functions of it: from the moment of a setting on, value = true value + offset, going on at a rate. The
 * controller may change either at any moment. Timers follow the node's monotonic clock, as they do in a real process.
 */
import { type ClockSetting, TRUE_CLOCK } from "../../proto/node-start.ts";

const BILLION = 1_000_000_000n;

/** A piecewise linear function of true time, in nanoseconds. */
class Scale {
  #anchor: bigint;
  #value: bigint;
  #ratePpb = BILLION;
  #resolution = 1n;
  readonly #shift: bigint;

  /** `shift` is what the undisturbed scale adds to true time. */
  constructor(shift: bigint, setting: ClockSetting, now: bigint) {
    this.#shift = shift;
    this.#anchor = now;
    this.#value = now + shift;
    this.set(setting, now);
  }

  set(setting: ClockSetting, now: bigint): void {
    this.#anchor = now;
    this.#value = now + this.#shift + BigInt(setting.offsetNs);
    this.#ratePpb = BigInt(Math.round(setting.rate * 1e9));
    this.#resolution = BigInt(setting.resolutionNs);
  }

  read(now: bigint): bigint {
    const exact = this.#value + ((now - this.#anchor) * this.#ratePpb) / BILLION;
    return exact - (exact % this.#resolution);
  }
}

export interface ClockReading {
  readonly trueNs: bigint;
  readonly wallNs: bigint;
  readonly monotonicNs: bigint;
  readonly trueWallNs: bigint;
}

interface Timer {
  readonly due: bigint;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}

export interface ClockOptions {
  /** One instant on both true scales: true CLOCK_MONOTONIC, and the wall time that belongs to it. */
  readonly epoch: { readonly trueNs: bigint; readonly wallNs: bigint };
  readonly wall?: ClockSetting;
  readonly monotonic?: ClockSetting;
  /** Reads true time; a test may bring its own. */
  readonly readTrue?: () => bigint;
}

/** A frozen monotonic clock never reaches a timer; it is looked at again when the clock is set. */
const NEVER = undefined;
/** The longest that setTimeout can wait; it takes more for nothing at all. */
const LONGEST_MS = 2 ** 31 - 1;

export class Clock {
  readonly #readTrue: () => bigint;
  readonly #shift: bigint;
  readonly #wall: Scale;
  readonly #monotonic: Scale;
  #monotonicRate: number;
  #lastMonotonic = 0n;
  readonly #timers = new Set<Timer>();

  constructor(options: ClockOptions) {
    this.#readTrue = options.readTrue ?? process.hrtime.bigint;
    const now = this.#readTrue();
    const monotonic = options.monotonic ?? TRUE_CLOCK;
    this.#shift = options.epoch.wallNs - options.epoch.trueNs;
    this.#wall = new Scale(this.#shift, options.wall ?? TRUE_CLOCK, now);
    this.#monotonic = new Scale(0n, monotonic, now);
    this.#monotonicRate = monotonic.rate;
  }

  /** CLOCK_MONOTONIC as it is: for notes and the harness only. A system under test must not ask. */
  trueNow(): bigint {
    return this.#readTrue();
  }

  /** Nanoseconds since 1970, as this node believes. May jump and go back. */
  wallNow(): bigint {
    return this.#wall.read(this.#readTrue());
  }

  /** Nanoseconds since some start, as this node believes. Never goes back. */
  monotonicNow(): bigint {
    return this.#monotonicAt(this.#readTrue());
  }

  /** `monotonicNow` in milliseconds, for comparing with timeouts. */
  monotonicMs(): number {
    return Number(this.monotonicNow()) / 1e6;
  }

  /** All clocks at one instant. */
  read(): ClockReading {
    const trueNs = this.#readTrue();
    return {
      trueNs,
      wallNs: this.#wall.read(trueNs),
      monotonicNs: this.#monotonicAt(trueNs),
      trueWallNs: trueNs + this.#shift,
    };
  }

  setWall(setting: ClockSetting): void {
    this.#wall.set(setting, this.#readTrue());
  }

  setMonotonic(setting: ClockSetting): void {
    this.#monotonic.set(setting, this.#readTrue());
    this.#monotonicRate = setting.rate;
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Runs `run` once this node's monotonic clock has gone on by `delayMs`. Returns the way to call it off. */
  after(delayMs: number, run: () => void): () => void {
    const due = this.monotonicNow() + BigInt(Math.round(delayMs * 1e6));
    const timer: Timer = { due, run, handle: undefined };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  sleep(delayMs: number): Promise<void> {
    return delayMs <= 0 ? Promise.resolve() : new Promise((done) => this.after(delayMs, done));
  }

  /** Calls off every timer: nothing of the node runs on after its end. */
  stop(): void {
    for (const timer of [...this.#timers]) this.#drop(timer);
  }

  #monotonicAt(now: bigint): bigint {
    const value = this.#monotonic.read(now);
    if (value > this.#lastMonotonic) this.#lastMonotonic = value;
    return this.#lastMonotonic;
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const left = Number(timer.due - this.monotonicNow()) / 1e6;
    timer.handle =
      this.#monotonicRate === 0 && left > 0
        ? NEVER
        : setTimeout(
            () => this.#fire(timer),
            Math.min(Math.ceil(left / (this.#monotonicRate || 1)), LONGEST_MS),
          );
  }

  /** setTimeout may come up to a millisecond early; a clock that was set back makes it early too. */
  #fire(timer: Timer): void {
    if (this.monotonicNow() < timer.due) {
      this.#arm(timer);
      return;
    }
    this.#timers.delete(timer);
    timer.run();
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
