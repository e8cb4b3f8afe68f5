/**
 * Stamps decide which of two values of a key stays: the higher one, and between equal ones the node with the greater
 * name. Four ways to make one; only those that ask a quorum first are right.
 */
import type { SystemOptions } from "../../../proto/systems.ts";

export interface Stamp {
  readonly at: bigint;
  readonly by: string;
}

/** Of a key that was never written: below every other. */
export const NEVER: Stamp = { at: -1n, by: "" };

export function isAbove(a: Stamp, b: Stamp): boolean {
  return a.at !== b.at ? a.at > b.at : a.by > b.by;
}

export interface Sources {
  readonly name: string;
  /** Nanoseconds of the node's wall clock. */
  wallNow(): bigint;
  /** The stamp of the node's own copy. */
  own(key: string): Stamp;
  /** The highest stamp that a read quorum has. */
  highest(key: string): Promise<Stamp>;
}

export type Clock = "wall" | "logical" | "hybrid";

/**
 * Gives stamps, for each key strictly increasing at this node, so that no two writes share one. That holds across a
 * crash if the stamp is on this node's disk before anybody else hears of it.
 */
export class Stamper {
  readonly #mode: SystemOptions<"register">["conflicts"];
  readonly #sources: Sources;
  readonly #last = new Map<string, bigint>();

  constructor(mode: SystemOptions<"register">["conflicts"], sources: Sources) {
    this.#mode = mode;
    this.#sources = sources;
  }

  get clock(): Clock {
    if (this.#mode === "last-write-wins") return "wall";
    return this.#mode === "hybrid" ? "hybrid" : "logical";
  }

  async next(key: string): Promise<Stamp> {
    switch (this.#mode) {
      case "last-write-wins":
        return this.#above(key, this.#sources.wallNow());
      case "logical":
        return this.#above(key, this.#sources.own(key).at + 1n);
      case "lamport":
        return this.#above(key, (await this.#sources.highest(key)).at + 1n);
      case "hybrid": {
        const known = await this.#sources.highest(key);
        const wall = this.#sources.wallNow();
        return this.#above(key, wall > known.at ? wall : known.at + 1n);
      }
    }
  }

  /** After a restart: never below what was given before. */
  recover(key: string, stamp: Stamp): void {
    if (stamp.by === this.#sources.name && stamp.at > (this.#last.get(key) ?? -1n))
      this.#last.set(key, stamp.at);
  }

  /**
   * A wall clock that was set back, or read twice within its resolution, must not give one stamp twice; nor must two
   * writes of one key that are under way here at the same time.
   */
  #above(key: string, wanted: bigint): Stamp {
    const last = this.#last.get(key) ?? -1n;
    const at = wanted > last ? wanted : last + 1n;
    this.#last.set(key, at);
    return { at, by: this.#sources.name };
  }
}
