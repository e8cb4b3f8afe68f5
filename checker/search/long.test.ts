import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { bruteLinearizable } from "./brute.ts";
import { decide, decideBreadthFirst } from "./decide.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import { Influence } from "./influence.ts";
import { ALL_RULES } from "./rules.ts";
import { DROPPED, KEPT, subtask, type Task, taskOf } from "./task.ts";
import { drawOf, partOf, randomOperations, type Subject, tell } from "./testdata/random-part.ts";
import { CAS_REGISTER, MULTI_REGISTER, MUTEX, REGISTER, SET } from "./testdata/subjects.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { faultOfOrder } from "./verify.ts";
import { refuteWithin } from "./window.ts";
import { orderOf } from "./witness.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_263);
const MORE = Math.max(1, Number(process.env["TESTBED_FUZZ"] ?? 0) / 6_000);
const ENOUGH = { steps: 1e7, breadth: 1e6, remembered: 1e7, stall: 1e7 };

function lineOf(task: Task): Timeline {
  const line = timelineOf(task);
  if (typeof line === "number") throw new RangeError("too wide");
  return line;
}

/** Of a correct object, but for one wrong answer in so many. */
function history<State>(subject: Subject<State>, seed: number, operations: number, wrong: number) {
  const draw = drawOf(xoroshiro128plus(seed));
  const shape = { operations, processes: 5, lost: 0, failed: 0, wrong: 0 };
  const all = randomOperations(draw, subject, shape);
  return all.map((op) => {
    const fate = draw(0, wrong);
    if (fate === 0) return { ...op, output: draw(0, 2) };
    const lost = fate === 1 && draw(0, 2) === 0;
    return lost ? { ...op, output: undefined, status: 2, completed: 0x7fff_ffff } : op;
  });
}

describe(`histories too long to try all orders (seed ${SEED})`, () => {
  test("with lost replies, the portfolio agrees with breadth first alone", () => {
    const count: Record<string, number> = {};
    let stalls = 0;
    for (let round = 0; round < 30 * MORE; round++) {
      const part = partOf(history(REGISTER, SEED + round, 1500, 300));
      const model = REGISTER.model;
      const hooks = { onStall: () => stalls++ };
      const decision = decide(part, model, { stall: 100 }, hooks);
      const other = decideBreadthFirst(part, model);
      expect(decision.verdict, `history ${round}`).toBe(other.verdict);
      if (other.verdict === "valid") expect(faultOfOrder(part, model, other.order)).toBe(undefined);
      count[decision.route] = (count[decision.route] ?? 0) + 1;
    }
    expect(Object.keys(count).length, JSON.stringify(count)).toBeGreaterThan(1);
    expect(stalls).toBeGreaterThan(5);
  });

  test("depth first forgets where it has been, and still knows the whole way", () => {
    let orders = 0;
    for (let round = 0; round < 30 * MORE; round++) {
      const part = partOf(history(REGISTER, SEED + round, 1500, 2000));
      const task = taskOf(part, REGISTER.model, 1e4);
      const line = lineOf(task);
      const memory = { crowded: 200 + 10 * round, layers: 40 };
      const result = new DepthFirst(task, line, ALL_RULES, memory).run({ ...ENOUGH, stall: 3000 });
      const truth = frontier(task, line, ENOUGH).found;
      if (result.found !== "order") {
        expect(["stall", "lost", truth]).toContain(result.found);
        continue;
      }
      orders++;
      const order = orderOf(task, line, result.path);
      expect(faultOfOrder(part, REGISTER.model, order)).toBe(undefined);
    }
    expect(orders).toBeGreaterThan(5);
  });

  test("no stretches of a history that has an order are refuted, wherever they are", () => {
    let tried = 0;
    for (let round = 0; round < 40 * MORE; round++) {
      const part = partOf(history(CAS_REGISTER, SEED + round, 120, 40));
      const task = taskOf(part, CAS_REGISTER.model, 1e4);
      const line = lineOf(task);
      if (frontier(task, line, ENOUGH).found !== "order") continue;
      const draw = drawOf(xoroshiro128plus(round));
      for (let attempt = 0; attempt < 20; attempt++) {
        const places = Array.from({ length: draw(0, 4) }, () => draw(0, line.layers - 1));
        const uses = places.sort((a, b) => a - b);
        const stuck = draw(uses.at(-1) ?? 0, line.layers - 1);
        const { refuted } = refuteWithin(2 ** draw(0, 5), task, line, stuck, uses, ENOUGH);
        expect(refuted, `history ${round}, ${uses} and ${stuck}`).toBe(undefined);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(100);
  });
});

/** The subtask's operations, as the brute force takes them. */
function isLegal<State>(task: Task, { model }: Subject<State>): boolean {
  const operations = [...task.rows.keys()].map((op) => ({
    action: task.automaton.actionOf(task.classes[op] as number),
    invoked: task.invoked[op] as number,
    completed: task.completed[op] as number,
    optional: task.optional[op] === 1,
  }));
  return bruteLinearizable(operations, model, model.initial);
}

describe("an operation can be left out with all that it influences", () => {
  function fuzz<State>(subject: Subject<State>): void {
    test(`${subject.model.name} (seed ${SEED})`, () => {
      const draw = drawOf(xoroshiro128plus(SEED));
      let small = 0;
      for (let round = 0; round < 800 * MORE; round++) {
        const lost = draw(0, 2) * 15;
        const shape = { operations: draw(3, 8), processes: draw(1, 4), lost, failed: 10, wrong: 0 };
        const operations = randomOperations(draw, subject, shape);
        const task = taskOf(partOf(operations), subject.model, 1e4);
        const states = task.automaton.reachable();
        if (states === undefined || !isLegal(task, subject)) continue;
        const influence = new Influence(task, states);
        for (let op = 0; op < task.count; op++) {
          if (task.automaton.isPure(task.classes[op] as number)) continue;
          const gone = influence.of(task.classes[op] as number);
          const fate = task.classes.map((cls, one) =>
            one === op || gone.has(cls) ? DROPPED : KEPT,
          );
          const rest = subtask(task, Uint8Array.from(fate));
          expect(isLegal(rest, subject), `without ${op}: ${tell(operations)}`).toBe(true);
          if (rest.count > 0 && rest.count < task.count - 1) small++;
        }
      }
      expect(small).toBeGreaterThan(20);
    });
  }
  fuzz(REGISTER);
  fuzz(CAS_REGISTER);
  fuzz(MULTI_REGISTER);
  fuzz(MUTEX);
  fuzz(SET);
});
