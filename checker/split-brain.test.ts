import { describe, expect, test } from "vitest";
import type { Seen } from "../proto/history.ts";
import { check } from "./check.ts";
import { splitBrain } from "./split-brain.ts";
import { fault, note, type Part, read, story, write } from "./testdata/story.ts";

function judged(...parts: Part[]) {
  const [result] = check(story(...parts), [splitBrain()]).checks;
  if (result === undefined) throw new Error("one check was asked for");
  return result;
}

const lead = (node: string, epoch: number, at: number): Part =>
  note(node, at, { kind: "leader-start", epoch });
const step = (node: string, epoch: number, at: number): Part =>
  note(node, at, { kind: "leader-end", epoch, why: "a newer epoch" });
const accept = (node: string, at: number, epoch: number, highest: number, request: string): Part =>
  note(node, at, { kind: "accept", epoch, highest, leader: "n1", request });
const by = (served: string, epoch: number): { seen: Seen; node: string } => ({
  seen: { epoch, served },
  node: served,
});

describe("sound leadership", () => {
  test("one leader after another", () => {
    const result = judged(
      lead("n1", 1, 0),
      write(1, 10, 20, by("n1", 1)),
      step("n1", 1, 30),
      lead("n2", 2, 40),
      write(2, 50, 60, by("n2", 2)),
    );
    expect(result).toMatchObject({ verdict: "valid", found: {}, anomalies: [] });
    expect(result.facts["leaders"]).toEqual([
      { node: "n1", epoch: 1, fromNs: 0, untilNs: 30e6 },
      { node: "n2", epoch: 2, fromNs: 40e6, untilNs: 60e6 - 10e6 },
    ]);
  });

  test("a late answer of the old leader to work that was accepted before the takeover", () => {
    const result = judged(
      lead("n1", 1, 0),
      fault("pause", "n1", 15, 80),
      accept("n2", 14, 1, 1, "r1"),
      lead("n2", 2, 40),
      write(2, 50, 60, by("n2", 2)),
      write(1, 10, 90, { ...by("n1", 1), request: "r1" }),
    );
    expect(result).toMatchObject({ verdict: "valid", found: {} });
  });

  test("a replica that had promised a newer epoch to a candidate who never came to lead", () => {
    const result = judged(
      lead("n1", 1, 0),
      accept("n3", 20, 1, 2, "r1"),
      write(1, 10, 30, { ...by("n1", 1), request: "r1" }),
      lead("n2", 3, 40),
      write(2, 50, 60, by("n2", 3)),
    );
    expect(result).toMatchObject({ verdict: "valid", found: {} });
  });

  test("an old leader that answers an operation invoked before the first answer of the new one", () => {
    const result = judged(
      lead("n2", 2, 40),
      write(2, 50, 60, by("n2", 2)),
      read(1, 59, 61, by("n1", 1)),
    );
    expect(result).toMatchObject({ verdict: "valid", found: {} });
  });

  test("the same node that led before, in a newer epoch", () =>
    expect(judged(write(2, 50, 60, by("n1", 2)), read(1, 70, 80, by("n1", 1)))).toMatchObject({
      verdict: "valid",
    }));

  test("an operation of the old epoch that failed or has no known outcome", () => {
    const seen = by("n1", 1);
    const newer = write(2, 50, 60, by("n2", 2));
    for (const status of ["fail", "info"] as const)
      expect(judged(newer, write(1, 70, 80, { ...seen, status }))).toMatchObject({
        verdict: "valid",
      });
  });

  test("a belief of two at once is a note, and neither found nor invalid", () => {
    const result = judged(
      lead("n1", 1, 0),
      fault("pause", "n1", 10, 60),
      lead("n2", 2, 40),
      step("n1", 1, 70),
      step("n2", 2, 90),
    );
    expect(result).toMatchObject({ verdict: "valid", found: {}, facts: { beliefOverlaps: 1 } });
    expect(result.anomalies).toMatchObject([{ grade: "note", class: "E1", nodes: ["n1", "n2"] }]);
  });

  test("one node in two epochs is no belief of two", () => {
    const twice = [lead("n1", 1, 0), lead("n1", 2, 40), step("n1", 1, 50), step("n1", 2, 90)];
    expect(judged(...twice).facts["beliefOverlaps"]).toBe(0);
  });

  test("refusals are what a sound replica does", () =>
    expect(
      judged(
        lead("n2", 2, 40),
        note("n2", 50, { kind: "reject", epoch: 1, highest: 2, leader: "n1", request: "r" }),
      ),
    ).toMatchObject({ verdict: "valid", facts: { rejectedLate: 1 } }));
});

