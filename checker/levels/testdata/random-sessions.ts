/** Random histories of a few sessions on a few keys, for tests: any interleaving, any answer, right or wrong. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Event, History, OperationEvent } from "../../../proto/history.ts";
import type { Json } from "../../../proto/json.ts";
import { story } from "../../testdata/story.ts";

export interface Shape {
  readonly operations: number;
  readonly sessions: number;
  readonly keys: number;
  /** Values written to a key are all different when unique, else drawn from `null` (the initial value) to 2. */
  readonly unique: boolean;
  /** Of 100 operations how many are `info`, and how many `fail`. */
  readonly lost: number;
  readonly failed: number;
  /** Of 100 reads how many return what a replica of their own, which may lag behind, holds; others anything at all. */
  readonly sane: number;
  /** Of 100 times that a replica learns how many concern one key alone, whatever was written before to others. */
  readonly hasty?: number;
}

interface Open {
  readonly event: OperationEvent;
  readonly slot: number;
}

/** A read answers when it completes; replicas (one a slot) learn of writes in the order of a common log, or not. */
export function randomSessions(random: RandomGenerator, shape: Shape): History {
  const draw = (from: number, to: number): number => uniformInt(random, from, to);
  const chance = (of100: number): boolean => draw(0, 99) < of100;
  const events: Event[] = [];
  const slots = Array.from({ length: shape.sessions }, (_, i) => i);
  const open: (Open | undefined)[] = slots.map(() => undefined);
  const log: { readonly key: string; readonly value: Json }[] = [];
  const replicas = slots.map(() => new Map<string, Json>());
  const learnt = slots.map(() => 0);
  let [process, begun, written] = [shape.sessions, 0, 0];
  const learn = (slot: number, key: string): void => {
    if (chance(shape.hasty ?? 0)) {
      const own = log.filter((one) => one.key === key);
      replicas[slot]?.set(key, own[draw(0, Math.max(0, own.length - 1))]?.value ?? null);
      return;
    }
    const next = log[learnt[slot] ?? 0];
    if (next === undefined) return;
    learnt[slot] = (learnt[slot] ?? 0) + 1;
    replicas[slot]?.set(next.key, next.value);
  };
  const answer = (slot: number, key: string): Json => {
    if (chance(shape.sane)) {
      for (let i = draw(0, 3); i > 0; i--) learn(slot, key);
      return replicas[slot]?.get(key) ?? null;
    }
    if (!shape.unique) return chance(25) ? null : draw(1, 2);
    const values = log.filter((one) => one.key === key).map(({ value }) => value);
    const pick = draw(-1, values.length + (chance(10) ? 1 : -1));
    return pick < 0 ? null : (values[pick] ?? written + 1);
  };
  while (begun < shape.operations || open.some((one) => one !== undefined)) {
    const slot = draw(0, shape.sessions - 1);
    const running = open[slot];
    const index = events.length;
    if (running === undefined) {
      if (begun === shape.operations) continue;
      begun++;
      const f = chance(50) ? "write" : "read";
      const key = "xyz"[draw(0, shape.keys - 1)] ?? "x";
      const value = f === "read" ? null : shape.unique ? ++written : chance(20) ? null : draw(1, 2);
      const base = { index, time: index, node: `n${slot}`, key, f, value };
      const event: OperationEvent = { ...base, type: "invoke", process: slots[slot] ?? 0 };
      events.push(event);
      open[slot] = { event, slot };
      if (f === "write") {
        log.push({ key, value });
        if (chance(60)) replicas[slot]?.set(key, value);
      }
      continue;
    }
    open[slot] = undefined;
    const { event } = running;
    const type = chance(shape.lost) ? "info" : chance(shape.failed) ? "fail" : "ok";
    const value = event.f === "read" && type === "ok" ? answer(slot, event.key) : event.value;
    events.push({ ...event, index, time: index, type, value });
    if (type === "info") slots[slot] = process++;
  }
  return { ...story(), events };
}

export function tell(history: History): string {
  return history.events
    .map((event) =>
      event.type === "invoke"
        ? `p${event.process} ${event.f} ${event.key} ${JSON.stringify(event.value)}`
        : "process" in event
          ? `p${event.process} ${event.type} ${JSON.stringify(event.value)}`
          : event.type,
    )
    .join("; ");
}
