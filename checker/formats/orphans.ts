/**
 * Answers whose invocations are lost. What such an operation asked is known where the answers of its kind say it: a
 * `write` that is acknowledged with what was written, a `read` that asks nothing. Whether they do is learnt from the
 * operations that are whole.
 */
import type { Json } from "../../proto/json.ts";
import { INFO, NEVER, OK, UNKNOWN } from "../history/columns.ts";
import type { Clients } from "./clients.ts";
import type { ForeignEvent } from "./foreign-event.ts";

export interface Orphan {
  readonly event: ForeignEvent;
  readonly index: number;
  readonly time: number;
}

/** A row that is not in the columns yet: it begins before all others. */
export interface FoundRow {
  readonly f: number;
  readonly key: number;
  readonly process: number;
  readonly status: number;
  readonly input: number;
  readonly output: number;
  readonly completed: number;
  readonly completedAt: number;
  readonly event: ForeignEvent;
}

interface Ids {
  readonly all: readonly string[];
  id(value: string): number;
}

/** Ids of `null`, which asks nothing. */
const NOTHING = 0;

export class Orphans {
  readonly #all: Orphan[] = [];
  /** By kind: whether all answers repeated what was asked, and whether nothing was ever asked. */
  readonly #kinds = new Map<string, { echoes: boolean; asksNothing: boolean }>([
    ["read", { echoes: false, asksNothing: true }],
    ["write", { echoes: true, asksNothing: false }],
  ]);

  learn(f: string, input: number, output: number): void {
    const kind = this.#kinds.get(f);
    if (kind === undefined) {
      this.#kinds.set(f, { echoes: input === output, asksNothing: input === NOTHING });
      return;
    }
    kind.echoes &&= input === output;
    kind.asksNothing &&= input === NOTHING;
  }

  /** @returns whether it may become an operation. What failed need not. */
  take(orphan: Orphan): boolean {
    if (orphan.event.type === "fail") return false;
    this.#all.push(orphan);
    return true;
  }

  rows(
    names: { kinds: Ids; keys: Ids; values: { id(value: Json): number } },
    clients: Clients,
  ): FoundRow[] {
    const keyless = names.keys.all.every((key) => key === "");
    return this.#all.flatMap(({ event, index, time }) => {
      if (event.key === undefined && !keyless) return [];
      const kind = this.#kinds.get(event.f);
      const asksNothing = kind?.asksNothing === true;
      const asked = asksNothing ? null : kind?.echoes === true ? event.value : null;
      if (!asksNothing && asked === null) return [];
      const ok = event.type === "ok";
      return [
        {
          f: names.kinds.id(event.f),
          key: names.keys.id(event.key ?? ""),
          process: clients.fresh(event.process),
          status: ok ? OK : INFO,
          input: names.values.id(asked),
          output: ok ? names.values.id(event.value) : UNKNOWN,
          completed: ok ? index : NEVER,
          completedAt: ok ? time : Number.NaN,
          event,
        },
      ];
    });
  }
}
