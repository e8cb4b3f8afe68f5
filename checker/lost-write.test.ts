import { describe, expect, test } from "vitest";
import type { History, Seen } from "../proto/history.ts";
import { type Operation, operationsOf } from "../proto/operation.ts";
import { check } from "./check.ts";
import { lostWrites } from "./lost-write.ts";
import { simulateLastWriteWins } from "./testdata/last-write-wins.ts";
import { fault, finalRead, note, type Part, read, stage, story, write } from "./testdata/story.ts";

function judgeHistory(history: History) {
  const [result] = check(history, [lostWrites()]).checks;
  if (result === undefined) throw new Error("one check was asked for");
  return result;
}

const judged = (...parts: Part[]) => judgeHistory(story(...parts));

/** A stamp of a node's wall clock at `ms` after the run began, by that clock. */
function wall(by: string, ms: number): Seen {
  return {
    stamp: `${1_700_000_000_000_000_003n + BigInt(Math.round(ms * 1e6))}`,
    by,
    clock: "wall",
  };
}

const logical = (by: string, count: number): Seen => ({ stamp: `${count}`, by, clock: "logical" });

describe("Designing Data-Intensive Applications, figure 8-3", () => {
  // A writes x=1 at n1 (42.004); B reads it and writes x=2 at n3, whose clock says 42.003. The
  // times are true times.
  const a = write(1, 42_000, 42_001, { process: 1, node: "n1", seen: wall("n1", 42_004) });
  const readByB = read(1, 42_002, 42_003, { process: 2, node: "n3", seen: wall("n1", 42_004) });
  const b = write(2, 42_004, 42_005, { process: 2, node: "n3", seen: wall("n3", 42_003) });
  const last = finalRead(1, 43_000, 43_001, { process: 3, node: "n2", seen: wall("n1", 42_004) });

  test("the later write is lost, and the clocks are to blame by what is provable", () => {
    const result = judged(a, readByB, b, fault("clock", "n3", 41_000, 42_500), last);
    expect(result.verdict).toBe("invalid");
    expect(result.found).toEqual({ "lost-write": 1 });
    const [anomaly] = result.anomalies;
    expect(anomaly).toMatchObject({
      class: "never visible",
      grade: "proven",
      key: "x",
      nodes: ["n1", "n2", "n3"],
    });
    expect(anomaly?.operations).toEqual([1, 5, 8]);
    // The stamps differ by 1 ms, and at least 3 ms of true time lay between the two: n1 was ahead
    // by 4 to 6 ms.
    expect(anomaly?.cause).toEqual({
      kind: "clock",
      text: "n1's clock was ahead of n3's by at least 4.0 ms",
      skew: { ahead: "n1", behind: "n3", atLeastNs: 4_000_000, atMostNs: 6_000_000 },
    });
    expect(anomaly?.summary).toBe(
      "n3 acknowledged write 2 to x at 42.005 s, but it was never visible: the older write 1 (n1, acknowledged at 42.001 s) carries a newer timestamp, because n1's clock was ahead of n3's by at least 4.0 ms.",
    );
    expect(anomaly?.because).toEqual([
      "Write 1 (op 1, process 1, n1) to x was in effect: it was acknowledged at 42.001 s with the stamp 1700000042004000003 of n1.",
      "Write 2 (op 5, process 2, n3) to x was invoked at 42.004 s, so it came after 1, and was acknowledged at 42.005 s with the stamp 1700000042003000003 of n3.",
      "The later write carries the older stamp, by 1.0 ms: every replica that knows both keeps 1.",
      "A final read of x (op 8, process 3, n2) was invoked at 43.000 s, after that acknowledgement, and returned 1.",
      "No read ever returned 2.",
      "1 must come before 2, and 2 before the read, but the read returned 1: the acknowledged write was undone.",
      "Cause: n1's clock was ahead of n3's by at least 4.0 ms.",
      "Faults meanwhile: clock on n3 from 41.000 s to 42.500 s.",
      "It would have been kept had its stamp been newer than 1700000042004000003.",
    ]);
    expect(result.facts["blackHoles"]).toEqual([
      { ahead: "n1", behind: "n3", lost: 1, fromNs: 42_005e6, toNs: 42_005e6 },
    ]);
  });

  test("an ordinary read suffices, because the stamps prove that the write cannot come back", () =>
    expect(judged(a, b, read(1, 42_100, 42_101)).found).toEqual({ "lost-write": 1 }));

  test("the older write may be of unknown outcome, when it was read", () => {
    const unanswered = write(1, 42_000, 0, { status: "info", node: "n1" });
    expect(judged(unanswered, readByB, b, last).found).toEqual({ "lost-write": 1 });
  });

  test("no skew, no loss", () => {
    const later = write(2, 42_004, 42_005, { node: "n3", seen: wall("n3", 42_004.5) });
    expect(judged(a, readByB, later, finalRead(2, 43_000, 43_001)).verdict).toBe("valid");
  });

  test("B increments at n1: one clock, no loss", () => {
    const later = write(2, 42_004, 42_005, { node: "n1", seen: wall("n1", 42_008) });
    expect(judged(a, readByB, later, finalRead(2, 43_000, 43_001)).verdict).toBe("valid");
  });

  test("concurrent writes: the drop is the resolution's right, and counted", () => {
    const concurrent = write(2, 42_000.5, 42_005, { node: "n3", seen: wall("n3", 42_003) });
    const result = judged(a, concurrent, last);
    expect(result).toMatchObject({ verdict: "valid", found: {}, anomalies: [] });
    expect(result.facts).toMatchObject({ droppedConcurrent: 1, doomed: 0 });
  });
});

