import { expect, test } from "vitest";
import type { Anomaly } from "../proto/verdict.ts";
import type { ReportInput } from "./index.ts";
import { recordingOf } from "./recording.ts";
import { type SpaceTime, spaceTime } from "./space-time.ts";
import { lostWrite } from "./testdata/lost-write.ts";
import { splitBrain } from "./testdata/split-brain.ts";

function firstAnomaly({ judgement }: ReportInput): Anomaly {
  const anomaly = judgement.verdict.checks[0]?.anomalies[0];
  if (anomaly === undefined) throw new Error("the fixture has no anomaly");
  return anomaly;
}

function layoutOf(input: ReportInput): SpaceTime {
  return spaceTime(firstAnomaly(input), recordingOf(input.history));
}

test("a lost write: who did what, with which stamp, under which fault", () => {
  const layout = layoutOf(lostWrite());
  expect(layout.lanes.map(({ name }) => name)).toEqual([
    "client 1 → n1",
    "client 3 → n3",
    "client 4 → n2",
    "node n1",
    "node n2",
    "node n3",
  ]);
  expect(layout.bars.map(({ label, stamp }) => [label.replace(/ #\d+/, ""), stamp])).toEqual([
    ["write 41 ok ", "stamp T by n1"],
    ["write 43 ok ", "stamp T − 469.5 ms by n3"],
    ["read → 41 ", "stamp T by n1"],
  ]);
  expect(layout.bands.map(({ label }) => label)).toEqual([
    "skew offset −500 ms (1.000 s to 3.000 s)",
  ]);
  expect(layout.axis.stretches.filter(({ shortened }) => shortened)).toHaveLength(3);
});

test("a split brain: leaders, the outdated accept, and a write whose fate is unknown", () => {
  const layout = layoutOf(splitBrain());
  expect(layout.terms.map(({ term, label }) => [term.node, label])).toEqual([
    ["n1", "leads epoch 1"],
    ["n2", "leads epoch 2"],
  ]);
  expect(layout.marks.map(({ note, label }) => [note.node, label])).toEqual([
    ["n1", "stops leading epoch 1: learned of epoch 2"],
    ["n2", "leads epoch 2"],
    ["n3", "accepts epoch 1 of n1 (knew 2)"],
  ]);
  expect(layout.bars.map(({ operation }) => operation.status)).toEqual(["ok", "ok", "info"]);
});

test("nothing is drawn outside of the picture, and bars of one lane stand in the order of time", () => {
  for (const layout of [layoutOf(lostWrite()), layoutOf(splitBrain())]) {
    const { axis, bars, bands, terms } = layout;
    for (const { fromX, toX, y } of [...bars, ...bands, ...terms]) {
      expect(fromX).toBeGreaterThanOrEqual(0);
      expect(toX).toBeGreaterThan(fromX);
      expect(toX).toBeLessThanOrEqual(axis.width);
      expect(y).toBeLessThan(layout.height);
    }
  }
});

test("a witness that the history does not hold is named as missing", () => {
  const input = lostWrite();
  const anomaly = { ...firstAnomaly(input), operations: [999_999] };
  expect(spaceTime(anomaly, recordingOf(input.history)).missing).toEqual([999_999]);
});
