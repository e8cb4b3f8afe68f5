import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, drift, during, every, kill, pause, references, skew } from "../scenario.ts";
import type { TimelineEntry } from "./fault.ts";
import { planFaults } from "./timeline.ts";

const SECOND = 1e9;
const NAMES = ["n1", "n2", "n3"];
const {
  n1 = { name: "" },
  n2 = { name: "" },
  n3 = { name: "" },
  leader = { name: "" },
} = references(NAMES);

function plan(...timeline: readonly TimelineEntry[]) {
  return planFaults(timeline, NAMES, 10 * SECOND, 77);
}

describe("a timeline becomes planned faults", () => {
  test("during: from one time to another", () => {
    expect(plan(during("1s", "3s", skew(n3, "-500ms")))).toEqual([
      {
        id: 0,
        fromNs: SECOND,
        toNs: 3 * SECOND,
        fault: { fault: "skew", offsetNs: -500_000_000, target: "n3" },
      },
    ]);
  });

  test("at: from a time on, to the end of the run", () => {
    const [planned] = plan(at("2s", kill(n1)));
    expect(planned).toEqual({
      id: 0,
      fromNs: 2 * SECOND,
      fault: { fault: "kill", target: "n1" },
    });
    expect(planned).not.toHaveProperty("toNs");
  });

  test("every: in each period once, up to a tenth of it late, for as long as was said", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (stream, tenths) => {
        const entry = every("1s", pause(n2), { for: `${tenths * 100}ms` });
        const planned = planFaults([entry], NAMES, 10 * SECOND, stream);
        expect(planned.length).toBeGreaterThanOrEqual(8);
        for (const [index, { id, fromNs, toNs }] of planned.entries()) {
          expect(id).toBe(index);
          expect(fromNs).toBeGreaterThanOrEqual((index + 1) * SECOND);
          expect(fromNs).toBeLessThanOrEqual((index + 1.1) * SECOND);
          expect(toNs).toBe(fromNs + tenths * 1e8);
          expect(toNs).toBeLessThanOrEqual(10 * SECOND);
        }
      }),
    );
  });

  test("every: its jitter is drawn from the stream", () => {
    const times = (stream: number) =>
      planFaults([every("1s", pause(n2), { for: "100ms" })], NAMES, 10 * SECOND, stream).map(
        ({ fromNs }) => fromNs,
      );
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
    expect(new Set(times(1).map((fromNs) => fromNs % SECOND)).size).toBeGreaterThan(5);
  });

  test("two entries of the same kind are not jittered alike", () => {
    const planned = plan(
      every("1s", pause(n1), { for: "100ms" }),
      every("1s", pause(n2), { for: "100ms" }),
    );
    const of = (target: string) =>
      planned.filter(({ fault }) => fault.target === target).map(({ fromNs }) => fromNs);
    expect(of("n1")).not.toEqual(of("n2"));
  });

  test("they are numbered in the order of their beginnings, wherever they were written", () => {
    const planned = plan(
      during("5s", "6s", pause(n1)),
      at("1s", drift(n2, "200ppm")),
      during("2s", "3s", kill(n3)),
    );
    expect(planned.map(({ id, fault }) => [id, fault.fault])).toEqual([
      [0, "drift"],
      [1, "kill"],
      [2, "pause"],
    ]);
  });

  test("no entries, no faults", () => {
    expect(plan()).toEqual([]);
  });

  test("one node after another, and two nodes at a time, may be disturbed", () => {
    expect(
      plan(
        during("1s", "3s", pause(n1)),
        during("3s", "4s", kill(n1)),
        during("1s", "4s", skew(n2, "1s")),
      ),
    ).toHaveLength(3);
  });
});

describe("what can not work is refused before anything is started", () => {
  test.each<[string, readonly TimelineEntry[], RegExp]>([
    [
      "a node that there is not",
      [during("1s", "2s", pause({ name: "n9" }))],
      /pause of n9.*no such node.*n1, n2, n3/,
    ],
    [
      "an end before the beginning",
      [during("3s", "2s", kill(n1))],
      /kill of n1: ends at 2.000 s, not after its beginning at 3.000 s/,
    ],
    ["no time at all", [during("2s", "2s", kill(n1))], /not after its beginning/],
    ["a beginning before the run", [during("-1s", "2s", kill(n1))], /before the run/],
    [
      "an end after the run",
      [during("9s", "11s", kill(n1))],
      /lasts to 11.000 s, the run only to 10.000 s/,
    ],
    [
      "a beginning after the run",
      [at("11s", kill(n1))],
      /begins at 11.000 s, when the run is over/,
    ],
    ["a beginning at the very end", [at("10s", kill(n1))], /when the run is over/],
    [
      "two faults of one node at a time",
      [during("1s", "3s", skew(n1, "1s")), during("2s", "4s", pause(n1))],
      /skew of n1 and pause of n1 overlap at 2.000 s/,
    ],
    [
      "a fault after one that never ends",
      [at("1s", skew(n1, "1s")), during("5s", "6s", pause(n1))],
      /overlap at 5.000 s/,
    ],
    [
      "a fault of whoever leads while another node has one: it may be that node",
      [during("1s", "3s", pause(leader)), during("2s", "4s", pause(n2))],
      /pause of leader and pause of n2 overlap/,
    ],
    [
      "again and again without a rest",
      [every("1s", pause(n1), { for: "900ms" })],
      /every 1.000 s for 0.900 s: leaves no time to recover/,
    ],
    ["every no time", [every("0s", pause(n1), { for: "0s" })], /a period is at least 10 ms/],
  ])("%s", (_what, timeline, says) => {
    expect(() => plan(...timeline)).toThrow(says);
  });

  test("what is planned never overlaps on a node, whatever is asked for", () => {
    const entries = fc.array(
      fc.record({
        from: fc.nat(8),
        lasts: fc.integer({ min: 1, max: 3 }),
        node: fc.constantFrom(n1, n2, leader),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(entries, (all) => {
        const timeline = all.map(({ from, lasts, node }) =>
          during(`${from}s`, `${Math.min(from + lasts, 10)}s`, pause(node)),
        );
        const clash = all.some((a, i) =>
          all.some(
            (b, j) =>
              i < j &&
              a.from < b.from + b.lasts &&
              b.from < a.from + a.lasts &&
              (a.node === b.node || a.node === leader || b.node === leader),
          ),
        );
        if (clash) expect(() => plan(...timeline)).toThrow("overlap");
        else expect(plan(...timeline)).toHaveLength(all.length);
      }),
    );
  });
});
