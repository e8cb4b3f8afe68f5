import { describe, expect, test } from "vitest";
import type { Operation } from "../../proto/operation.ts";
import { zones } from "../register/zones.ts";
import { register } from "../search/models/register.ts";
import { randomOperations, type Subject, tell } from "../search/testdata/random-part.ts";
import { twoSidesOf, valueTold } from "./register-parts.ts";
import { drawFrom, MORE, recorded, SEED } from "./testdata/trial.ts";
import { explainViolation } from "./violation.ts";

const HISTORIES = 800 * MORE;

/** A register to which no value is written twice. */
function unique(draw: (from: number, to: number) => number): Subject<unknown> {
  let serial = 0;
  return {
    model: register(),
    request: () => (draw(0, 1) === 0 ? ["write", ++serial] : ["read", null]),
    answers: (f) =>
      f === "read" ? [null, ...Array.from({ length: serial + 1 }, (_, i) => i + 1)] : [null],
  };
}

describe(`certificates of zones (seed ${SEED})`, () => {
  test("all have two sides, each forced by real time, or a read without a source", () => {
    const draw = drawFrom(SEED);
    const classes = new Map<string, number>();
    for (let i = 0; i < HISTORIES; i++) {
      const shape = { operations: 12, processes: 4, lost: 5, failed: 5, wrong: 15 };
      const history = randomOperations(draw, unique(draw), shape);
      const recording = recorded(history);
      const { part } = recording;
      const decision = zones(part, null);
      if (decision.verdict !== "invalid") continue;
      const model = register();
      const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
      const story = `${anomaly.class}: ${tell(history)}`;
      classes.set(anomaly.class, (classes.get(anomaly.class) ?? 0) + 1);
      expect(anomaly.class).toBe(decision.class);
      expect(anomaly.because.at(-1), story).toMatch(/^It would have been valid had the /);
      const operations = decision.certificate.map((row) => recording.operation(row));
      if (!/stale read|lost write|new-old/.test(anomaly.class)) continue;
      expect(anomaly.because).toHaveLength(4);
      expectTwoSides(operations, story);
    }
    expect([...classes.keys()].sort()).toEqual([
      "aborted read",
      "future read",
      "lost write",
      "new-old inversion",
      "stale read",
      "thin air",
    ]);
    expect(Math.min(...classes.values())).toBeGreaterThan(5);
  });
});

function expectTwoSides(operations: readonly Operation[], story: string): void {
  const sides = twoSidesOf(operations);
  if (sides === undefined) throw new Error(`no two sides: ${story}`);
  const { older, newer, olderFirst, newerFirst } = sides;
  for (const { before, after } of [olderFirst, newerFirst])
    if (before !== undefined) expect(before.completed, story).toBeLessThan(after.id);
  expect(olderFirst.before ?? older.value, story).not.toBe(undefined);
  if (olderFirst.before !== undefined) expect(valueTold(olderFirst.before)).toEqual(older.value);
  else expect([older.write, older.value], story).toEqual([undefined, null]);
  expect(valueTold(olderFirst.after), story).toEqual(newer.value);
  expect(newerFirst.before === undefined ? undefined : valueTold(newerFirst.before)).toEqual(
    newer.value,
  );
  expect(valueTold(newerFirst.after), story).toEqual(older.value);
}
