/** Random histories: of a correct object under concurrent clients, of one whose answers are tampered with, and any. */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { type Act, type Draw, pick, type Subject, type Workload } from "./subject.ts";
import { operation } from "./told.ts";

export interface Crowd {
  readonly operations: number;
  readonly processes: number;
  /** Of a thousand operations, how many never return. */
  readonly lost: number;
}

interface Running {
  readonly act: Pick<Act, "f" | "input">;
  readonly begin: number;
  readonly process: number;
  done?: { readonly output: Json } | "refused";
}

/** What a correct object and its clients make. A process that never hears an answer goes on as another. */
export function simulate(
  subject: Subject,
  workload: Workload,
  draw: Draw,
  crowd: Crowd,
): Operation[] {
  const slots = Array.from({ length: crowd.processes }, (_, process) => ({
    process,
    running: undefined as Running | undefined,
  }));
  const operations: Operation[] = [];
  let [state, time, begun, fresh] = [subject.initial, 0, 0, crowd.processes];
  while (begun < crowd.operations || slots.some(({ running }) => running !== undefined)) {
    const slot = pick(draw, slots);
    const { running, process } = slot;
    if (running === undefined) {
      if (begun >= crowd.operations) continue;
      const act = workload.invoke(draw, { serial: ++begun, process, state });
      slot.running = { act, begin: time++, process };
      continue;
    }
    const lost = draw(0, 999) < crowd.lost;
    if (running.done === undefined && !lost && draw(0, 9) > 0) {
      const done = subject.perform(state, { ...running.act, process });
      if (done !== undefined) state = done.state;
      // What cannot be done now may be done later.
      if (done !== undefined || draw(0, 1) === 0) running.done = done ?? "refused";
      continue;
    }
    const act = lost ? { ...running.act, status: "info" as const } : endOf(subject, draw, running);
    operations.push(operation(act, process, running.begin, time++));
    if (act.status === "info") slot.process = fresh++;
    slot.running = undefined;
  }
  return operations.sort((a, b) => a.id - b.id);
}

function endOf({ refuses, record }: Subject, draw: Draw, { act, done }: Running): Act {
  const answers = refuses?.kinds.includes(act.f) === true;
  if (done === "refused")
    return answers && draw(0, 1) === 0 ? { ...act, output: false } : { ...act, status: "fail" };
  // Not done: it can only be said to have failed where that says nothing about the object.
  if (done === undefined) return { ...act, status: answers && refuses.failed ? "info" : "fail" };
  return { ...act, output: record?.(draw, act.f, done.output) ?? done.output };
}

/** Answers exchanged, guessed, forgotten or remembered, once to three times. */
export function tamper(
  workload: Workload,
  draw: Draw,
  operations: readonly Operation[],
): Operation[] {
  const after = [...operations];
  for (let change = draw(1, 3); change > 0; change--) {
    const place = draw(0, after.length - 1);
    const [op, other] = [after[place], pick(draw, after)];
    if (op === undefined) continue;
    const guess = (): Json => workload.guess(draw, op.f, after.length);
    if (op.status === "fail") after[place] = { ...op, status: "ok", output: guess() };
    else if (op.status === "ok") {
      const fate = draw(0, 9);
      if (fate === 0) after[place] = { ...op, status: "fail", output: undefined };
      else if (fate < 5 && other.f === op.f && other.status === "ok") {
        const where = after.indexOf(other);
        after[where] = { ...other, output: op.output };
        after[place] = { ...op, output: other.output };
      } else after[place] = { ...op, output: guess() };
    }
  }
  return after;
}

/** Any operations in any intervals. */
export function anything({ acts, byProcess }: Subject, draw: Draw, count: number): Operation[] {
  const operations: Operation[] = [];
  const open: { act: Act; begin: number; process: number }[] = [];
  const idle = byProcess === true ? [0, 1, 2] : [];
  let [time, begun, fresh] = [0, 0, 3];
  while (begun < count || open.length > 0) {
    if (begun < count && (open.length === 0 || draw(0, 1) === 0)) {
      const [process] = idle.length === 0 ? [fresh++] : idle.splice(draw(0, idle.length - 1), 1);
      open.push({ act: pick(draw, acts), begin: time++, process: process ?? fresh++ });
      begun++;
      continue;
    }
    const [done] = open.splice(draw(0, open.length - 1), 1);
    if (done === undefined) continue;
    operations.push(operation(done.act, done.process, done.begin, time++));
    if (byProcess === true && done.act.status !== "info") idle.push(done.process);
  }
  return operations.sort((a, b) => a.id - b.id);
}