describe("E2: one epoch, two leaders", () => {
  test("by their own notes it is strong", () => {
    const result = judged(lead("n1", 3, 0), step("n1", 3, 10), lead("n2", 3, 40));
    expect(result).toMatchObject({ verdict: "invalid", found: { "split-brain": 1 } });
    expect(result.anomalies[0]).toMatchObject({ class: "E2", grade: "strong", notes: [0, 2] });
    expect(result.anomalies[0]?.summary).toBe(
      "n1 and n2 both led epoch 3: an epoch has one leader at most.",
    );
  });
  test("by their answers it is proven", () => {
    const result = judged(write(1, 0, 1, by("n1", 3)), write(2, 2, 3, by("n2", 3)));
    expect(result.anomalies[0]).toMatchObject({ class: "E2", grade: "proven", operations: [0, 2] });
  });
  test("by the notes of one and the answers of the other it is strong, and counted once", () => {
    expect(judged(write(1, 0, 1, by("n1", 3)), write(2, 2, 3, by("n2", 3))).found).toEqual({
      "split-brain": 1,
    });
    const mixed = judged(lead("n1", 3, 0), write(2, 2, 3, by("n2", 3)));
    expect(mixed.anomalies).toMatchObject([{ class: "E2", grade: "strong" }]);
  });
  test("a node that takes an epoch up again is no second leader", () =>
    expect(judged(lead("n1", 3, 0), lead("n1", 3, 40)).verdict).toBe("valid"));
});

