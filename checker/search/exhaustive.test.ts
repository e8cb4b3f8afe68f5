import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { FAIL, INFO, NEVER, OK } from "../history/columns.ts";
import { bruteLinearizable } from "./brute.ts";
import { decide } from "./decide.ts";
import { DepthFirst } from "./dfs.ts";
import { frontier } from "./frontier.ts";
import type { Model } from "./model.ts";
import { casRegister, register } from "./models/register.ts";
import { queue, stack } from "./models/sequence.ts";
import { taskOf } from "./task.ts";
import { partOf, type Recorded } from "./testdata/random-part.ts";
import { timelineOf } from "./timeline.ts";
import { bruteOperations } from "./verify.ts";

type Act = readonly [f: string, input: Json, output: Json | undefined, status: number];

const ENOUGH = { steps: 1e6, remembered: 1e6, stall: 1e6, breadth: 1e6 };

/** Every order in which each of three processes begins once and ends once. */
function interleavings(): number[][] {
  const all: number[][] = [];
  const extend = (prefix: number[]): void => {
    if (prefix.length === 6) all.push(prefix);
    else
      for (const process of [0, 1, 2])
        if (prefix.filter((one) => one === process).length < 2) extend([...prefix, process]);
  };
  extend([]);
  return all;
}

function recorded(order: readonly number[], acts: readonly Act[]): Recorded[] {
  const begun = order.filter((process, rank) => order.indexOf(process) === rank);
  return begun.flatMap((process) => {
    const act = acts[process];
    if (act === undefined) return [];
    const [f, input, output, status] = act;
    const completed = status === INFO ? NEVER : order.lastIndexOf(process);
    return [{ f, input, output, status, invoked: order.indexOf(process), completed }];
  });
}

function compareAll<State>(model: Model<State>, acts: readonly Act[]): number {
  let histories = 0;
  const orders = interleavings();
  for (const one of acts)
    for (const two of acts)
      for (const three of acts)
        for (const order of orders) {
          const part = partOf(recorded(order, [one, two, three]));
          const truth = bruteLinearizable(bruteOperations(part, model), model, model.initial);
          const task = taskOf(part, model, 1000);
          const line = timelineOf(task);
          if (typeof line === "number") throw new RangeError("too wide");
          const found = truth ? "order" : "none";
          const wrong =
            new DepthFirst(task, line).run(ENOUGH).found !== found ||
            frontier(task, line, ENOUGH).found !== found ||
            (histories % 16 === 0 && decide(part, model).verdict !== (truth ? "valid" : "invalid"));
          if (wrong) throw new Error(`${JSON.stringify([order, one, two, three])}: ${truth}`);
          histories++;
        }
  return histories;
}

describe("the engines agree with the brute force on all histories of three operations", () => {
  test("of a register", () => {
    const acts: Act[] = [
      ["write", 1, null, OK],
      ["write", 2, null, OK],
      ["write", 1, undefined, INFO],
      ["write", 2, undefined, FAIL],
      ["read", null, 0, OK],
      ["read", null, 1, OK],
      ["read", null, 2, OK],
    ];
    expect(compareAll(register(0), acts)).toBe(90 * 7 ** 3);
  });

  test("of a cas-register", () => {
    const acts: Act[] = [
      ["write", 1, null, OK],
      ["write", 1, undefined, INFO],
      ["read", null, 0, OK],
      ["read", null, 1, OK],
      ["cas", [0, 1], true, OK],
      ["cas", [0, 1], undefined, FAIL],
      ["cas", [0, 1], undefined, INFO],
    ];
    expect(compareAll(casRegister(0), acts)).toBe(90 * 7 ** 3);
  });

  const taking = (put: string, take: string): Act[] => [
    [put, 1, null, OK],
    [put, 2, null, OK],
    [put, 1, undefined, INFO],
    [take, null, undefined, INFO],
    [take, null, null, OK],
    [take, null, 1, OK],
  ];
  test("of a queue and of a stack", () => {
    expect(compareAll(queue(), taking("enqueue", "dequeue"))).toBe(90 * 6 ** 3);
    expect(compareAll(stack(), taking("push", "pop"))).toBe(90 * 6 ** 3);
  });
});
