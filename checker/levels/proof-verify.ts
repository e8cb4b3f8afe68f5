/**
 * Checks a proof on the operations as they were recorded, with none of the code that found it: every step, every
 * lemma, and that the level allows for its lemmas.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { FAIL } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { canonical } from "../value.ts";
import type { Step } from "./path.ts";
import type { Lemma, Proof } from "./proof.ts";
import type { Sessions } from "./sessions.ts";

export type Level = "cc" | "ccv" | "cm" | "sequential";

/** @returns what is wrong with the proof, or `undefined`. */
export function faultOfProof(
  { lemmas, cycle }: Proof,
  sessions: Sessions,
  recording: Recording,
  initial: Json,
  level: Level,
): string | undefined {
  const operation = (node: number): Operation => recording.operation(sessions.row[node] as number);
  const known = new Set<object>();
  const check = new Steps(operation, recording, initial, known);
  for (const lemma of lemmas) {
    const fault = check.lemma(lemma) ?? allowed(lemma, level);
    if (fault !== undefined) return fault;
    known.add(lemma.derived);
  }
  if (level === "cc" && lemmas.length > 1) return "a proof for cc needs one lemma at most";
  if (
    level === "cm" &&
    new Set(lemmas.map(({ derived }) => operation(derived.via).process)).size > 1
  )
    return "a proof for cm uses the reads of several sessions";
  const first = cycle[0]?.from;
  if (first === undefined) return "there is no cycle";
  return check.way(cycle, first, first);
}

/** Only sessions that saturate (`cm`, `sequential`) derive from what was derived. */
function allowed({ way }: Lemma, level: Level): string | undefined {
  const nested = way.some(({ why }) => typeof why === "object");
  return nested && (level === "cc" || level === "ccv") ? "a lemma uses another lemma" : undefined;
}

class Steps {
  readonly #operation: (node: number) => Operation;
  readonly #recording: Recording;
  readonly #initial: Json;
  readonly #known: ReadonlySet<object>;
  #written: Map<number, number> | undefined;

  constructor(
    operation: (node: number) => Operation,
    recording: Recording,
    initial: Json,
    known: ReadonlySet<object>,
  ) {
    this.#operation = operation;
    this.#recording = recording;
    this.#initial = initial;
    this.#known = known;
  }

  way(steps: readonly Step[], from: number, to: number): string | undefined {
    let at = from;
    for (const step of steps) {
      if (step.from !== at) return "a way has a gap";
      const fault = this.#step(step);
      if (fault !== undefined) return fault;
      at = step.to;
    }
    return at === to ? undefined : "a way ends elsewhere";
  }

  #step({ from, to, why }: Step): string | undefined {
    const [a, b] = [this.#operation(from), this.#operation(to)];
    if (why === "read")
      return this.#reads(b, a) ? undefined : `op ${b.id} did not return what op ${a.id} wrote`;
    if (why === "session") {
      const after = a.process === b.process && a.completed !== undefined && a.completed < b.id;
      return after ? undefined : `op ${b.id} does not follow op ${a.id} in its process`;
    }
    return this.#known.has(why) && why.from === from && why.to === to
      ? undefined
      : "a step uses what was not shown before";
  }

  lemma({ derived, way }: Lemma): string | undefined {
    const { from, to, via, rule } = derived;
    const [a, b, read] = [this.#operation(from), this.#operation(to), this.#operation(via)];
    const happened = b.f === "write" && b.status !== "fail";
    if (!happened) return `op ${b.id} is no write that happened`;
    if (rule === "before") {
      const other = a.f === "write" && a.status !== "fail" && a.id !== b.id && a.key === b.key;
      if (!other || !this.#reads(read, b)) return `op ${a.id} need not come before op ${b.id}`;
      return this.way(way, from, via);
    }
    if (from !== via) return "a lemma is about another read than its own";
    if (rule === "initial") return this.#beforeAll(read, b);
    const source = way[0]?.from;
    if (source === undefined || source === to) return "a lemma has no other write";
    const written = this.#operation(source);
    if (!this.#reads(read, written) || written.key !== b.key)
      return `op ${read.id} need not come before op ${b.id}`;
    return this.way(way, source, to);
  }

  #beforeAll(read: Operation, write: Operation): string | undefined {
    const initial =
      read.f === "read" &&
      read.status === "ok" &&
      read.key === write.key &&
      canonical(read.output ?? null) === canonical(this.#initial);
    return initial && this.#writers(read.key, this.#initial) === 0
      ? undefined
      : `op ${read.id} did not return the initial value for sure`;
  }

  /** Did the read return what this write wrote, and no other one? */
  #reads(read: Operation, write: Operation): boolean {
    return (
      read.f === "read" &&
      read.status === "ok" &&
      write.f === "write" &&
      write.status !== "fail" &&
      read.key === write.key &&
      canonical(read.output ?? null) === canonical(write.input) &&
      canonical(write.input) !== canonical(this.#initial) &&
      this.#writers(write.key, write.input) === 1
    );
  }

  #writers(name: string, value: Json): number {
    this.#written ??= writesByValue(this.#recording);
    const { columns } = this.#recording;
    const id = columns.values.find(value);
    if (id === undefined) return 0;
    return this.#written.get(columns.keys.indexOf(name) * columns.values.size + id) ?? 0;
  }
}

/** How many writes that did not fail there are of each value to each key: by key times values plus value. */
function writesByValue({ columns }: Recording): Map<number, number> {
  const written = new Map<number, number>();
  const write = columns.kinds.indexOf("write");
  for (let row = 0; row < columns.count; row++) {
    if (columns.f[row] !== write || columns.status[row] === FAIL) continue;
    const name =
      (columns.key[row] as number) * columns.values.size + (columns.input[row] as number);
    written.set(name, (written.get(name) ?? 0) + 1);
  }
  return written;
}
