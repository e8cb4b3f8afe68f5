/**
 * Generators for registers. What the nth operation does is a pure function of the seed and n, so the same seed asks
 * for the same operations; which client is free to carry one out is up to the run.
 */
import { draw } from "../random.ts";
import type { Context, Generator, Input, Step } from "./generator.ts";
import { type ClosedLoop, keyName, type OpenLoop, type RegistersWorkload } from "./workload.ts";

export function registersGenerator(workload: RegistersWorkload, stream: number): Generator {
  return workload.pace.loop === "open"
    ? openLoop(workload, workload.pace, stream, { next: 0 })
    : closedLoop(workload, workload.pace, stream, { done: [], readyNs: [] });
}

/** The nth operation falls due n/rate after the beginning, give or take half a gap: arrivals do not march in step. */
function openLoop(
  workload: RegistersWorkload,
  pace: OpenLoop,
  stream: number,
  state: { readonly next: number },
): Generator {
  const gapNs = 1e9 / pace.perSecond;
  return {
    next({ nowNs, free }) {
      const random = draw(stream, state.next);
      const dueNs = Math.round((state.next + random.fraction()) * gapNs);
      if (dueNs > nowNs) return [{ step: "wait", untilNs: dueNs }, this];
      // Before the thread is drawn: how many are free must not decide what is asked for.
      const input = drawInput(workload, random, state.next + 1);
      const thread = free[random.below(Math.max(free.length, 1))];
      if (thread === undefined) return [{ step: "wait" }, this];
      const after = openLoop(workload, pace, stream, { next: state.next + 1 });
      return [{ step: "invoke", thread, input }, after];
    },
    completed() {
      return this;
    },
  };
}

/**
 * Each thread has its own sequence of operations and its own pace. Pauses are drawn evenly from nothing to twice their
 * mean: clients that wait equally long after an outage would march in step from then on.
 */
function closedLoop(
  workload: RegistersWorkload,
  pace: ClosedLoop,
  stream: number,
  state: { readonly done: readonly number[]; readonly readyNs: readonly number[] },
): Generator {
  const readyAt = (thread: number): number => state.readyNs[thread] ?? 0;
  /** Numbers the operations of all threads, each in its own sequence. */
  const uniqueOf = (thread: number): number =>
    (state.done[thread] ?? 0) * workload.clients + thread;
  return {
    next({ nowNs, free }: Context): readonly [Step, Generator] {
      const thread = free.find((candidate) => readyAt(candidate) <= nowNs);
      if (thread === undefined) {
        if (free.length === 0) return [{ step: "wait" }, this];
        return [{ step: "wait", untilNs: Math.min(...free.map(readyAt)) }, this];
      }
      const unique = uniqueOf(thread);
      const input = drawInput(workload, draw(stream, unique), unique + 1, thread);
      const done = replaced(state.done, thread, (state.done[thread] ?? 0) + 1);
      return [
        { step: "invoke", thread, input },
        closedLoop(workload, pace, stream, { ...state, done }),
      ];
    },
    completed({ thread, status, nowNs }) {
      const meanNs = status === "ok" ? pace.thinkNs : pace.backoffNs;
      const pauseNs = Math.round(2 * meanNs * draw(~stream, uniqueOf(thread)).fraction());
      const readyNs = replaced(state.readyNs, thread, nowNs + pauseNs);
      return closedLoop(workload, pace, stream, { ...state, readyNs });
    },
  };
}

/** `value` is unique in the run: what a read returns names the write that it saw. */
function drawInput(
  workload: RegistersWorkload,
  random: ReturnType<typeof draw>,
  value: number,
  writer?: number,
): Input {
  const drawn = random.below(workload.keys);
  const writes = random.chance(workload.writes);
  const owned = writes && workload.writersPerKey === "one" && writer !== undefined;
  const key = keyName(owned ? own(workload, drawn, writer) : drawn);
  return writes ? { f: "write", key, value } : { f: "read", key, value: null };
}

/** The key of this writer that is nearest below the drawn one, or its first. */
function own({ clients, keys }: RegistersWorkload, drawn: number, writer: number): number {
  const nearest = drawn - (drawn % clients) + writer;
  return nearest < keys ? nearest : writer;
}

/** Absent entries count as 0. */
function replaced(list: readonly number[], index: number, value: number): number[] {
  const copy = Array.from({ length: Math.max(list.length, index + 1) }, (_, at) => list[at] ?? 0);
  copy[index] = value;
  return copy;
}
