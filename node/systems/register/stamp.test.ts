import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAbove, NEVER, type Stamp, Stamper } from "./stamp.ts";

type Mode = ConstructorParameters<typeof Stamper>[0];
const MODES: readonly Mode[] = ["last-write-wins", "logical", "lamport", "hybrid"];

/** What a stamper may look at, as the test has it. */
interface World {
  wall: bigint;
  own: Stamp;
  highest: Stamp;
}

function stamperOf(mode: Mode, world: World, asked: string[] = []): Stamper {
  return new Stamper(mode, {
    name: "n2",
    wallNow: () => {
      asked.push("wall");
      return world.wall;
    },
    own: () => {
      asked.push("own");
      return world.own;
    },
    highest: async () => {
      asked.push("highest");
      return world.highest;
    },
  });
}

const at = (stamp: bigint, by = "n1"): Stamp => ({ at: stamp, by });

describe("a stamp is above another", () => {
  test("when it is higher, and between equal ones by the name of the node", () => {
    expect(isAbove(at(2n), at(1n, "n9"))).toBe(true);
    expect(isAbove(at(1n, "n9"), at(2n))).toBe(false);
    expect(isAbove(at(1n, "n2"), at(1n, "n1"))).toBe(true);
    expect(isAbove(at(1n, "n1"), at(1n, "n1"))).toBe(false);
  });

  test("in a total order, with what was never written below all", () => {
    const stamps = fc.record({
      at: fc.bigInt({ min: 0n, max: 3n }),
      by: fc.constantFrom("n1", "n2", "n3"),
    });
    fc.assert(
      fc.property(stamps, stamps, stamps, (a, b, c) => {
        expect(isAbove(a, NEVER)).toBe(true);
        if (a.at === b.at && a.by === b.by) expect(isAbove(a, b) || isAbove(b, a)).toBe(false);
        else expect(isAbove(a, b)).toBe(!isAbove(b, a));
        if (isAbove(a, b) && isAbove(b, c)) expect(isAbove(a, c)).toBe(true);
      }),
    );
  });
});

describe("how a write gets its stamp", () => {
  const world: World = { wall: 1000n, own: at(40n), highest: at(70n) };

  test.each<[Mode, bigint, readonly string[]]>([
    ["last-write-wins", 1000n, ["wall"]],
    ["logical", 41n, ["own"]],
    ["lamport", 71n, ["highest"]],
    ["hybrid", 1000n, ["highest", "wall"]],
  ])("%s stamps %d, having asked %j", async (mode, wanted, sources) => {
    const asked: string[] = [];
    expect(await stamperOf(mode, world, asked).next("k1")).toEqual({ at: wanted, by: "n2" });
    expect(asked).toEqual(sources);
  });

  test("hybrid stamps above what it was told when its clock is behind", async () => {
    const stamper = stamperOf("hybrid", { ...world, highest: at(5000n) });
    expect(await stamper.next("k1")).toEqual({ at: 5001n, by: "n2" });
  });

  test("hybrid stamps above when its clock shows just what it was told", async () => {
    const stamper = stamperOf("hybrid", { ...world, highest: at(1000n, "n3") });
    expect((await stamper.next("k1")).at).toBe(1001n);
  });

  test("last-write-wins believes a clock that is behind: its stamp may be below what is there", async () => {
    const stamper = stamperOf("last-write-wins", { ...world, highest: at(5000n), own: at(5000n) });
    expect((await stamper.next("k1")).at).toBe(1000n);
  });

  test("logical does not hear what it does not ask for", async () => {
    const stamper = stamperOf("logical", { ...world, own: NEVER });
    expect((await stamper.next("k1")).at).toBe(0n);
  });

  test("the modes say what their stamps count", () => {
    expect(MODES.map((mode) => stamperOf(mode, world).clock)).toEqual([
      "wall",
      "logical",
      "logical",
      "hybrid",
    ]);
  });
});

describe("stamps of one node", () => {
  const anyWorld = fc.record({
    key: fc.constantFrom("k1", "k2"),
    wall: fc.bigInt({ min: 0n, max: 50n }),
    own: fc.bigInt({ min: -1n, max: 50n }),
    highest: fc.bigInt({ min: -1n, max: 50n }),
  });

  test.each(MODES)("%s: strictly increase for each key, however the clocks go", async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyWorld), fc.boolean(), async (all, together) => {
        const world: World = { wall: 0n, own: NEVER, highest: NEVER };
        const stamper = stamperOf(mode, world);
        const given: Promise<readonly [string, Stamp]>[] = [];
        for (const { key, wall, own, highest } of all) {
          Object.assign(world, { wall, own: at(own), highest: at(highest) });
          const next = stamper.next(key).then((stamp) => [key, stamp] as const);
          given.push(next);
          if (!together) await next;
        }
        const last = new Map<string, bigint>();
        for (const [key, stamp] of await Promise.all(given)) {
          expect(stamp.by).toBe("n2");
          expect(stamp.at).toBeGreaterThan(last.get(key) ?? -1n);
          last.set(key, stamp.at);
        }
      }),
    );
  });

  test.each<Mode>(["lamport", "hybrid"])("%s: are above all that a quorum has", async (mode) => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async ({ key, wall, own, highest }) => {
        const stamper = stamperOf(mode, { wall, own: at(own), highest: at(highest, "n9") });
        expect(isAbove(await stamper.next(key), at(highest, "n9"))).toBe(true);
      }),
    );
  });

  test("keys do not disturb each other", async () => {
    const world: World = { wall: 9n, own: NEVER, highest: NEVER };
    const stamper = stamperOf("last-write-wins", world);
    await stamper.next("k1");
    world.wall = 3n;
    expect((await stamper.next("k2")).at).toBe(3n);
  });

  test.each(MODES)("%s: after a restart are above its own from before", async (mode) => {
    const stamper = stamperOf(mode, { wall: 5n, own: at(5n), highest: at(5n) });
    stamper.recover("k1", at(900n, "n2"));
    stamper.recover("k1", at(300n, "n2"));
    expect((await stamper.next("k1")).at).toBe(901n);
  });

  test("a restart takes no stamp of others for its own", async () => {
    const stamper = stamperOf("last-write-wins", { wall: 5n, own: NEVER, highest: NEVER });
    stamper.recover("k1", at(900n, "n1"));
    expect((await stamper.next("k1")).at).toBe(5n);
  });
});
