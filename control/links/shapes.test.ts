import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { draw } from "../random.ts";
import { cutsOf, type Pair, type Shape } from "./shapes.ts";

const nodesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);

/** Whom a node hears, itself among them. */
function hears(node: string, nodes: readonly string[], cuts: readonly Pair[]): Set<string> {
  return new Set(nodes.filter((from) => !has(cuts, from, node)));
}

function has(cuts: readonly Pair[], a: string, b: string): boolean {
  return cuts.some(({ from, to }) => from === a && to === b);
}

function isSymmetric(cuts: readonly Pair[]): boolean {
  return cuts.every(({ from, to }) => has(cuts, to, from));
}

/** The groups that are left, largest last; fails where hearing is not mutual and complete within each. */
function groups(nodes: readonly string[], cuts: readonly Pair[]): string[][] {
  const views = new Map(
    nodes.map((node) => [node, [...hears(node, nodes, cuts)].sort().join(" ")]),
  );
  const found = [...new Set(views.values())].map((view) => view.split(" "));
  expect(found.flat()).toHaveLength(nodes.length);
  return found.sort((a, b) => a.length - b.length);
}

const sizes = (from: number) => fc.integer({ min: from, max: 16 });
const seeds = fc.integer();

function each(
  least: number,
  check: (nodes: string[], cut: (shape: Shape, leader?: string) => Pair[]) => void,
): void {
  fc.assert(
    fc.property(sizes(least), seeds, (count, seed) => {
      const nodes = nodesOf(count);
      check(nodes, (shape, leader) => cutsOf(shape, nodes, draw(seed, 0), leader));
    }),
  );
}

describe("shapes", () => {
  test("any: pairs of two known nodes, each once, in the order of the nodes; the same for the same seed", () => {
    const shapes: Shape[] = [
      { shape: "halves" },
      { shape: "random-halves" },
      { shape: "isolate" },
      { shape: "isolate", node: "n2" },
      { shape: "leader-from-the-rest" },
      { shape: "majority-minority" },
      { shape: "majorities-ring" },
      { shape: "bridge" },
      { shape: "one-way", from: ["n1"], to: ["n2", "n3", "n1"] },
      { shape: "grudges", grudges: { n1: ["n2", "n3"], n3: ["n1"] } },
    ];
    fc.assert(
      fc.property(sizes(3), seeds, fc.constantFrom(...shapes), (count, seed, shape) => {
        const nodes = nodesOf(count);
        const cuts = cutsOf(shape, nodes, draw(seed, 0), "n3");
        const places = cuts.map(({ from, to }) => nodes.indexOf(from) * 100 + nodes.indexOf(to));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        for (const { from, to } of cuts) {
          expect(nodes).toContain(from);
          expect(nodes).toContain(to);
          expect(from).not.toBe(to);
        }
        expect(cutsOf(shape, nodes, draw(seed, 0), "n3")).toEqual(cuts);
      }),
    );
  });

  test("halves: two groups, as equal as can be, in order", () => {
    each(2, (nodes, cut) => {
      const half = Math.floor(nodes.length / 2);
      const cuts = cut({ shape: "halves" });
      expect(groups(nodes, cuts).map((group) => group.length)).toEqual([half, nodes.length - half]);
      expect(hears("n1", nodes, cuts)).toEqual(new Set(nodes.slice(0, half)));
      expect(isSymmetric(cuts)).toBe(true);
    });
  });

  test("random halves: two groups, as equal as can be; all splits come up", () => {
    each(2, (nodes, cut) => {
      const half = Math.floor(nodes.length / 2);
      const found = groups(nodes, cut({ shape: "random-halves" }));
      expect(found.map((group) => group.length)).toEqual([half, nodes.length - half]);
    });
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++)
      seen.add(JSON.stringify(cutsOf({ shape: "random-halves" }, nodesOf(4), draw(seed, 0))));
    expect(seen.size).toBe(3);
  });

  test("isolate: one alone, all others together; unnamed, it may be any", () => {
    each(2, (nodes, cut) => {
      const [alone, rest] = groups(nodes, cut({ shape: "isolate" }));
      expect([alone?.length, rest?.length]).toEqual([1, nodes.length - 1]);
      const named = cut({ shape: "isolate", node: "n2" });
      expect(hears("n2", nodes, named)).toEqual(new Set(["n2"]));
      expect(named).toHaveLength(2 * (nodes.length - 1));
      expect(cut({ shape: "leader-from-the-rest" }, "n2")).toEqual(named);
    });
    const alone = new Set<string>();
    for (let seed = 0; seed < 100; seed++)
      alone.add(
        groups(nodesOf(5), cutsOf({ shape: "isolate" }, nodesOf(5), draw(seed, 0)))[0]?.[0] ?? "",
      );
    expect([...alone].sort()).toEqual(nodesOf(5));
  });

  test("majority and minority: the largest minority there is", () => {
    each(3, (nodes, cut) => {
      const [minority, majority] = groups(nodes, cut({ shape: "majority-minority" }));
      expect(majority?.length).toBe(Math.floor(nodes.length / 2) + 1);
      expect((minority?.length ?? 0) + (majority?.length ?? 0)).toBe(nodes.length);
    });
  });

  test("majorities ring: each hears a majority, no two the same, and nobody hears all where more than three are", () => {
    each(3, (nodes, cut) => {
      const cuts = cut({ shape: "majorities-ring" });
      const views = nodes.map((node) => hears(node, nodes, cuts));
      for (const [index, view] of views.entries()) {
        expect(view.size).toBeGreaterThan(nodes.length / 2);
        expect(view.size).toBeLessThanOrEqual(Math.floor(nodes.length / 2) + 2);
        if (nodes.length > 3) expect(view.size).toBeLessThan(nodes.length);
        expect(view.has(nodes[index] ?? "")).toBe(true);
      }
      expect(new Set(views.map((view) => [...view].sort().join())).size).toBe(nodes.length);
      expect(isSymmetric(cuts)).toBe(true);
    });
  });

  test("bridge: one hears all and is heard by all; the others are two halves", () => {
    each(3, (nodes, cut) => {
      const cuts = cut({ shape: "bridge", node: "n3" });
      expect(hears("n3", nodes, cuts).size).toBe(nodes.length);
      expect(cuts.every(({ from, to }) => from !== "n3" && to !== "n3")).toBe(true);
      const rest = nodes.filter((node) => node !== "n3");
      const half = Math.floor(rest.length / 2);
      expect(groups(rest, cuts).map((group) => group.length)).toEqual([half, rest.length - half]);
    });
  });

  test("one way: that way and no other", () => {
    const cuts = cutsOf(
      { shape: "one-way", from: ["n1", "n2"], to: ["n2", "n3"] },
      nodesOf(4),
      draw(1, 0),
    );
    expect(cuts.map(({ from, to }) => `${from}>${to}`)).toEqual(["n1>n2", "n1>n3", "n2>n3"]);
  });

  test("grudges: who bears one does not hear; the other way stays open", () => {
    const grudges = { n1: ["n2", "n3"], n3: ["n1"] };
    const cuts = cutsOf({ shape: "grudges", grudges }, nodesOf(3), draw(1, 0));
    expect(cuts.map(({ from, to }) => `${from}>${to}`)).toEqual(["n1>n3", "n2>n1", "n3>n1"]);
  });
});

