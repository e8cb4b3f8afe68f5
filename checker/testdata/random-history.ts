/** Random histories of one register, for tests: any interleaving, any answer, right or wrong. */

import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Event, OperationEvent } from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { story } from "./story.ts";

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  /**
   * Values written are 1, 2, 3, ... when unique, else drawn from 0 (the initial value below) to 2.
   */
  readonly unique: boolean;
}

export function randomOperations(random: RandomGenerator, shape: Shape): Operation[] {
  const draw = (from: number, to: number): number => uniformInt(random, from, to);
  const events: Event[] = [];
  const open = new Map<number, OperationEvent>();
  let [process, written, begun] = [shape.processes, 0, 0];
  const slots = Array.from({ length: shape.processes }, (_, i) => i);
  const emit = (event: Omit<OperationEvent, "index" | "time" | "node" | "key">): OperationEvent => {
    const index = events.length;
    const full = { ...event, key: "x", node: "n1", index, time: index };
    events.push(full);
    return full;
  };
  while (begun < shape.operations || open.size > 0) {
    const slot = draw(0, slots.length - 1);
    const own = slots[slot] ?? 0;
    const invoked = open.get(own);
    if (invoked === undefined) {
      if (begun++ >= shape.operations) continue;
      const f = draw(0, 9) < 5 ? "write" : "read";
      const value = f === "read" ? null : shape.unique ? ++written : draw(0, 2);
      open.set(own, emit({ type: "invoke", process: own, f, value }));
      continue;
    }
    open.delete(own);
    const fate = draw(0, 9);
    const type = fate === 0 ? "info" : fate === 1 ? "fail" : "ok";
    const value = invoked.f === "write" || type !== "ok" ? invoked.value : answer(draw, shape);
    emit({ type, process: own, f: invoked.f, value });
    if (type === "info") slots[slot] = process++;
  }
  return operationsOf({ ...story(), events });
}

function answer(draw: (from: number, to: number) => number, { unique, operations }: Shape): Json {
  const value = draw(0, unique ? Math.ceil(operations / 2) : 3);
  return unique && value === 0 ? null : value;
}
