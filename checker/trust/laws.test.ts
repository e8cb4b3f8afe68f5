/** What holds of histories of any size: metamorphic laws, one verdict by all routes, and the stream of a register. */
import { describe, expect, test } from "vitest";
import { tryLaws, tryStream } from "./testdata/phases.ts";
import { REGISTER } from "./testdata/registers.ts";
import { SUBJECTS } from "./testdata/subjects.ts";
import { total } from "./testdata/tally.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_263);
const MOST = 90;

describe.each(SUBJECTS)("$name", (subject) => {
  test.each(subject.workloads)(`$name: all laws (seed ${SEED})`, (workload) => {
    const { laws, tally } = tryLaws(subject, workload, SEED, { count: 4, most: MOST });
    expect(tally.mismatches.map(({ message }) => message)).toEqual([]);
    const { valid, unknown } = total(tally.routes);
    expect(valid).toBeGreaterThan(10);
    expect(unknown).toBeLessThan(valid / 4);
    expect(laws["widened intervals"]?.valid).toBeGreaterThan(0);
  });
});

test(`a stream raises its alarm with the first prefix that has no order (seed ${SEED})`, () => {
  const [unique] = REGISTER.workloads;
  if (unique === undefined) throw new Error("no workload");
  const tally = tryStream(REGISTER, unique, SEED, { count: 60, most: 200 });
  expect(tally.mismatches.map(({ message }) => message)).toEqual([]);
  const { valid, invalid } = total(tally.routes);
  expect(Math.min(valid, invalid)).toBeGreaterThan(15);
});
