/** A fault that holds: its randomness and what it has done so far. */
import { draw, type Random } from "../random.ts";
import { sample } from "./distribution.ts";
import type { Effect } from "./fault.ts";
import type { Flow } from "./flow.ts";
import type { Link } from "./link.ts";
import type { LinkEvidence } from "./protocol.ts";

type Counted = Omit<LinkEvidence, "effective" | "delayMeanMs" | "probes">;

interface Flips {
  readonly random: Random;
  /** Bytes seen, where the current stretch of `oneIn` bytes began, and which byte of it is to be hit. */
  seen: number;
  stretch: number;
  at: number;
}

export class ActiveFault {
  readonly id: string;
  readonly effect: Effect;
  readonly links: readonly Link[];
  readonly tally: { -readonly [K in keyof Counted]: number } = {
    connections: 0,
    opened: 0,
    waited: 0,
    givenUp: 0,
    bytesHeld: 0,
    bytesReleased: 0,
    reset: 0,
    refused: 0,
    halfOpened: 0,
    delayed: 0,
    delayMaxMs: 0,
    pieces: 0,
    pacedBytes: 0,
    bitsFlipped: 0,
  };
  readonly probes: string[] = [];
  /** Of a fault that acts again and again. */
  timer: NodeJS.Timeout | undefined;
  #delaySumMs = 0;
  readonly #stream: number;
  readonly #randoms = new WeakMap<Flow, Random>();
  readonly #flips = new WeakMap<Flow, Flips>();

  constructor(id: string, effect: Effect, links: readonly Link[], stream: number) {
    this.id = id;
    this.effect = effect;
    this.links = links;
    this.#stream = stream;
  }

  /** Milliseconds that the next piece of this flow shall take. */
  delayOf(flow: Flow): number {
    const { effect } = this;
    if (effect.f !== "delay") return 0;
    return sample(effect.delay, effect.jitterMs ?? 0, this.#randomOf(flow));
  }

  countDelay(ms: number): void {
    this.tally.delayed += 1;
    this.#delaySumMs += ms;
    this.tally.delayMaxMs = Math.max(this.tally.delayMaxMs, ms);
  }

  /** Flips one bit in each `oneIn` bytes of this flow, in place. */
  corrupt(flow: Flow, bytes: Buffer): void {
    if (this.effect.f !== "corrupt") return;
    const { oneIn } = this.effect;
    let flips = this.#flips.get(flow);
    if (flips === undefined) {
      const random = this.#randomOf(flow);
      flips = { random, seen: 0, stretch: 0, at: random.below(oneIn) };
      this.#flips.set(flow, flips);
    }
    const end = flips.seen + bytes.length;
    while (flips.at < end) {
      const place = flips.at - flips.seen;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << flips.random.below(8));
      this.tally.bitsFlipped += 1;
      flips.stretch += oneIn;
      flips.at = flips.stretch + flips.random.below(oneIn);
    }
    flips.seen = end;
  }

  /** @param heldNow bytes that wait because of it at this moment. */
  evidence(heldNow: number): LinkEvidence {
    const { tally, probes } = this;
    const bytesHeld = tally.bytesHeld + heldNow;
    const delayMeanMs = tally.delayed === 0 ? 0 : this.#delaySumMs / tally.delayed;
    const effective = {
      cut: bytesHeld > 0 || tally.waited > 0,
      refuse:
        tally.refused > 0 || (probes.length > 0 && probes.every((got) => got === "ECONNREFUSED")),
      reset: tally.reset > 0,
      delay: tally.delayed > 0,
      throttle: tally.pieces > 0,
      drip: tally.pieces > 0,
      "half-open": tally.halfOpened > 0,
      corrupt: tally.bitsFlipped > 0,
    }[this.effect.f];
    return { ...tally, bytesHeld, delayMeanMs, probes: [...probes], effective };
  }

  #randomOf(flow: Flow): Random {
    let random = this.#randoms.get(flow);
    if (random === undefined) {
      random = draw(this.#stream, flow.index);
      this.#randoms.set(flow, random);
    }
    return random;
  }
}