describe("without an inversion of stamps only a final read accuses", () => {
  const [w1, w2] = [write(1, 0, 1, { node: "n1" }), write(2, 2, 3, { node: "n2" })];

  test("a stale read is no lost write", () =>
    expect(judged(w1, w2, read(1, 4, 5), finalRead(2, 6, 7)).verdict).toBe("valid"));
  test("a final read of the older value is, and not the clock's doing", () => {
    const result = judged(w1, w2, finalRead(1, 6, 7));
    expect(result.verdict).toBe("invalid");
    expect(result.anomalies[0]?.cause?.kind).toBe("unknown");
    expect(result.anomalies[0]?.summary).toContain("came back, and not by its timestamp");
  });
  test("so is a final read that finds nothing", () => {
    const [anomaly] = judged(w1, finalRead(null, 6, 7)).anomalies;
    expect(anomaly?.operations).toEqual([0, 2]);
    expect(anomaly?.summary).toContain("the key reads as never written");
  });
  test("a final read elsewhere that still returns it makes it a loss on some replicas", () => {
    const [anomaly] = judged(
      w1,
      w2,
      finalRead(1, 6, 7),
      finalRead(2, 8, 9, { node: "n3" }),
    ).anomalies;
    expect(anomaly?.class).toBe("lost on some replicas");
  });
  test("a final read before the heal is none", () =>
    expect(judged(w1, w2, finalRead(1, 6, 7), stage("heal", 8), finalRead(2, 9, 10)).verdict).toBe(
      "valid",
    ));
  test("a final read that began before the acknowledgement proves nothing", () =>
    expect(judged(w1, write(2, 2, 6.5), finalRead(1, 6, 7), finalRead(2, 8, 9)).verdict).toBe(
      "valid",
    ));
  test("the newer stamp on the lost write acquits the clocks", () => {
    const stamped = [
      write(1, 0, 1, { node: "n1", seen: wall("n1", 0.5) }),
      write(2, 2, 3, { node: "n2", seen: wall("n2", 2.5) }),
    ];
    const [anomaly] = judged(...stamped, finalRead(1, 6, 7)).anomalies;
    expect(anomaly?.cause).toMatchObject({ kind: "unknown" });
    expect(anomaly?.cause?.text).toContain("newer stamp");
  });
});

