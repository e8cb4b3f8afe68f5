/**
 * The node's log for people, on standard output. Its times are those of the node's own wall clock, right or wrong:
 * that is what the operator of a real system has to work with.
 */
import type { Clock } from "./clock.ts";

export type Level = "info" | "warn" | "error";

export class TextLog {
  readonly #clock: Clock;
  readonly #name: string;

  constructor(clock: Clock, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  write(level: Level, text: string): void {
    const wall = new Date(Number(this.#clock.wallNow() / 1_000_000n)).toISOString();
    process.stdout.write(`${wall} ${level.padEnd(5)} ${this.#name} ${text}\n`);
  }
}
