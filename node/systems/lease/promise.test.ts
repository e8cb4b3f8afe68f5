import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grant, NOTHING_PROMISED, type Promised } from "./promise.ts";

/** n1 holds epoch 3 until 600. */
const promised: Promised = { epoch: 3, holder: "n1", untilMs: 600 };

describe("a request for a lease", () => {
  test.each<[string, number, string, number, boolean]>([
    ["a renewal in time", 3, "n1", 100, true],
    ["a renewal after it ran out, nobody else having asked", 3, "n1", 9000, true],
    ["the holder's next epoch, at any time", 4, "n1", 100, true],
    ["another's next epoch before the lease has run out", 4, "n2", 599.9, false],
    ["another's next epoch when it has", 4, "n2", 600, true],
    ["another's far epoch does not help while the lease runs", 99, "n2", 100, false],
    ["another's request for the same epoch, even when it ran out", 3, "n2", 9000, false],
    ["an older epoch", 2, "n2", 9000, false],
    ["an older epoch of the holder", 2, "n1", 100, false],
  ])("%s", (_what, epoch, holder, nowMs, granted) => {
    const request = { epoch, holder, durationMs: 600 };
    expect(grant(promised, request, nowMs)).toEqual(
      granted ? { epoch, holder, untilMs: nowMs + 600 } : undefined,
    );
  });

  test("to a replica that has promised nothing is granted", () => {
    const request = { epoch: 1, holder: "n2", durationMs: 600 };
    expect(grant(NOTHING_PROMISED, request, 50)).toEqual({
      epoch: 1,
      holder: "n2",
      untilMs: 650,
    });
  });
});

test("whoever asks and when: one holder an epoch, no epoch goes back, never two holders at once", () => {
  const requests = fc.array(
    fc.record({
      afterMs: fc.nat(400),
      epoch: fc.integer({ min: 1, max: 8 }),
      holder: fc.constantFrom("n1", "n2", "n3"),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(requests, fc.integer({ min: 100, max: 600 }), (all, durationMs) => {
      let nowMs = 0;
      let state = NOTHING_PROMISED;
      const holders = new Map<number, string>();
      const untilMs = new Map<string, number>();
      for (const { afterMs, epoch, holder } of all) {
        nowMs += afterMs;
        const next = grant(state, { epoch, holder, durationMs }, nowMs);
        if (next === undefined) continue;
        expect(next.epoch).toBe(epoch);
        expect(next.epoch).toBeGreaterThanOrEqual(state.epoch);
        expect(holders.get(epoch) ?? holder).toBe(holder);
        holders.set(epoch, holder);
        for (const [other, until] of untilMs)
          if (other !== holder) expect(until).toBeLessThanOrEqual(nowMs);
        untilMs.set(holder, next.untilMs);
        state = next;
      }
    }),
  );
});
