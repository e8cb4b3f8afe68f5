/**
 * An invented run's bookkeeping: events in order of time, indexed as the real writer would.
 * Deterministic.
 */
import type { Completion, Event, History, Seen, Unindexed } from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";

export const MS = 1e6;

export interface Act {
  readonly process: number;
  readonly f: "read" | "write";
  readonly key: string;
  readonly value: Json;
  readonly node: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly status?: Completion;
  readonly error?: string;
  readonly seen?: Seen;
  readonly final?: true;
}

/** Numbers in [0, 1), the same every time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function act({ process, f, key, value, node, ...rest }: Act): Unindexed<Event>[] {
  const { status = "ok", error, seen, final } = rest;
  const shared = { process, f, key, node, ...(final === undefined ? {} : { final }) };
  return [
    { ...shared, type: "invoke", time: rest.fromMs * MS, value: f === "read" ? null : value },
    {
      ...shared,
      type: status,
      time: rest.toMs * MS,
      value: status === "ok" || f === "write" ? value : null,
      ...(error === undefined ? {} : { error }),
      ...(seen === undefined ? {} : { seen }),
    },
  ];
}

export function historyOf(scenario: string, events: readonly Unindexed<Event>[]): History {
  const ordered = [...events].sort((a, b) => a.time - b.time);
  return {
    header: { testbed: "history", schema: 1, scenario, seed: 8841, versions: { testbed: "0.1.0" } },
    events: ordered.map((event, index) => ({ ...event, index }) as Event),
  };
}

/** The index of the invocation of a value's write, or of a read that begins at `fromMs`. */
export function invocation(history: History, f: string, fromMs: number): number {
  return history.events.findIndex(
    (event) => event.type === "invoke" && event.f === f && event.time === fromMs * MS,
  );
}

/**
 * Six clients, three nodes, a request about every 28 ms each; a few fail, or (unless reserved)
 * stay unknown.
 */
export function background(
  untilMs: number,
  reserved: readonly number[],
  isFree: (fromMs: number, toMs: number) => boolean,
): Unindexed<Event>[] {
  const roll = dice(7);
  const events: Unindexed<Event>[] = [];
  let next = 6;
  let value = 1000;
  for (let client = 0; client < 6; client++) {
    let process = client;
    for (let ms = 20 + client * 3; ms < untilMs; ms += 18 + roll() * 20) {
      const toMs = ms + 1 + roll() * 5;
      const luck = roll();
      const status =
        luck < 0.006 && !reserved.includes(client) ? "info" : luck < 0.02 ? "fail" : "ok";
      const f = roll() < 0.4 ? "write" : "read";
      const node = `n${1 + Math.floor(roll() * 3)}`;
      if (reserved.includes(client) && !isFree(ms, toMs)) continue;
      const end = status === "info" ? toMs + 100 : toMs;
      const about = {
        process,
        f,
        key: `k${1 + Math.floor(roll() * 2)}`,
        value: value++,
        node,
      } as const;
      const error =
        status === "ok" ? {} : { error: status === "info" ? "deadline exceeded" : "refused" };
      events.push(...act({ ...about, fromMs: ms, toMs: end, status, ...error }));
      if (status !== "info") continue;
      process = next++;
      ms = end;
    }
  }
  return events;
}
