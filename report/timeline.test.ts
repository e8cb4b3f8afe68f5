import { expect, test } from "vitest";
import { operationsOf } from "../proto/operation.ts";
import { recordingOf } from "./recording.ts";
import { selectOperations } from "./selection.ts";
import { lostWrite } from "./testdata/lost-write.ts";
import { splitBrain } from "./testdata/split-brain.ts";
import { countOperations } from "./tested.ts";
import { timeline } from "./timeline.ts";

test("the whole run: nodes with faults and clocks above, clients below", () => {
  const layout = timeline(recordingOf(lostWrite().history), new Set());
  expect(layout.lanes.map(({ name }) => name).slice(0, 4)).toEqual([
    "node n1",
    "node n2",
    "node n3",
    "client 0, 6",
  ]);
  expect(layout.clocks.map(({ label }) => label)).toEqual(["clock noted −500 ms"]);
  expect(layout.stages.map(({ stage }) => stage)).toEqual([
    "drive",
    "heal",
    "settle",
    "read",
    "stop",
  ]);
  expect(layout.sentence).toMatch(/^All \d+ operations are drawn\.$/);
});

test("two leaders at one time are both marked", () => {
  const layout = timeline(recordingOf(splitBrain().history), new Set());
  expect(layout.terms.map(({ of, contested }) => [of.epoch, contested])).toEqual([
    [1, true],
    [2, true],
  ]);
});

test("too many operations: the witness and all failures stay, and the sentence says what is missing", () => {
  const operations = operationsOf(lostWrite().history);
  const witness = new Set([operations.at(-1)?.id ?? -1, operations.at(300)?.id ?? -1]);
  const selection = selectOperations(operations, witness, 100);
  expect(selection.operations).toHaveLength(100);
  expect(selection.operations.filter(({ id }) => witness.has(id))).toHaveLength(2);
  const odd = operations.filter(({ status, id }) => status !== "ok" && !witness.has(id));
  expect(selection.operations.filter(({ status }) => status !== "ok")).toHaveLength(odd.length);
  expect(selection.sentence).toContain(`Showing 100 of ${operations.length} operations`);
});

test("every operation is counted once, by kind and phase", () => {
  const recording = recordingOf(lostWrite().history);
  const rows = countOperations(recording);
  const total = rows.reduce((sum, { counts: { ok, fail, info } }) => sum + ok + fail + info, 0);
  expect(total).toBe(recording.operations.length);
  expect(rows.filter(({ kind }) => kind === "read (final)")).toEqual([
    { kind: "read (final)", phase: "no fault on, later", counts: { ok: 1, fail: 0, info: 0 } },
  ]);
});