describe("E4: the old leader's work went on", () => {
  const begun = [
    lead("n1", 1, 0),
    write(1, 5, 8, by("n1", 1)),
    fault("pause", "n1", 10, 100),
    lead("n2", 2, 40),
  ];

  test("a replica accepted it though it knew of the newer epoch, and a client was told ok", () => {
    const result = judged(
      ...begun,
      write(2, 50, 60, { ...by("n2", 2), process: 7 }),
      accept("n3", 110, 1, 2, "r9"),
      accept("n1", 111, 1, 2, "r9"),
      write(3, 9, 120, { ...by("n1", 1), request: "r9", process: 8 }),
    );
    expect(result).toMatchObject({ verdict: "invalid", found: { "split-brain": 1 } });
    const [anomaly] = result.anomalies;
    expect(anomaly).toMatchObject({
      class: "E4",
      grade: "strong",
      key: "x",
      operations: [6, 3],
      notes: [0, 5, 9, 10],
      cause: { kind: "pause" },
      nodes: ["n1", "n2", "n3"],
    });
    expect(anomaly?.because).toEqual([
      "n1 took the lead of epoch 1 at 0.000 s (event 0).",
      "n2 took the lead of epoch 2 at 0.040 s (event 5).",
      "n2 answered the write 2 (op 6, process 7, n2) of x in epoch 2; the answer was received at 0.060 s.",
      "n3 accepted the request r9 of n1 in epoch 1 at 0.110 s (event 9), though it had promised or accepted epoch 2.",
      "n1 accepted the request r9 of n1 in epoch 1 at 0.111 s (event 10), though it had promised or accepted epoch 2.",
      "Write 3 (op 3, process 8, n1) of x was invoked at 0.009 s, and was acknowledged at 0.120 s as the work of n1 in epoch 1.",
      "Epoch 2 ended epoch 1: nothing may take effect in epoch 1 once 2 is at work, yet this did.",
      "Cause: n1 stood still when it was replaced (pause on n1 from 0.010 s to 0.100 s), and went on as leader.",
      "Faults meanwhile: pause on n1 from 0.010 s to 0.100 s.",
      "It would have been valid had the replicas refused epoch 1 once they knew of epoch 2.",
    ]);
  });

  test("accepted late without a known client's operation still counts, after those with one", () => {
    const result = judged(
      ...begun,
      accept("n3", 110, 1, 2, "nobody"),
      accept("n3", 111, 1, 2, "r9"),
      write(3, 9, 120, { ...by("n1", 1), request: "r9" }),
    );
    expect(result.found).toEqual({ "split-brain": 2 });
    expect(result.anomalies.map(({ operations }) => operations.length)).toEqual([1, 0]);
  });

  test("a client that was told nothing, or of failure, was not told ok", () => {
    for (const status of ["fail", "info"] as const) {
      const unacknowledged = write(3, 9, 120, { node: "n1", request: "r9", status });
      const result = judged(...begun, accept("n3", 110, 1, 2, "r9"), unacknowledged);
      expect(result.anomalies[0]).toMatchObject({ class: "E4", operations: [] });
    }
  });

  test("a client whose answer came in the newer epoch was not answered by the old leader", () => {
    const result = judged(
      ...begun,
      accept("n3", 110, 1, 2, "r9"),
      write(3, 9, 120, { ...by("n2", 2), request: "r9" }),
    );
    expect(result.found).toEqual({ "split-brain": 1 });
    expect(result.anomalies[0]).toMatchObject({ grade: "strong", operations: [] });
  });

  test("the old leader answered what was invoked after the new one's answer was received", () => {
    const result = judged(...begun, write(2, 50, 60, by("n2", 2)), read(1, 110, 115, by("n1", 1)));
    expect(result).toMatchObject({ verdict: "invalid", found: { "split-brain": 1 } });
    expect(result.anomalies[0]).toMatchObject({
      class: "E4",
      grade: "proven",
      cause: { kind: "pause" },
    });
    expect(result.anomalies[0]?.summary).toContain("n1, leader of the old epoch 1, had read of 1");
  });

  test("both kinds of evidence for one operation make one anomaly, proven", () => {
    const result = judged(
      ...begun,
      write(2, 50, 60, by("n2", 2)),
      accept("n3", 112, 1, 2, "r9"),
      write(3, 110, 120, { ...by("n1", 1), request: "r9" }),
    );
    expect(result.found).toEqual({ "split-brain": 1 });
    expect(result.anomalies[0]).toMatchObject({ grade: "proven", notes: [0, 4, 9] });
  });

  test("a stall that the node noted itself is a pause too, and without any the cause is unknown", () => {
    const late = [
      lead("n1", 1, 0),
      lead("n2", 2, 40),
      write(2, 50, 60, by("n2", 2)),
      write(3, 110, 120, by("n1", 1)),
    ];
    expect(judged(...late).anomalies[0]?.cause?.kind).toBe("unknown");
    const elsewhere = judged(...late, fault("pause", "n3", 10, 100));
    expect(elsewhere.anomalies[0]?.cause?.kind).toBe("unknown");
    const stalled = judged(...late, note("n1", 100, { kind: "stall", ms: 90 }));
    expect(stalled.anomalies[0]?.cause?.kind).toBe("pause");
  });
});

test("without notes of leaders and epochs in answers nothing is known", () =>
  expect(judged(write(1, 0, 1))).toMatchObject({
    verdict: "unknown",
    reason: "no evidence about leaders",
  }));
