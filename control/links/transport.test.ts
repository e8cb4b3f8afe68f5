/** What a link must never do to bytes and connections, whatever holds on it: lose, repeat, reorder, invent. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { draw, type Random } from "../random.ts";
import type { LinkFault } from "./fault.ts";
import { Bench, type End, open } from "./testdata/wire.ts";

const TRIALS = Number(process.env["LINK_TRIALS"] ?? 8);
const CONNECTIONS = Number(process.env["LINK_CONNECTIONS"] ?? 500);

let bench: Bench;

beforeEach(async () => {
  bench = await Bench.start(["a", "b"]);
});

afterEach(async () => {
  await bench.close();
  expect(bench.deaths).toEqual([]);
});

function bytesOf(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) bytes[index] = random.below(256);
  return bytes;
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("a stream arrives whole and in order, and ends", () => {
  const faults: ((random: Random) => LinkFault)[] = [
    () => ({ f: "cut", from: "a", to: "b" }),
    () => ({ f: "cut", from: "b", to: "a" }),
    (random) => ({
      f: "delay",
      delay: { shape: "uniform", fromMs: 0, toMs: 1 + random.below(30) },
      jitterMs: random.below(10),
      from: "a",
      to: "b",
    }),
    (random) => ({
      f: "delay",
      delay: { shape: "pareto", atLeastMs: 1, tail: 1.1 },
      links: random.chance(0.5)
        ? [{ from: "b", to: "a" }]
        : [
            { from: "a", to: "b" },
            { from: "b", to: "a" },
          ],
    }),
    (random) => ({ f: "throttle", bytesPerSecond: 1 + random.below(1e6), from: "a", to: "b" }),
    (random) => ({ f: "drip", bytes: 1 + random.below(1000), everyMs: 1, from: "b", to: "a" }),
  ];

  test.each(Array.from({ length: TRIALS }, (_, trial) => trial))("seed %i", async (seed) => {
    const random = draw(20, seed);
    const pairs = [await bench.pair("a", "b"), await bench.pair("b", "a")];
    const ends = pairs.flat();
    const sent = ends.map(() => bytesOf(random, random.below(200_000)));
    const holding: string[] = [];
    const places = ends.map(() => 0);
    let step = 0;
    while (places.some((place, index) => place < (sent[index]?.length ?? 0))) {
      for (const [index, end] of ends.entries()) {
        const size = random.chance(0.3) ? 1 + random.below(5) : 1 + random.below(30_000);
        const place = places[index] ?? 0;
        places[index] = place + size;
        end.socket.write(sent[index]?.subarray(place, place + size) ?? "");
      }
      step += 1;
      const make = faults[random.below(faults.length)];
      if (random.chance(0.5) && make !== undefined) {
        await bench.links.apply(`f${step}`, make(random));
        holding.push(`f${step}`);
      }
      if (random.chance(0.4) && holding.length > 0)
        await bench.links.heal(holding.splice(random.below(holding.length), 1)[0] ?? "");
    }
    for (const end of ends) end.socket.end();
    for (const id of holding) await bench.links.heal(id);
    for (const [index, end] of ends.entries()) {
      // Each end receives what its partner sent.
      const partner = sent[index ^ 1] ?? Buffer.alloc(0);
      await end.until("the end of the stream", ({ ended }) => ended);
      expect(end.bytes).toBe(partner.length);
      expect(hash(end.received)).toBe(hash(partner));
    }
    for (const end of ends) expect(await end.closes()).toBe("closed");
    await bench.until(
      () => bench.links.state(),
      ({ connections, bytesHeld }) => Object.keys(connections).length === 0 && bytesHeld === 0,
    );
  });
});

describe("connections end as with TCP", () => {
  test("one direction ends, the other goes on", async () => {
    const [near, far] = await bench.pair("a", "b");
    near.socket.end("question");
    await far.until("the end of the question", ({ ended }) => ended);
    expect(far.received.toString()).toBe("question");
    far.socket.write("answer");
    await near.gets(6);
    expect(near.ended).toBe(false);
    far.socket.end();
    expect(await near.closes()).toBe("closed");
  });

  test.each(["near", "far"])("a reset by the %s end is one for the other", async (which) => {
    const pair = await bench.pair("a", "b");
    const [one, other] = which === "near" ? pair : pair.toReversed();
    one?.socket.resetAndDestroy();
    expect(await other?.closes()).toBe("ECONNRESET");
  });

  test("during a cut the other end is told nothing, and all of it after", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    near.socket.end("last words");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 10,
    );
    far.socket.write("still there?");
    await near.gets(12);
    expect([far.bytes, far.ended, far.closed]).toEqual([0, false, undefined]);
    await bench.links.heal("f");
    await far.until("the end", ({ ended }) => ended);
    expect(far.received.toString()).toBe("last words");
  });

  test("a reset during a cut arrives with the heal", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    near.socket.resetAndDestroy();
    await near.closes();
    far.socket.write("nobody hears this");
    // The proxy has carried out whatever was before this.
    await bench.links.state();
    expect(far.closed).toBe(undefined);
    await bench.links.heal("f");
    expect(await far.closes()).toBe("ECONNRESET");
  });

  test("nobody listens at the other end: a connection is reset, as nothing else is left to say", async () => {
    await bench.links.moved("b", "127.0.0.1:1");
    const near = await open(bench.links.addressFor("a", "b"));
    expect(await near.closes()).toBe("ECONNRESET");
    await bench.links.moved("b", bench.service("b").address);
    await bench.pair("a", "b");
  });
});

describe("a connection that is opened during a cut", () => {
  test.each([
    ["a", "b"],
    ["b", "a"],
  ])("of %s>%s waits for the heal, whichever direction it is", async (from, to) => {
    await bench.links.apply("f", { f: "cut", from, to });
    const near = await open(bench.links.addressFor("a", "b"));
    near.socket.write("hello");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 5,
    );
    expect(bench.service("b").accepted).toHaveLength(0);
    const healed = await bench.links.heal("f");
    expect(healed).toMatchObject({ effective: true, waited: 1, givenUp: 0, opened: 1 });
    await (await bench.service("b").connection(0)).gets(5);
  });

  test("and given up before never happens, nor does what was said on it", async () => {
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    const near = await open(bench.links.addressFor("a", "b"));
    near.socket.end("ghost");
    await bench.until(
      () => bench.links.evidence("f"),
      ({ givenUp }) => givenUp === 1,
    );
    expect(await bench.links.heal("f")).toMatchObject({ bytesHeld: 5, bytesReleased: 0 });
    const [, far] = await bench.pair("a", "b");
    expect(bench.service("b").accepted).toHaveLength(1);
    expect(far.bytes).toBe(0);
  });

  test("waits for both cuts where both directions are cut", async () => {
    await bench.links.apply("there", { f: "cut", from: "a", to: "b" });
    await bench.links.apply("back", { f: "cut", from: "b", to: "a" });
    const near = await open(bench.links.addressFor("a", "b"));
    near.socket.write("hello");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 5,
    );
    await bench.links.heal("there");
    expect(bench.service("b").accepted).toHaveLength(0);
    await bench.links.heal("back");
    await (await bench.service("b").connection(0)).gets(5);
  });
});

describe("a half-open connection", () => {
  test("whose far end is gone: the near one is told nothing, until it sends after the heal", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "half-open", gone: "to", from: "a", to: "b" });
    expect(await far.closes()).toBe("ECONNRESET");
    expect(await bench.links.heal("f")).toMatchObject({ effective: true, halfOpened: 1 });
    expect((await bench.links.state()).connections).toEqual({ "a>b": 1 });
    expect([near.closed, near.ended]).toEqual([undefined, false]);
    // Others come and go meanwhile.
    await bench.pair("a", "b");
    near.socket.write("anybody?");
    expect(await near.closes()).toBe("ECONNRESET");
    expect((await bench.links.state()).connections).toEqual({ "a>b": 1 });
  });

  test("that is ended by the one that is left is answered too", async () => {
    const [near] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "half-open", gone: "to", from: "a", to: "b" });
    near.socket.end();
    await bench.links.heal("f");
    expect(await near.closes()).toBe("ECONNRESET");
  });

  test("during a cut gets no answer either", async () => {
    const [, far] = await bench.pair("a", "b");
    await bench.links.apply("h", { f: "half-open", gone: "from", from: "a", to: "b" });
    await bench.links.apply("c", { f: "cut", from: "a", to: "b" });
    far.socket.write("anybody?");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 8,
    );
    await bench.links.heal("h");
    await bench.links.state();
    expect(far.closed).toBe(undefined);
    await bench.links.heal("c");
    expect(await far.closes()).toBe("ECONNRESET");
  });

  test("is forgotten when the end that is left resets it", async () => {
    const [near] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "half-open", gone: "to", from: "a", to: "b" });
    near.socket.resetAndDestroy();
    await bench.until(
      () => bench.links.state(),
      ({ connections }) => Object.keys(connections).length === 0,
    );
    await bench.links.heal("f");
  });
});

describe("memory is bounded", () => {
  const linux = process.platform === "linux";

  async function residentKb(pid: number): Promise<number> {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  test.runIf(linux)("a sender that does not stop is stopped, and loses nothing", async () => {
    const size = 32 * 2 ** 20;
    const payload = Buffer.alloc(size, "the quick brown fox ");
    const [near, far] = await bench.pair("a", "b");
    const before = await residentKb(bench.links.pid);
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    near.socket.write(payload);
    const held = await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld >= 900_000,
    );
    expect(held.bytesHeld).toBeLessThan(2 ** 21);
    expect(near.socket.writableLength).toBeGreaterThan(0);
    expect(far.bytes).toBe(0);
    expect((await residentKb(bench.links.pid)) - before).toBeLessThan(50_000);
    await bench.links.heal("f");
    await far.gets(size);
    expect(hash(far.received)).toBe(hash(payload));
  });

  test("so is one that sends byte by byte: pieces weigh more than their bytes", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    let [sent, held] = [0, 0];
    // Each byte is a piece of its own, as the next one is sent only once it was read, or is not going to be.
    for (let asked = 0; sent < 4500 && asked < 500; ) {
      if (held === sent) near.socket.write(Buffer.of(sent++ % 251));
      const before = held;
      held = (await bench.links.state()).bytesHeld;
      asked = held > before ? 0 : asked + 1;
    }
    expect(held).toBeGreaterThan(3500);
    expect(held).toBeLessThan(4200);
    await bench.links.heal("f");
    await far.gets(sent);
    expect(far.received.every((value, index) => value === index % 251)).toBe(true);
  });

  test.runIf(linux)("a receiver that does not read stops the sender as well", async () => {
    const [near, far] = await bench.pair("a", "b");
    far.socket.pause();
    const before = await residentKb(bench.links.pid);
    const size = 32 * 2 ** 20;
    near.socket.write(Buffer.alloc(size, 7));
    let passed = -1;
    // Until nothing moves: the proxy's own count stands still over many questions.
    for (let still = 0; still < 50; still++) {
      const now = (await bench.links.state()).bytesPassed;
      if (now !== passed) still = 0;
      passed = now;
    }
    expect(near.socket.writableLength).toBeGreaterThan(0);
    expect((await residentKb(bench.links.pid)) - before).toBeLessThan(50_000);
    far.socket.resume();
    await far.gets(size);
  });
});

test(`${CONNECTIONS} connections at once, cut and healed`, { timeout: 120_000 }, async () => {
  const ends: End[] = [];
  for (let opened = 0; opened < CONNECTIONS; opened += 100)
    ends.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(100, CONNECTIONS - opened) }, () =>
          open(bench.links.addressFor("a", "b")),
        ),
      )),
    );
  await bench.service("b").connection(CONNECTIONS - 1);
  const state = await bench.links.state();
  expect(state.connections).toEqual({ "a>b": CONNECTIONS });
  await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
  for (const [index, { socket }] of ends.entries()) socket.write(`${index}\n`);
  const total = ends.reduce((sum, _, index) => sum + `${index}\n`.length, 0);
  await bench.until(
    () => bench.links.state(),
    ({ bytesHeld }) => bytesHeld === total,
  );
  expect(await bench.links.heal("f")).toMatchObject({
    connections: CONNECTIONS,
    bytesHeld: total,
    bytesReleased: total,
  });
  const heard: string[] = [];
  for (const end of bench.service("b").accepted) {
    await end.until("a line", ({ received }) => received.includes("\n"));
    heard.push(end.received.toString().trim());
  }
  expect(heard.map(Number).sort((a, b) => a - b)).toEqual(ends.map((_, index) => index));
  for (const { socket } of ends) socket.resetAndDestroy();
  await bench.until(
    () => bench.links.state(),
    ({ connections }) => Object.keys(connections).length === 0,
  );
});

describe("faults compose", () => {
  test("delays add up, and go one by one", async () => {
    const [near, far] = await bench.pair("a", "b");
    const link = { from: "a", to: "b" };
    for (const id of ["one", "two"])
      await bench.links.apply(id, { f: "delay", delay: { shape: "constant", ms: 80 }, ...link });
    const began = performance.now();
    near.socket.write("x");
    await far.gets(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(158);
    await bench.links.apply("long", {
      f: "delay",
      delay: { shape: "constant", ms: 60_000 },
      ...link,
    });
    near.socket.write("y");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 1,
    );
    // Healed, it holds no byte longer than the others do.
    expect((await bench.links.heal("long")).effective).toBe(true);
    await far.gets(2);
  });

  test("what is delayed does not pass a cut", async () => {
    const [near, far] = await bench.pair("a", "b");
    const link = { from: "a", to: "b" };
    await bench.links.apply("late", { f: "delay", delay: { shape: "constant", ms: 20 }, ...link });
    near.socket.write("x");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 1,
    );
    await bench.links.apply("cut", { f: "cut", ...link });
    await bench.until(
      () => bench.links.evidence("cut"),
      ({ bytesHeld }) => bytesHeld === 1,
    );
    expect(far.bytes).toBe(0);
    await bench.links.heal("late");
    expect(far.bytes).toBe(0);
    await bench.links.heal("cut");
    await far.gets(1);
  });

  test("two cuts: only the last heal releases, and both say so", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("one", { f: "cut", from: "a", to: "b" });
    near.socket.write("12345");
    await bench.until(
      () => bench.links.state(),
      ({ bytesHeld }) => bytesHeld === 5,
    );
    await bench.links.apply("two", { f: "cut", from: "a", to: "b" });
    expect(await bench.links.heal("one")).toMatchObject({ bytesHeld: 5, bytesReleased: 0 });
    expect(far.bytes).toBe(0);
    expect(await bench.links.heal("two")).toMatchObject({ bytesHeld: 5, bytesReleased: 5 });
    await far.gets(5);
  });

  test("a throttle is shared by all connections of the link", async () => {
    const pairs = await Promise.all([bench.pair("a", "b"), bench.pair("b", "a")]);
    await bench.links.apply("f", { f: "throttle", bytesPerSecond: 20_000, from: "a", to: "b" });
    const [[near], [, far]] = pairs as [[End, End], [End, End]];
    const began = performance.now();
    near.socket.write(Buffer.alloc(4000));
    far.socket.write(Buffer.alloc(4000));
    await pairs[0]?.[1].gets(4000);
    await pairs[1]?.[0].gets(4000);
    expect(performance.now() - began).toBeGreaterThanOrEqual(400 - 40 - 5 - 2);
  });

  test("a fault of several links heals on all", async () => {
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", {
      f: "cut",
      links: [
        { from: "a", to: "b" },
        { from: "b", to: "a" },
      ],
    });
    near.socket.write("12");
    far.socket.write("345");
    await bench.until(
      () => bench.links.evidence("f"),
      ({ bytesHeld }) => bytesHeld === 5,
    );
    expect(await bench.links.heal("f")).toMatchObject({ bytesReleased: 5, connections: 2 });
    await far.gets(2);
    await near.gets(3);
  });

  test("resets again and again while they last", async () => {
    await bench.links.apply("f", { f: "reset", everyMs: 5, from: "a", to: "b" });
    for (let round = 0; round < 3; round++) {
      const near = await open(bench.links.addressFor("a", "b"));
      expect(await near.closes()).toBe("ECONNRESET");
    }
    expect((await bench.links.heal("f")).reset).toBe(3);
    const [near, far] = await bench.pair("a", "b");
    near.socket.write("x");
    await far.gets(1);
  });
});

test("the same seed flips the same bits and draws the same delays", async () => {
  const flipped: string[] = [];
  for (const seed of [7, 7, 8]) {
    const other = await Bench.start(["a", "b"], { seed });
    const [near, far] = await other.pair("a", "b");
    await other.links.apply("f", { f: "corrupt", oneIn: 50, from: "a", to: "b" });
    near.socket.write(Buffer.alloc(5000));
    await far.gets(5000);
    flipped.push(hash(far.received));
    await other.close();
  }
  expect(flipped[0]).toBe(flipped[1]);
  expect(flipped[0]).not.toBe(flipped[2]);
});
