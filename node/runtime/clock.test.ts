import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ClockSetting, TRUE_CLOCK } from "../../proto/node-start.ts";
import { Clock } from "./clock.ts";

const MS = 1_000_000n;
const WALL = 1_700_000_000_000_000_000n;

/** True time as the test tells it; setTimeout goes along with it, a millisecond at a time. */
let trueNs = 0n;

function clockWith(settings: { wall?: ClockSetting; monotonic?: ClockSetting } = {}): Clock {
  return new Clock({ epoch: { trueNs, wallNs: WALL }, ...settings, readTrue: () => trueNs });
}

function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    trueNs += MS;
    vi.advanceTimersByTime(1);
  }
}

beforeEach(() => {
  trueNs = 5_000n * MS;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the wall clock", () => {
  test("shows the run's true wall time while nobody disturbs it", () => {
    const clock = clockWith();
    expect(clock.wallNow()).toBe(WALL);
    trueNs += 123n;
    expect(clock.wallNow()).toBe(WALL + 123n);
  });

  test("is wrong by its offset, from the start or from the moment it is set", () => {
    expect(clockWith({ wall: { ...TRUE_CLOCK, offsetNs: "-500" } }).wallNow()).toBe(WALL - 500n);
    const clock = clockWith();
    clock.setWall({ ...TRUE_CLOCK, offsetNs: "700" });
    expect(clock.wallNow()).toBe(WALL + 700n);
  });

  test("an offset is from the truth, not from the offset before", () => {
    const clock = clockWith();
    clock.setWall({ ...TRUE_CLOCK, offsetNs: "700" });
    clock.setWall({ ...TRUE_CLOCK, offsetNs: "100" });
    expect(clock.wallNow()).toBe(WALL + 100n);
    clock.setWall(TRUE_CLOCK);
    expect(clock.wallNow()).toBe(WALL);
  });

  test("may step back", () => {
    const clock = clockWith();
    const before = clock.wallNow();
    clock.setWall({ ...TRUE_CLOCK, offsetNs: String(-3600n * 1000n * MS) });
    expect(clock.wallNow()).toBe(before - 3600n * 1000n * MS);
  });

  test("runs at its rate from the moment it is set on, and true again after it was healed", () => {
    const clock = clockWith();
    trueNs += 1000n * MS;
    clock.setWall({ ...TRUE_CLOCK, rate: 1.0002 });
    trueNs += 1000n * MS;
    expect(clock.wallNow()).toBe(WALL + 2000n * MS + 200_000n);
    clock.setWall(TRUE_CLOCK);
    expect(clock.wallNow()).toBe(WALL + 2000n * MS);
  });

  test("stands still at rate 0", () => {
    const clock = clockWith();
    clock.setWall({ ...TRUE_CLOCK, rate: 0 });
    trueNs += 10_000n * MS;
    expect(clock.wallNow()).toBe(WALL);
  });

  test("shows multiples of its resolution", () => {
    const clock = clockWith({ wall: { ...TRUE_CLOCK, resolutionNs: String(10n * MS) } });
    trueNs += 19n * MS;
    expect(clock.wallNow()).toBe(WALL + 10n * MS);
    trueNs += MS;
    expect(clock.wallNow()).toBe(WALL + 20n * MS);
  });

  test("does not move the monotonic clock", () => {
    const clock = clockWith();
    const before = clock.monotonicNow();
    clock.setWall({ offsetNs: "99999999", rate: 3, resolutionNs: "1" });
    expect(clock.monotonicNow()).toBe(before);
  });
});

test("all clocks can be read at one instant, the true ones among them", () => {
  const clock = clockWith({ wall: { ...TRUE_CLOCK, offsetNs: "-500" } });
  trueNs += 5n;
  expect(clock.read()).toEqual({
    trueNs,
    wallNs: WALL + 5n - 500n,
    monotonicNs: trueNs,
    trueWallNs: WALL + 5n,
  });
  expect(clock.trueNow()).toBe(trueNs);
});

type Action = { readonly passMs: number } | { readonly set: ClockSetting };

const actions = fc.array(
  fc.oneof(
    fc.record({ passMs: fc.integer({ min: 1, max: 40 }) }),
    fc.record({
      set: fc.record({
        offsetNs: fc.integer({ min: -50, max: 50 }).map((ms) => String(BigInt(ms) * MS)),
        rate: fc.constantFrom(0, 0.25, 0.5, 1, 1.0002, 3),
        resolutionNs: fc.constantFrom("1", "1000000", "7000000"),
      }),
    }),
  ) as fc.Arbitrary<Action>,
  { maxLength: 15 },
);

function act(clock: Clock, action: Action): void {
  if ("passMs" in action) pass(action.passMs);
  else clock.setMonotonic(action.set);
}

