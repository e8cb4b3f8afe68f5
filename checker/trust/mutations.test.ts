/**
 * Faults that are certain by construction, injected into the histories of correct objects: every one is flagged. In the
 * small histories the oracle confirms that they are wrong.
 */
import { describe, expect, test } from "vitest";
import { tryMutations } from "./testdata/phases.ts";
import { SUBJECTS } from "./testdata/subjects.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_263);

/** Routes whose refutations are a few operations, however long the history. */
const BRIEF = [
  "zones",
  "queue",
  "stack",
  "priority-queue",
  "set-element",
  "grow-set",
  "log",
  "lock",
];
const FEW = 8;

const cases = SUBJECTS.flatMap((subject) =>
  subject.workloads
    .filter(({ mutations }) => mutations !== undefined)
    .map((workload) => ({ name: `${subject.name}, ${workload.name}`, subject, workload })),
);

describe.each(cases)("$name", ({ subject, workload }) => {
  test(`none is missed (seed ${SEED})`, () => {
    const sizes = { large: 2, small: 100, most: 80 };
    const { mutations, tally } = tryMutations(subject, workload, SEED, sizes);
    expect(tally.mismatches.map(({ message }) => message)).toEqual([]);
    expect(Object.keys(mutations).length).toBeGreaterThan(2);
    for (const [name, { injected, flagged }] of Object.entries(mutations)) {
      expect(injected, name).toBeGreaterThan(0);
      expect(flagged, name).toBe(injected);
    }
    for (const route of BRIEF)
      expect(tally.routes[route]?.longest ?? 0, route).toBeLessThanOrEqual(FEW);
  });
});