describe("causes other than two clocks", () => {
  const causeOf = (first: Seen, second: Seen, ...more: Part[]) =>
    judged(
      write(1, 1000, 1001, { node: "n1", seen: first }),
      write(2, 1010, 1011, { node: "n3", seen: second }),
      ...more,
      finalRead(1, 2000, 2001),
    ).anomalies[0]?.cause;

  test("a tie", () => {
    const { anomalies, facts } = judged(
      write(1, 1000, 1001, { node: "n3", seen: wall("n3", 1000) }),
      write(2, 1010, 1011, { node: "n1", seen: wall("n1", 1000) }),
      finalRead(1, 2000, 2001),
    );
    const [anomaly] = anomalies;
    expect(facts).toMatchObject({ lost: 1, doomed: 0 });
    expect(anomaly?.cause?.kind).toBe("tie");
    expect(anomaly?.summary).toContain("carries the same timestamp, and the tie went to it");
  });
  test("a logical clock that had not heard", () =>
    expect(causeOf(logical("n1", 9), logical("n3", 4))).toMatchObject({ kind: "logical" }));
  test("one clock, set back", () => {
    const cause = causeOf(wall("n1", 1000), wall("n1", 900));
    expect(cause).toMatchObject({ kind: "clock", text: expect.stringContaining("set back") });
    expect(cause).not.toHaveProperty("skew");
  });
  test("stamps so close in true time that right clocks could have given them", () => {
    const { anomalies } = judged(
      write(1, 1000, 1100, { node: "n1", seen: wall("n1", 1010) }),
      read(1, 1020, 1030),
      write(2, 1040, 1041, { node: "n3", seen: wall("n3", 1005) }),
      finalRead(1, 2000, 2001),
    );
    expect(anomalies[0]?.cause?.kind).toBe("unknown");
    expect(anomalies[0]?.cause?.text).toContain("not proven that the clocks differed");
  });
  test("stamps that do not say what they count", () =>
    expect(causeOf({ stamp: "9", by: "n1" }, { stamp: "4", by: "n3" })?.kind).toBe("unknown"));
  test("a stamp that counts on from the one before it is no reading of a clock", () => {
    const before = write(7, 900, 901, { key: "y", node: "n1", seen: wall("n1", 1500) });
    const counted = { ...wall("n1", 1500), stamp: `${BigInt(wall("n1", 1500).stamp ?? 0) + 1n}` };
    expect(causeOf(counted, wall("n3", 1010.5), before)?.kind).toBe("unknown");
  });
  test("a coarse clock is not accused of more than it can be", () => {
    // Both tell only whole 10 ms. n1 is right; n3 is 11 ms behind and says 990 at 1010. Taken as
    // exact, these stamps would prove 19 ms.
    const coarse = (by: string, ms: number): Seen => ({ stamp: `${ms}000000`, by, clock: "wall" });
    expect(causeOf(coarse("n1", 1000), coarse("n3", 990))?.skew?.atLeastNs).toBe(9_000_001);
  });
});

describe("what tightens and what must not tighten the bound", () => {
  const slow = [
    write(1, 1000, 1050, { node: "n1", seen: wall("n1", 1525) }),
    write(2, 1060, 1110, { node: "n3", seen: wall("n3", 1085) }),
    finalRead(1, 2000, 2001),
  ];
  const quick = write(9, 1200, 1201, { key: "y", node: "n1", seen: wall("n1", 1700.5) });
  const final = finalRead(9, 2000, 2001, { key: "y" });
  const width = (...parts: Part[]): number => {
    const skew = judged(...slow, ...parts).anomalies[0]?.cause?.skew;
    return (skew?.atMostNs ?? 0) - (skew?.atLeastNs ?? 0);
  };
  test("a neighbour does", () => {
    expect(width()).toBe(100_000_000);
    expect(width(quick, final)).toBe(51_000_000);
  });
  test("a neighbour beyond a change of the clock does not", () =>
    expect(width(quick, final, note("n1", 1100, { kind: "clock", offsetNs: 5e8, rate: 1 }))).toBe(
      100_000_000,
    ));
  test("nor does one whose stamp only counts on from another", () => {
    const neutral = write(8, 1200, 1250, { key: "y", node: "n1", seen: wall("n1", 1725) });
    const stamp = `${BigInt(wall("n1", 1725).stamp ?? 0) + 1n}`;
    const counting = write(9, 1240, 1241, {
      key: "y",
      node: "n1",
      seen: { ...wall("n1", 0), stamp },
    });
    expect(width(neutral, counting, final)).toBe(100_000_000);
  });
  test("nor does anything beyond a neighbour that disagrees", () => {
    const set = write(8, 1200, 1201, { key: "y", node: "n1", seen: wall("n1", 1300.5) });
    const again = write(9, 1300, 1301, { key: "y", node: "n1", seen: wall("n1", 1800.5) });
    expect(width(set, again, final)).toBe(100_000_000);
  });
  test("nor does one of a clock that drifts", () =>
    expect(width(quick, final, note("n1", 10, { kind: "clock", offsetNs: 5e8, rate: 1.01 }))).toBe(
      100_000_000,
    ));
});