describe("what makes no sense is an error", () => {
  test.each<[Shape, number, RegExp]>([
    [{ shape: "isolate", node: "n9" }, 3, /there is no node n9, only n1, n2, n3/],
    [{ shape: "one-way", from: ["n1"], to: ["n9"] }, 3, /no node n9/],
    [{ shape: "one-way", from: ["n1"], to: ["n1"] }, 3, /cuts no link/],
    [{ shape: "one-way", from: [], to: ["n1"] }, 3, /cuts no link/],
    [{ shape: "grudges", grudges: { n9: ["n1"] } }, 3, /no node n9/],
    [{ shape: "grudges", grudges: { n1: ["constructor"] } }, 3, /no node constructor/],
    [{ shape: "grudges", grudges: {} }, 3, /cuts no link/],
    [{ shape: "leader-from-the-rest" }, 3, /nobody leads/],
    [{ shape: "majorities-ring" }, 2, /three nodes/],
    [{ shape: "majority-minority" }, 2, /cuts no link between 2 nodes/],
    [{ shape: "bridge" }, 2, /cuts no link/],
    [{ shape: "halves" }, 1, /cuts no link/],
    [{ shape: "isolate" }, 1, /cuts no link/],
    [{ shape: "isolate" }, 0, /no nodes/],
  ])("%j of %i", (shape, count, message) => {
    const cut = (): unknown => cutsOf(shape, nodesOf(count), draw(1, 0));
    expect(cut).toThrow(UsageError);
    expect(cut).toThrow(message);
  });

  test("a node named twice", () => {
    expect(() => cutsOf({ shape: "halves" }, ["a", "a"], draw(1, 0))).toThrow(/named twice/);
  });
});
