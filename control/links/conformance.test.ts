/**
 * One suite over all faults: applied, felt by the victim and by nobody else, healed, felt no more; twice, and when the
 * victim has died meanwhile. Waits for events; where time is the effect, only the lower bound is judged.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect } from "./fault.ts";
import type { LinkEvidence } from "./protocol.ts";
import { Bench, type End, open, Service } from "./testdata/wire.ts";

let bench: Bench;
let near: End;
let far: End;

beforeEach(async () => {
  bench = await Bench.start(["a", "b"]);
  [near, far] = await bench.pair("a", "b");
});

afterEach(async () => {
  await bench.close();
  expect(bench.deaths).toEqual([]);
});

/** Applied to a>b. `felt` and `absent` are seen from the ends of a connection that a has opened to b. */
interface Trial {
  readonly effect: Effect;
  readonly felt: () => Promise<void>;
  readonly absent: () => Promise<void>;
  readonly evidence: (evidence: LinkEvidence) => void;
}

const SLOW_MS = 80;

/** Milliseconds until all have arrived. */
async function transferMs(from: End, to: End, bytes: number): Promise<number> {
  to.forget();
  const began = performance.now();
  from.socket.write(Buffer.alloc(bytes, 1));
  await to.gets(bytes);
  expect(to.bytes).toBe(bytes);
  return performance.now() - began;
}

/** A busy machine may be slow now and then, a link that is slow always is. */
async function isQuick(bytes: number, underMs: number): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++)
    if ((await transferMs(near, far, bytes)) < underMs) return;
  expect.fail(`never under ${underMs} ms`);
}

/** A new connection carries both ways, and so may the old one. */
async function reopen(): Promise<void> {
  [near, far] = await bench.pair("a", "b");
  await carries();
}

async function carries(): Promise<void> {
  await transferMs(near, far, 10);
  await transferMs(far, near, 10);
}

const trials: Record<Effect["f"], Trial> = {
  cut: {
    effect: { f: "cut" },
    async felt() {
      far.forget();
      near.socket.write("held!");
      await bench.until(
        () => bench.links.state(),
        ({ bytesHeld }) => bytesHeld === 5,
      );
      await transferMs(far, near, 10);
      expect(far.bytes).toBe(0);
      far.forget();
    },
    async absent() {
      await far.gets(5);
      expect(far.received.toString()).toBe("held!");
      await carries();
    },
    evidence: ({ bytesHeld, bytesReleased }) =>
      expect({ bytesHeld, bytesReleased }).toEqual({ bytesHeld: 5, bytesReleased: 5 }),
  },
  refuse: {
    effect: { f: "refuse" },
    async felt() {
      await expect(open(bench.links.addressFor("a", "b"))).rejects.toThrow("ECONNREFUSED");
      await carries();
    },
    absent: reopen,
    evidence: ({ probes }) => expect(probes).toEqual(["ECONNREFUSED"]),
  },
  reset: {
    effect: { f: "reset" },
    async felt() {
      expect(await near.closes()).toBe("ECONNRESET");
      expect(await far.closes()).toBe("ECONNRESET");
    },
    absent: reopen,
    evidence: ({ reset }) => expect(reset).toBe(1),
  },
  delay: {
    effect: { f: "delay", delay: { shape: "constant", ms: SLOW_MS } },
    async felt() {
      const slow = transferMs(near, far, 10);
      expect(await Promise.race([slow.then(() => "slow"), transferMs(far, near, 10)])).not.toBe(
        "slow",
      );
      // Timers count whole milliseconds.
      expect(await slow).toBeGreaterThanOrEqual(SLOW_MS - 2);
    },
    absent: () => isQuick(10, SLOW_MS - 2),
    evidence({ delayed, delayMeanMs, delayMaxMs }) {
      expect(delayed).toBe(1);
      expect(delayMeanMs).toBeGreaterThanOrEqual(SLOW_MS - 2);
      expect(delayMaxMs).toBe(delayMeanMs);
    },
  },
  throttle: {
    effect: { f: "throttle", bytesPerSecond: 60_000 },
    felt: async () =>
      // 20 ms of it go at once, and 5 ms may be made up for.
      expect(await transferMs(near, far, 6000)).toBeGreaterThanOrEqual(100 - 20 - 5 - 2),
    absent: () => isQuick(6000, 70),
    evidence: ({ pacedBytes }) => expect(pacedBytes).toBe(6000),
  },
  drip: {
    effect: { f: "drip", bytes: 3, everyMs: 10 },
    async felt() {
      expect(await transferMs(near, far, 30)).toBeGreaterThanOrEqual(9 * 10 - 2);
      expect(far.chunks.length).toBeGreaterThan(1);
    },
    absent: () => isQuick(30, 9 * 10 - 2),
    evidence({ pieces, pacedBytes }) {
      expect(pieces).toBe(10);
      expect(pacedBytes).toBe(30);
    },
  },
  "half-open": {
    effect: { f: "half-open", gone: "from" },
    async felt() {
      expect(await near.closes()).toBe("ECONNRESET");
      expect(far.socket.write("are you there?")).toBe(true);
      await bench.until(
        () => bench.links.state(),
        ({ bytesHeld }) => bytesHeld === 14,
      );
      expect(far.closed).toBe(undefined);
      expect(far.ended).toBe(false);
    },
    async absent() {
      expect(await far.closes()).toBe("ECONNRESET");
      await reopen();
    },
    evidence: ({ halfOpened }) => expect(halfOpened).toBe(1),
  },
  corrupt: {
    effect: { f: "corrupt", oneIn: 100 },
    async felt() {
      far.forget();
      near.socket.write(Buffer.alloc(10_000));
      await far.gets(10_000);
      for (let stretch = 0; stretch < 100; stretch++)
        expect(bitsSet(far.received.subarray(stretch * 100, stretch * 100 + 100))).toBe(1);
      near.forget();
      far.socket.write(Buffer.alloc(10_000));
      await near.gets(10_000);
      expect(bitsSet(near.received)).toBe(0);
    },
    async absent() {
      far.forget();
      near.socket.write(Buffer.alloc(10_000));
      await far.gets(10_000);
      expect(bitsSet(far.received)).toBe(0);
    },
    evidence: ({ bitsFlipped }) => expect(bitsFlipped).toBe(100),
  },
};