describe("the monotonic clock", () => {
  test("never goes back, however it is set", () => {
    fc.assert(
      fc.property(actions, (all) => {
        const clock = clockWith();
        let last = clock.monotonicNow();
        for (const action of all) {
          act(clock, action);
          const now = clock.monotonicNow();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(clock.read().monotonicNs).toBe(now);
          last = now;
        }
      }),
    );
  });

  test("waits where it was set back to, until it is past what it has shown", () => {
    const clock = clockWith();
    const shown = clock.monotonicNow();
    clock.setMonotonic({ ...TRUE_CLOCK, offsetNs: String(-10n * MS) });
    trueNs += 9n * MS;
    expect(clock.monotonicNow()).toBe(shown);
    trueNs += 2n * MS;
    expect(clock.monotonicNow()).toBe(shown + MS);
  });

  test("is told in milliseconds with their fraction", () => {
    trueNs = 1_500_000n;
    expect(clockWith().monotonicMs()).toBe(1.5);
  });
});

describe("timers follow the node's monotonic clock", () => {
  /** Whether the timer has fired, as a function. */
  function timer(clock: Clock, delayMs: number): () => boolean {
    let fired = 0;
    clock.after(delayMs, () => {
      fired += 1;
    });
    return () => {
      expect(fired).toBeLessThanOrEqual(1);
      return fired === 1;
    };
  }

  test("and fire when it has gone on by the delay, not before", () => {
    const fired = timer(clockWith(), 100);
    pass(99);
    expect(fired()).toBe(false);
    pass(1);
    expect(fired()).toBe(true);
    pass(500);
    expect(fired()).toBe(true);
  });

  test("twice as fast, they fire after half the true time", () => {
    const fired = timer(clockWith({ monotonic: { ...TRUE_CLOCK, rate: 2 } }), 100);
    pass(49);
    expect(fired()).toBe(false);
    pass(1);
    expect(fired()).toBe(true);
  });

  test("also when the rate changes on the way", () => {
    const clock = clockWith();
    const fired = timer(clock, 100);
    pass(50);
    clock.setMonotonic({ ...TRUE_CLOCK, rate: 0.5 });
    pass(99);
    expect(fired()).toBe(false);
    pass(1);
    expect(fired()).toBe(true);
  });

  test("a frozen clock fires nothing; thawed, it goes on where it was", () => {
    const clock = clockWith();
    const fired = timer(clock, 100);
    pass(40);
    clock.setMonotonic({ ...TRUE_CLOCK, rate: 0 });
    pass(10_000);
    expect(fired()).toBe(false);
    // The monotonic clock stood still for 10 s and is set to what it would show had it run on from there.
    clock.setMonotonic({ ...TRUE_CLOCK, offsetNs: String(-10_000n * MS) });
    pass(59);
    expect(fired()).toBe(false);
    pass(1);
    expect(fired()).toBe(true);
  });

  test("a clock that jumps ahead fires what has fallen due", () => {
    const clock = clockWith();
    const fired = timer(clock, 5000);
    clock.setMonotonic({ ...TRUE_CLOCK, offsetNs: String(5000n * MS) });
    pass(1);
    expect(fired()).toBe(true);
  });

  test("a very slow clock waits very long: no timer overflows and fires at once", () => {
    const clock = clockWith({ monotonic: { ...TRUE_CLOCK, rate: 1e-9 } });
    const fired = timer(clock, 1000);
    const set = vi.spyOn(globalThis, "setTimeout");
    pass(100);
    expect(fired()).toBe(false);
    expect(set).not.toHaveBeenCalled();
    set.mockRestore();
  });

  test("whatever is done to the clock: never early, and soon after it is due", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), actions, (delayMs, all) => {
        const clock = clockWith();
        const due = clock.monotonicNow() + BigInt(delayMs) * MS;
        let firedAt: bigint | undefined;
        clock.after(delayMs, () => {
          firedAt = clock.monotonicNow();
        });
        for (const action of all) {
          act(clock, action);
          // Timers have a millisecond's grain, and look again after setting.
          if (!("passMs" in action)) pass(2);
          if (firedAt !== undefined) expect(firedAt).toBeGreaterThanOrEqual(due);
          else expect(clock.monotonicNow()).toBeLessThan(due + 7n * MS);
        }
        clock.stop();
      }),
    );
  });

  test("sleep resolves at once for no time, and otherwise when its timer fires", async () => {
    const clock = clockWith();
    await clock.sleep(0);
    await clock.sleep(-5);
    let awake = false;
    const sleeping = clock.sleep(10).then(() => {
      awake = true;
    });
    pass(9);
    await Promise.resolve();
    expect(awake).toBe(false);
    pass(1);
    await sleeping;
    expect(awake).toBe(true);
  });

  test("one that was called off does not fire", () => {
    const clock = clockWith();
    let fired = false;
    const callOff = clock.after(10, () => {
      fired = true;
    });
    callOff();
    clock.setMonotonic({ ...TRUE_CLOCK, rate: 2 });
    pass(100);
    expect(fired).toBe(false);
  });

  test("stop calls off all of them", () => {
    const clock = clockWith();
    const fired = [timer(clock, 1), timer(clock, 5), timer(clock, 50)];
    pass(1);
    clock.stop();
    pass(1000);
    expect(fired.map((one) => one())).toEqual([true, false, false]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("without a reader of its own it reads CLOCK_MONOTONIC", () => {
  const clock = new Clock({ epoch: { trueNs: 0n, wallNs: 0n } });
  const before = process.hrtime.bigint();
  const shown = clock.trueNow();
  expect(shown).toBeGreaterThanOrEqual(before);
  expect(shown).toBeLessThanOrEqual(process.hrtime.bigint());
});
