/** Whatever an explanation says has been tried out here again, by other code. */
import { describe, expect, test } from "vitest";
import type { Anomaly } from "../../proto/verdict.ts";
import { FAIL, OK } from "../history/columns.ts";
import { bruteLinearizable } from "../search/brute.ts";
import { type Recorded, type Subject, tell } from "../search/testdata/random-part.ts";
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
import { constraintsOf } from "./constraints.ts";
import { coreOf } from "./core.ts";
import type { Placeable } from "./order-search.ts";
import { chosen } from "./remedy.ts";
import { drawFrom, legalUnder, MORE, randomInvalid, recorded, SEED } from "./testdata/trial.ts";
import { explainViolation } from "./violation.ts";

const SUBJECTS: Readonly<Record<string, Subject<never>>> = {
  REGISTER,
  CAS_REGISTER,
  KEY_VALUE,
  MULTI_REGISTER,
  MUTEX,
  SET,
  COUNTER,
  QUEUE,
  STACK,
} as unknown as Record<string, Subject<never>>;
const HISTORIES = 100 * MORE;

for (const [name, subject] of Object.entries(SUBJECTS))
  describe(`${name} (seed ${SEED})`, () => {
    test("every remedy is one, every constraint is real time, and those that are told suffice", {
      timeout: 600_000,
    }, () => {
      const draw = drawFrom(SEED);
      const { model } = subject;
      const told = { cores: 0, remedies: 0, constraints: 0, classes: new Set<string>() };
      for (let i = 0; i < HISTORIES; i++) {
        const history = randomInvalid(draw, subject);
        if (history === undefined) continue;
        const recording = recorded(history, draw(0, 1) === 0);
        const { part } = recording;
        const certificate = [...part.rows];
        const core = coreOf(recording, part, model, certificate, true);
        if (core === undefined) throw new Error(`nothing was tried: ${JSON.stringify(history)}`);
        const starts = core.starts as never[];
        const legal = (ops: readonly Placeable[]): boolean =>
          starts.some((start) => bruteLinearizable(ops, model, start));
        expect(legal(core.steps), JSON.stringify(history)).toBe(false);
        const { needed } = constraintsOf(core);
        for (const { before, after } of needed) {
          const [a, b] = [core.steps[before], core.steps[after]];
          expect(a?.operation.completed).toBeLessThan(b?.operation.id ?? -1);
        }
        const closure = closed(core.steps.length, needed);
        const must = (a: number, b: number): boolean => closure.has(`${a} ${b}`);
        expect(legalUnder(core.steps, model, starts, must), JSON.stringify(history)).toBe(false);
        for (const change of chosen(core, tryChanges(core))) {
          const ops = applied(core.steps, change);
          expect(legal(ops), `${JSON.stringify(change)} of ${JSON.stringify(history)}`).toBe(true);
          told.remedies++;
        }
        told.cores++;
        told.constraints += needed.length;
        const decision = {
          verdict: "invalid",
          route: "search",
          class: "no legal order",
          certificate,
        } as const;
        const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
        told.classes.add(anomaly.class);
        expectTrue(anomaly, history);
        const ids = history.map(({ invoked }) => invoked);
        expect(anomaly.operations).toEqual(ids);
        const mentioned = [anomaly.summary, ...anomaly.because].join(" ").matchAll(/\bop (\d+)\b/g);
        for (const [, id] of mentioned) expect(ids).toContain(Number(id));
        expect(JSON.parse(JSON.stringify(anomaly))).toEqual(anomaly);
        expect(anomaly.because.join("\n")).not.toMatch(/undefined|NaN|\[object/);
        expect(anomaly.because.join("\n"), JSON.stringify(history)).not.toMatch(/not known/);
      }
      if (process.env["TESTBED_SHOW"]) console.log(name, told);
      expect(told.cores).toBeGreaterThan(HISTORIES / 10);
      expect(told.remedies).toBeGreaterThan(told.cores / 2);
    });
  });

/** What the sentences claim of the whole history, where values tell. */
function expectTrue(
  { class: kind, summary, because }: Anomaly,
  history: readonly Recorded[],
): void {
  const story = `${kind}: ${summary} ${tell(history)}`;
  const [, given] =
    /^\w+ answered (?:a read of x|get on x|dequeue on x|pop on x) with (.*) at /.exec(summary) ??
    [];
  if (kind === "thin air" && given !== undefined)
    for (const { f, input, status } of history)
      if (status !== FAIL && /^(write|put|enqueue|push)$/.test(f))
        expect(JSON.stringify(input), story).not.toBe(given);
  const [, f, lost] =
    /though (write|put) (.*?)(?: \(op \d+\))? had been .* nobody ever saw it/.exec(summary) ?? [];
  if (f !== undefined) {
    const unseen = history.filter((op) => op.f === f && JSON.stringify(op.input) === lost);
    const saw = (op: Recorded, by: Recorded): boolean =>
      by.status === OK &&
      by.f !== f &&
      JSON.stringify(by.output) === lost &&
      by.completed > op.invoked;
    expect(
      unseen.some((op) => !history.some((by) => saw(op, by))),
      story,
    ).toBe(true);
  }
  expect(because.length, story).toBeLessThan(30);
}

/** Pairs of a transitive reduction and all that they imply. */
function closed(
  count: number,
  pairs: readonly { readonly before: number; readonly after: number }[],
): ReadonlySet<string> {
  const all = new Set(pairs.map(({ before, after }) => `${before} ${after}`));
  for (let k = 0; k < count; k++)
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++)
        if (all.has(`${i} ${k}`) && all.has(`${k} ${j}`)) all.add(`${i} ${j}`);
  return all;
}