function bitsSet(bytes: Buffer): number {
  let set = 0;
  for (let byte of bytes) for (; byte > 0; byte >>= 1) set += byte & 1;
  return set;
}

describe.each(Object.entries(trials))("%s", (name, { effect, felt, absent, evidence }) => {
  const fault = { ...effect, from: "a", to: "b" };

  test("is felt, healed, and felt no more; and all that again", async () => {
    for (const id of ["first", "second"]) {
      const { connections } = await bench.links.apply(id, fault);
      // What `reopen` leaves behind of a refused link is a connection more.
      expect(connections).toBe(name === "refuse" && id === "second" ? 2 : 1);
      expect((await bench.links.state()).faults).toEqual([id]);
      await felt();
      const healed = await bench.links.heal(id);
      expect(healed.effective).toBe(true);
      evidence(healed);
      await absent();
      const after = await bench.links.state();
      expect(after).toMatchObject({ faults: [], disturbed: [], bytesHeld: 0 });
    }
  });

  test("applied twice it is done once, healed twice it is healed once", async () => {
    await bench.links.apply("f", fault);
    await bench.links.apply("f", fault);
    expect((await bench.links.state()).disturbed).toHaveLength(name === "refuse" ? 2 : 1);
    await felt();
    const healed = await bench.links.heal("f");
    evidence(healed);
    expect(await bench.links.heal("f")).toEqual(healed);
    await absent();
    expect(await bench.links.apply("f", fault)).toEqual(healed);
    expect((await bench.links.state()).faults).toEqual([]);
  });

  test("two at once: the last to end heals", async () => {
    await bench.links.apply("one", fault);
    await bench.links.apply("two", fault);
    await bench.links.heal("one");
    expect((await bench.links.state()).faults).toEqual(["two"]);
    if (effect.f !== "reset" && effect.f !== "half-open") await felt();
    expect((await bench.links.heal("two")).effective).toBe(
      effect.f !== "reset" && effect.f !== "half-open",
    );
    if (effect.f === "half-open") far.socket.write("x");
    await absent();
    expect(await bench.links.state()).toMatchObject({ faults: [], disturbed: [] });
  });

  test("heals when its victim has died, and is there for the one that comes after", async () => {
    await bench.links.apply("f", fault);
    const { port } = bench.service("b");
    await bench.service("b").close();
    near.socket.write("into the void");
    await bench.links.heal("f");
    await near.until("the end", ({ closed, ended }) => closed !== undefined || ended);
    bench.services.set("b", await Service.start(port));
    await reopen();
    near.socket.destroy();
    expect(await bench.links.state()).toMatchObject({ faults: [], disturbed: [] });
  });
});
