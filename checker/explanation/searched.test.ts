/** Certificates as the search hands them over: small parts of larger histories, with more going on around them. */
import { describe, expect, test } from "vitest";
import { bruteLinearizable } from "../search/brute.ts";
import { decide } from "../search/decide.ts";
import type { Model } from "../search/model.ts";
import { randomOperations, tell } from "../search/testdata/random-part.ts";
import {
  CAS_REGISTER,
  COUNTER,
  KEY_VALUE,
  MULTI_REGISTER,
  MUTEX,
  QUEUE,
  REGISTER,
  SET,
  STACK,
} from "../search/testdata/subjects.ts";
import { applied, tryChanges } from "./changes.ts";
import { coreOf } from "./core.ts";
import { chosen } from "./remedy.ts";
import { drawFrom, MORE, recorded, SEED } from "./testdata/trial.ts";
import { explainViolation } from "./violation.ts";

const SUBJECTS = {
  REGISTER,
  CAS_REGISTER,
  KEY_VALUE,
  MULTI_REGISTER,
  MUTEX,
  SET,
  COUNTER,
  QUEUE,
  STACK,
};
const HISTORIES = 30 * MORE;
const SHAPE = { operations: 40, processes: 4, lost: 2, failed: 3, wrong: 3 };

describe(`a search's certificates (seed ${SEED})`, () => {
  for (const [name, subject] of Object.entries(SUBJECTS))
    test(`${name}: what is told holds with all that was going on`, { timeout: 600_000 }, () => {
      const draw = drawFrom(SEED);
      const model = subject.model as Model<unknown>;
      const told = { invalid: 0, tried: 0, remedies: 0, longestMs: 0 };
      for (let i = 0; i < HISTORIES; i++) {
        const history = randomOperations(draw, { ...subject, model }, SHAPE);
        const recording = recorded(history);
        const { part } = recording;
        const decision = decide(part, model);
        if (decision.verdict !== "invalid") continue;
        told.invalid++;
        const begun = performance.now();
        const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
        told.longestMs = Math.max(told.longestMs, performance.now() - begun);
        const certificate = new Set(decision.certificate);
        const ids = history.filter((_, row) => certificate.has(row)).map((op) => op.invoked);
        expect(anomaly.operations).toEqual(ids);
        const text = [anomaly.summary, ...anomaly.because].join("\n");
        for (const [, id] of text.matchAll(/\bop (\d+)\b/g)) expect(ids).toContain(Number(id));
        expect(text).not.toMatch(/undefined|NaN|\[object/);
        const core = coreOf(recording, part, model, decision.certificate, true);
        const others = core?.surroundings?.meanwhile ?? [];
        if (core === undefined || core.steps.length + others.length > 12) continue;
        told.tried++;
        const legal = (ops: typeof others): boolean =>
          core.starts.some((start) => bruteLinearizable([...ops], model, start));
        expect(legal(core.steps), tell(history)).toBe(false);
        expect(legal([...core.steps, ...others]), tell(history)).toBe(false);
        for (const change of chosen(core, tryChanges(core))) {
          const after = applied(core.steps, change);
          expect(legal([...after, ...others]), `${change.kind}: ${tell(history)}`).toBe(true);
          told.remedies++;
        }
      }
      if (process.env["TESTBED_SHOW"]) console.log(name, told);
      expect(told.tried).toBeGreaterThan(HISTORIES / 20);
      expect(told.remedies).toBeGreaterThan(told.tried / 2);
      expect(told.longestMs).toBeLessThan(2_500);
    });
});
