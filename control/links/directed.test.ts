/**
 * The test that a cut is what it says: for every ordered pair of five nodes that one direction is cut, and an
 * application's messages over all connections show that it is cut, and no other is.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bench, type End } from "./testdata/wire.ts";

const NODES = ["n1", "n2", "n3", "n4", "n5"];
const PAIRS = NODES.flatMap((from) =>
  NODES.flatMap((to) => (from === to ? [] : [[from, to] as const])),
);

let bench: Bench;

/** A way for messages from one node to another: the one writes, the other reads. */
interface Way {
  readonly from: string;
  readonly to: string;
  /** Each link is tried on a connection that the sender opened and on one that the receiver did. */
  readonly opener: string;
  readonly sends: End;
  readonly receives: End;
}

const ways: Way[] = [];

beforeAll(async () => {
  bench = await Bench.start(NODES);
  for (const [a, b] of PAIRS) {
    const [near, far] = await bench.pair(a, b);
    ways.push({ from: a, to: b, opener: a, sends: near, receives: far });
    ways.push({ from: b, to: a, opener: a, sends: far, receives: near });
  }
});

afterAll(async () => {
  await bench.close();
  expect(bench.deaths).toEqual([]);
});

test("there are two ways for each of the twenty links", () => {
  expect(ways).toHaveLength(40);
});

test.each(PAIRS)("%s>%s alone", async (from, to) => {
  for (const { receives } of ways) receives.forget();
  const message = `from ${from} to ${to}\n`;
  await bench.links.apply(message, { f: "cut", from, to });
  for (const { sends } of ways) sends.socket.write(message);

  const cut = ways.filter((way) => way.from === from && way.to === to);
  expect(cut.map(({ opener }) => opener).sort()).toEqual([from, to].sort());
  for (const way of ways) if (!cut.includes(way)) await way.receives.gets(message.length);
  // All that was sent and has not arrived is known to wait: nothing is merely late.
  const held = cut.length * message.length;
  await bench.until(
    () => bench.links.state(),
    ({ bytesHeld }) => bytesHeld === held,
  );
  expect(cut.map(({ receives }) => receives.bytes)).toEqual([0, 0]);

  expect(await bench.links.heal(message)).toMatchObject({
    effective: true,
    connections: 2,
    opened: 0,
    bytesHeld: held,
    bytesReleased: held,
  });
  for (const { receives } of ways) {
    await receives.gets(message.length);
    expect(receives.received.toString()).toBe(message);
  }
  expect(await bench.links.state()).toMatchObject({ faults: [], disturbed: [], bytesHeld: 0 });
});