describe("what cannot be judged is unknown", () => {
  test("no stamps and no final reads", () =>
    expect(judged(write(1, 0, 1), read(1, 2, 3))).toMatchObject({
      verdict: "unknown",
      reason: "no final read and no stamps: a loss could not have been seen",
    }));
  test("a key with a repeated value, unless another key shows a loss", () => {
    const repeated = [write(1, 0, 1, { key: "y" }), write(1, 2, 3, { key: "y" })];
    const sound = [write(1, 0, 1), finalRead(1, 6, 7)];
    const lost = [write(1, 0, 1), write(2, 2, 3), finalRead(1, 6, 7)];
    expect(judged(...repeated, ...sound)).toMatchObject({
      verdict: "unknown",
      facts: { skippedKeys: ["y"] },
    });
    expect(judged(...repeated, ...lost).verdict).toBe("invalid");
  });
  test("a doomed write that no final read tells of", () => {
    const doomed = [
      write(1, 0, 1, { node: "n1", seen: wall("n1", 9) }),
      write(2, 2, 3, { node: "n3", seen: wall("n3", 2.5) }),
    ];
    expect(judged(...doomed)).toMatchObject({
      verdict: "unknown",
      facts: { doomedUnconfirmed: 1 },
    });
    expect(judged(...doomed, finalRead(2, 6, 7)).verdict).toBe("valid");
  });
});

test("all losses are counted, the five shortest told", () => {
  const parts = [write(0, 0, 1, { node: "n1", seen: wall("n1", 500) })];
  for (let i = 1; i <= 8; i++)
    parts.push(write(i, i * 10, i * 10 + 1, { node: "n3", seen: wall("n3", i * 10) }));
  const result = judged(...parts, read(0, 100, 101), finalRead(0, 600, 601));
  expect(result.found).toEqual({ "lost-write": 8 });
  expect(result.anomalies).toHaveLength(5);
  expect(result.facts["blackHoles"]).toEqual([
    { ahead: "n1", behind: "n3", lost: 8, fromNs: 11e6, toNs: 81e6 },
  ]);
});

describe("simulated last write wins", () => {
  test("without skew: not one accusation in 200 runs", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const history = simulateLastWriteWins({
        seed,
        offsets: { n1: 0, n2: 0, n3: 0 },
        operations: 120,
      });
      expect(judgeHistory(history), `seed ${seed}`).toMatchObject({
        verdict: "valid",
        facts: { doomed: 0 },
      });
    }
  });

  test("with skew: losses are found, and every interval contains the true difference of the clocks", () => {
    let told = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const offsets: Record<string, number> = {
        n1: (seed % 7) * 3_000_000,
        n2: 0,
        n3: -(seed % 5) * 4_000_000,
      };
      const history = simulateLastWriteWins({ seed, offsets, operations: 120 });
      const result = judgeHistory(history);
      expect(result.found["lost-write"] ?? 0, `seed ${seed}`).toBe(lostByDefinition(history));
      for (const { cause } of result.anomalies) {
        expect(cause?.kind, `seed ${seed}`).toBe("clock");
        const skew = cause?.skew;
        if (skew === undefined) throw new Error(`seed ${seed}: a cause without an interval`);
        const truth = (offsets[skew.ahead] ?? 0) - (offsets[skew.behind] ?? 0);
        expect(skew.atLeastNs, `seed ${seed}`).toBeLessThanOrEqual(truth);
        expect(skew.atMostNs, `seed ${seed}`).toBeGreaterThanOrEqual(truth);
        expect(skew.atLeastNs, `seed ${seed}`).toBeGreaterThan(0);
        told++;
      }
    }
    expect(told).toBeGreaterThan(300);
  });
});

/** Losses by comparing everything with everything. */
function lostByDefinition(history: History): number {
  const operations = operationsOf(history);
  const stamps = (op: Operation): bigint => BigInt(op.seen?.stamp ?? 0);
  const reads = operations.filter(({ f }) => f === "read");
  const writes = operations.filter(({ f }) => f === "write");
  const inEffectBefore = (first: Operation, then: Operation): boolean =>
    [first, ...reads.filter(({ output }) => output === first.input)].some(
      ({ completed }) => completed !== undefined && completed < then.id,
    );
  const sourceOf = (read: Operation) => writes.find(({ input }) => input === read.output);
  return writes.filter((write) => {
    const after = reads.filter(({ id }) => id > (write.completed ?? Number.POSITIVE_INFINITY));
    const isOlder = (read: Operation): boolean => {
      const source = sourceOf(read);
      return read.output === null || (source !== undefined && inEffectBefore(source, write));
    };
    const finals = after.filter(({ final }) => final);
    if (!finals.some(isOlder) && finals.some((read) => sourceOf(read) === write)) return false;
    return after.some((read) => {
      const source = sourceOf(read);
      const inverted = source !== undefined && stamps(write) < stamps(source);
      return isOlder(read) && (read.final || inverted);
    });
  }).length;
}
