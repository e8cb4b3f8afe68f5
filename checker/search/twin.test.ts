import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Part } from "../history/columns.ts";
import { bruteLinearizable } from "./brute.ts";
import { decide } from "./decide.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import type { Model } from "./model.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import { type Task, taskOf } from "./task.ts";
import { drawOf, partOf, randomOperations, type Subject, tell } from "./testdata/random-part.ts";
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
} from "./testdata/subjects.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { bruteOperations, faultOfCertificate, faultOfOrder } from "./verify.ts";
import { refuteWindow } from "./window.ts";
import { orderOf } from "./witness.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_261);
const HISTORIES = Number(process.env["TESTBED_FUZZ"] ?? 6_000);
const ENOUGH = { steps: 1e6, remembered: 1e6, stall: 1e6, breadth: 1e6 };

const WITHOUT: readonly Rules[] = [
  { ...ALL_RULES, eagerPure: false },
  { ...ALL_RULES, optionalCounts: false },
  { ...ALL_RULES, hideBlind: false },
  { ...ALL_RULES, dominance: false },
  { ...ALL_RULES, earliestTwin: false },
];
const NO_RULES: Rules = {
  eagerPure: false,
  optionalCounts: false,
  hideBlind: false,
  dominance: false,
  earliestTwin: false,
};

/** The models whose windows can be refuted. */
const FEW_STATES = new Set(["register", "cas-register", "multi-register", "mutex", "set"]);

function lineOf(task: Task, rules: Rules): Timeline {
  const line = timelineOf(task, rules);
  if (typeof line === "number") throw new RangeError("too wide");
  return line;
}

function check(condition: boolean, complaint: string | undefined): void {
  if (!condition) throw new Error(complaint ?? "wrong");
}

/** Both engines under some rules. */
function engines<State>(
  part: Part,
  model: Model<State>,
  task: Task,
  rules: Rules,
  truth: boolean,
): void {
  const line = lineOf(task, rules);
  for (const result of [
    new DepthFirst(task, line, rules).run(ENOUGH),
    frontier(task, line, ENOUGH, rules),
  ]) {
    check(result.found === (truth ? "order" : "none"), `found ${result.found}, truth is ${truth}`);
    if (result.found !== "order") continue;
    const fault = faultOfOrder(part, model, orderOf(task, line, result.path));
    check(fault === undefined, fault);
  }
}

/** No window of a history that has an order is refuted. */
function windows(task: Task): void {
  const line = lineOf(task, ALL_RULES);
  for (let layer = 0; layer < line.layers; layer++)
    check(refuteWindow(task, line, layer, ENOUGH) === undefined, `a window up to ${layer}`);
}

function decided<State>(part: Part, model: Model<State>, truth: boolean): void {
  const decision = decide(part, model);
  check(decision.verdict === (truth ? "valid" : "invalid"), decision.verdict);
  if (decision.verdict !== "invalid") return;
  const fault = faultOfCertificate(part, model, decision.certificate);
  check(fault === undefined, fault);
}

/** The dear comparisons take turns. */
function compare<State>(part: Part, model: Model<State>, round: number): boolean {
  const truth = bruteLinearizable(bruteOperations(part, model), model, model.initial);
  const task = taskOf(part, model, 1e6);
  engines(part, model, task, ALL_RULES, truth);
  const turn = round % 24;
  if (turn < 6) engines(part, model, task, WITHOUT[turn] ?? NO_RULES, truth);
  else if (turn < 9) decided(part, model, truth);
  else if (turn < 11 && truth && FEW_STATES.has(model.name)) windows(task);
  return truth;
}

function fuzz<State>(subject: Subject<State>): void {
  const { model } = subject;
  test(`${model.name}: ${HISTORIES} random histories (seed ${SEED})`, {
    timeout: 3_600_000,
  }, () => {
    const draw = drawOf(xoroshiro128plus(SEED));
    const count = { valid: 0, invalid: 0 };
    for (let round = 0; round < HISTORIES; round++) {
      const operations = randomOperations(draw, subject, {
        operations: draw(2, 8),
        processes: draw(2, 5),
        lost: draw(0, 3) * 10,
        failed: draw(0, 1) * 20,
        wrong: draw(0, 3) * 15,
      });
      try {
        count[compare(partOf(operations), model, round) ? "valid" : "invalid"]++;
      } catch (error) {
        throw new Error(`history ${round}: ${tell(operations)}`, { cause: error });
      }
    }
    // Both answers must be common, or the comparison would say little.
    expect(Math.min(count.valid, count.invalid) * 12, JSON.stringify(count)).toBeGreaterThan(
      HISTORIES,
    );
  });
}

describe("the engines agree with the brute force, with all rules and with each left out", () => {
  fuzz(REGISTER);
  fuzz(CAS_REGISTER);
  fuzz(KEY_VALUE);
  fuzz(MULTI_REGISTER);
  fuzz(MUTEX);
  fuzz(SET);
  fuzz(COUNTER);
  fuzz(QUEUE);
  fuzz(STACK);
});
