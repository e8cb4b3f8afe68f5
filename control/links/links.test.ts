/** What the controller can ask of links, and what it is told when it asks for nonsense. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import type { Endpoint } from "./fault.ts";
import { startLinks } from "./links.ts";
import { Bench, open } from "./testdata/wire.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.start(["a", "b"], { clients: ["c"] });
});

afterAll(() => bench.close());

describe("addresses", () => {
  test("each link that a connection can be opened over has one of its own, on loopback", () => {
    const { links } = bench;
    const all = [
      links.addressFor("a", "b"),
      links.addressFor("b", "a"),
      links.addressFor("c", "a"),
      links.addressFor("c", "b"),
    ];
    expect(new Set(all).size).toBe(4);
    for (const address of all) expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test.each([
    ["a", "a"],
    ["a", "c"],
    ["a", "x"],
    ["x", "a"],
    ["*", "a"],
  ])("there is none from %s to %s", (from, to) => {
    expect(() => bench.links.addressFor(from, to)).toThrow(UsageError);
  });

  test("a node that has moved is reached at its new place, over the same address", async () => {
    const { links } = bench;
    const before = links.addressFor("c", "a");
    await links.moved("a", bench.service("b").address);
    const accepted = bench.service("b").accepted.length;
    await open(links.addressFor("c", "a"));
    await bench.service("b").connection(accepted);
    await links.moved("a", bench.service("a").address);
    expect(links.addressFor("c", "a")).toBe(before);
    await expect(links.moved("c", "127.0.0.1:1")).rejects.toThrow("no node c that could move");
    await expect(links.moved("a", "nowhere")).rejects.toThrow('"nowhere" is no address');
    await expect(links.moved("a", "127.0.0.1:0")).rejects.toThrow("is no address");
  });

  test("a node not yet there resets who comes too early", async () => {
    const early = await startLinks({
      endpoints: [
        { name: "a", kind: "node" },
        { name: "b", kind: "node" },
      ],
      seed: 1,
      guard: bench.guard,
      onDeath: (error) => bench.deaths.push(error.message),
    });
    const end = await open(early.addressFor("a", "b"));
    expect(await end.closes()).toBe("ECONNRESET");
    expect((await early.state()).connections).toEqual({});
    await early.close();
    expect(bench.deaths).toEqual([]);
  });
});

describe("endpoints that make no sense", () => {
  test.each<[Endpoint[], RegExp]>([
    [
      [
        { name: "a", kind: "node" },
        { name: "a", kind: "client" },
      ],
      /endpoint a is there twice/,
    ],
    [[{ name: "a>b", kind: "node" }], /can not be called "a>b"/],
    [[{ name: "", kind: "node" }], /can not be called ""/],
    [[{ name: "c", kind: "client", address: "127.0.0.1:1" }], /c is a client and has no address/],
    [[{ name: "a", kind: "node", shared: "localhost" }], /"localhost" is no address/],
  ])("%j", async (endpoints, message) => {
    const start = startLinks({
      endpoints,
      seed: 1,
      guard: bench.guard,
      onDeath: (error) => bench.deaths.push(error.message),
    });
    await expect(start).rejects.toThrow(UsageError);
    await expect(start).rejects.toThrow(message);
  });

  test("an address that is taken is told of, and leaves no process", async () => {
    const start = startLinks({
      endpoints: [{ name: "a", kind: "node", shared: bench.service("a").address }],
      seed: 1,
      guard: bench.guard,
      onDeath: (error) => bench.deaths.push(error.message),
    });
    await expect(start).rejects.toThrow("EADDRINUSE");
    expect(bench.deaths).toEqual([]);
  });
});

describe("ids", () => {
  test("stand for one fault", async () => {
    const { links } = bench;
    await links.apply("f", { f: "cut", from: "a", to: "b" });
    await expect(links.apply("f", { f: "cut", from: "b", to: "a" })).rejects.toThrow(
      'link fault f is already {"f":"cut","links":[{"from":"a","to":"b"}]}',
    );
    await links.apply("f", { f: "cut", links: [{ from: "a", to: "b" }] });
    expect(links.active).toEqual(["f"]);
    const [one, two] = await Promise.all([links.heal("f"), links.heal("f")]);
    expect(one).toEqual(two);
    // A cut that nobody felt says so.
    expect(one.effective).toBe(false);
    expect(links.active).toEqual([]);
    await expect(links.apply("f", { f: "cut", from: "b", to: "a" })).rejects.toThrow("already");
  });

  test("never applied can neither be healed nor asked for", async () => {
    await expect(bench.links.heal("never")).rejects.toThrow("no link fault never was ever applied");
    await expect(bench.links.evidence("constructor")).rejects.toThrow("was ever applied");
  });

  test("a wrong fault leaves no trace", async () => {
    const { links } = bench;
    await expect(links.apply("g", { f: "cut", from: "a", to: "x" })).rejects.toThrow(UsageError);
    expect(links.active).toEqual([]);
    await expect(links.heal("g")).rejects.toThrow("was ever applied");
    await links.apply("__proto__", { f: "cut", from: "a", to: "b" });
    expect((await links.state()).faults).toEqual(["__proto__"]);
    await links.heal("__proto__");
  });
});

test.runIf(process.platform === "linux")("a refused link keeps its port", async () => {
  const { links } = bench;
  const port = Number(links.addressFor("b", "a").split(":")[1]);
  const owned = async (): Promise<boolean> => {
    const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} `;
    return (await readFile("/proc/net/tcp", "latin1")).includes(`: ${local}`);
  };
  expect(await owned()).toBe(true);
  await links.apply("keep", { f: "refuse", from: "b", to: "a" });
  await expect(open(links.addressFor("b", "a"))).rejects.toThrow("ECONNREFUSED");
  expect(await owned()).toBe(true);
  await links.heal("keep");
});

test("a refused link: what was open stays open, and other links are open", async () => {
  const { links } = bench;
  const [near, far] = await bench.pair("a", "b");
  const address = links.addressFor("a", "b");
  await links.apply("r", { f: "refuse", from: "a", to: "b" });
  await expect(open(address)).rejects.toThrow("ECONNREFUSED");
  near.socket.write("open");
  await far.gets(4);
  await bench.pair("c", "b");
  await bench.pair("b", "a");
  expect((await links.state()).disturbed).toEqual(["a>b: r", "a>b: its listener is closed"]);
  for (let round = 0; round < 5; round++) {
    await links.heal(round === 0 ? "r" : `r${round}`);
    await bench.pair("a", "b");
    await links.apply(`r${round + 1}`, { f: "refuse", from: "a", to: "b" });
    await expect(open(address)).rejects.toThrow("ECONNREFUSED");
  }
  await links.heal("r5");
  await bench.pair("a", "b");
});
