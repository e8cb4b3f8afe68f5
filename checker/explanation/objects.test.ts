/** What the procedures of single objects find, explained and tried out again. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import * as objects from "../objects/index.ts";
import { bruteLinearizable } from "../search/brute.ts";
import type { Model } from "../search/model.ts";
import { counter } from "../search/models/counter.ts";
import { casRegister } from "../search/models/register.ts";
import { queue } from "../search/models/sequence.ts";
import { set } from "../search/models/set.ts";
import { type Draw, randomOperations, tell } from "../search/testdata/random-part.ts";
import { applied, tryChanges } from "./changes.ts";
import { coreOf } from "./core.ts";
import { chosen } from "./remedy.ts";
import { LOG, NUMBERS } from "./testdata/objects.ts";
import { drawFrom, MORE, recorded, SEED } from "./testdata/trial.ts";
import { explainViolation } from "./violation.ts";

const HISTORIES = 150 * MORE;

interface Object {
  readonly model: Model<unknown>;
  readonly decide: (part: Part) => Decision;
  /** `serial` is 1, 2, 3, ... */
  readonly request: (draw: Draw, serial: number) => readonly [f: string, input: Json];
  readonly answers: (f: string, serial: number) => readonly Json[];
}

const upTo = (count: number): number[] => Array.from({ length: count + 1 }, (_, i) => i);

const OBJECTS: Readonly<Record<string, Object>> = {
  chains: {
    model: casRegister(),
    decide: (part) => objects.decideChains(part),
    request(draw, serial) {
      const kind = draw(0, 2);
      if (kind === 0) return ["read", null];
      if (kind === 1) return ["write", serial];
      return ["cas", [draw(0, 2) === 0 ? null : draw(1, serial), serial]];
    },
    answers: (f, serial) => (f === "read" ? [null, ...upTo(serial)] : [null]),
  },
  queue: {
    model: queue(),
    decide: objects.decideQueue,
    request: (draw, serial) => (draw(0, 1) === 0 ? ["enqueue", serial] : ["dequeue", null]),
    answers: (f, serial) => (f === "dequeue" ? [null, ...upTo(serial)] : [null]),
  },
  counter: {
    model: counter(),
    decide: (part) => objects.decideCounter(part),
    request: (draw) => (draw(0, 1) === 0 ? ["add", 1] : ["read", null]),
    answers: (f) => (f === "read" ? [-1, ...upTo(6)] : [null]),
  },
  elements: {
    model: set(),
    decide: objects.decideSetElement,
    request: (draw) => [["add", "remove", "contains"][draw(0, 2)] ?? "add", draw(1, 3)],
    answers: () => [true, false],
  },
  "growing set": {
    model: set(),
    decide: objects.decideGrowSet,
    request: (draw, serial) => (draw(0, 1) === 0 ? ["add", serial] : ["read", null]),
    answers: (f, serial) =>
      f === "read"
        ? upTo(2 ** Math.min(serial, 7) - 1).map((bits) =>
            upTo(6)
              .filter((bit) => (bits >> bit) & 1)
              .map((bit) => bit + 1),
          )
        : [null],
  },
  numbers: {
    model: NUMBERS,
    decide: (part) => objects.decideFetchAndAdd(part),
    request: () => ["fetch-and-add", 1],
    answers: () => upTo(7),
  },
  log: {
    model: LOG,
    decide: objects.decideLog,
    request: (draw, serial) =>
      draw(0, 1) === 0 ? ["append", `v${serial}`] : ["read", draw(0, serial >> 1)],
    answers: (f, serial) =>
      f === "append" ? upTo(6) : [null, ...upTo(serial).map((i) => `v${i}`)],
  },
};

describe(`what procedures find (seed ${SEED})`, () => {
  for (const [name, { model, decide, request, answers }] of Object.entries(OBJECTS))
    test(name, { timeout: 600_000 }, () => {
      const draw = drawFrom(SEED);
      const told = { invalid: 0, tried: 0, remedies: 0, classes: new Set<string>() };
      for (let i = 0; i < HISTORIES; i++) {
        let serial = 0;
        const shape = { operations: draw(2, 8), processes: 3, lost: 8, failed: 5, wrong: 20 };
        const subject = {
          model,
          request: (one: Draw) => request(one, ++serial),
          answers: (f: string) => answers(f, serial),
        };
        const history = randomOperations(draw, subject, shape);
        const recording = recorded(history);
        const { part } = recording;
        const decision = decide(part);
        if (decision.verdict !== "invalid") continue;
        const story = `${decision.class}: ${tell(history)}`;
        told.invalid++;
        const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
        told.classes.add(`${decision.class} as ${anomaly.class}`);
        const ids = decision.certificate.map((row) => recording.operation(row).id);
        const text = [anomaly.summary, ...anomaly.because].join("\n");
        for (const [, id] of text.matchAll(/\bop (\d+)\b/g))
          expect(ids, story).toContain(Number(id));
        expect(text, story).not.toMatch(/undefined|NaN|\[object/);
        const core = coreOf(recording, part, model, decision.certificate, false);
        if (core === undefined) throw new Error(`the model does not see it: ${story}`);
        told.tried++;
        const legal = (ops: Parameters<typeof bruteLinearizable>[0]): boolean =>
          core.starts.some((start) => bruteLinearizable(ops, model, start));
        expect(legal(core.steps), story).toBe(false);
        for (const change of chosen(core, tryChanges(core))) {
          expect(legal(applied(core.steps, change)), `${change.kind} ${story}`).toBe(true);
          told.remedies++;
        }
      }
      if (process.env["TESTBED_SHOW"]) console.log(name, { ...told, classes: [...told.classes] });
      expect(told.invalid).toBeGreaterThan(HISTORIES / 20);
      expect(told.remedies).toBeGreaterThan(told.invalid / 2);
    });
});
