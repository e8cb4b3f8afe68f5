/**
 * What a change to a history cannot do to its verdict, whatever the object is: a legal history stays legal when it is
 * told less precisely, an illegal one stays illegal when more is told. Laws hold for histories of any size, where no
 * oracle can follow.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { type Draw, pick, renamed, type Subject, valuesOf, type Workload } from "./subject.ts";
import { ranked } from "./told.ts";

export interface Law {
  readonly name: string;
  /** Which verdict it keeps. */
  readonly keeps: "valid" | "invalid" | "both";
  /** @returns `undefined` where it does not apply. */
  readonly change: (told: Told) => Operation[] | undefined;
}

export interface Told {
  readonly draw: Draw;
  readonly subject: Subject;
  readonly workload: Workload;
  readonly operations: readonly Operation[];
}

export const LAWS: readonly Law[] = [
  { name: "widened intervals", keeps: "valid", change: widened },
  { name: "without something that changes nothing", keeps: "valid", change: withoutPure },
  { name: "answers that nobody heard", keeps: "valid", change: unheard },
  { name: "one more of unknown outcome", keeps: "valid", change: oneMore },
  { name: "cut off at some event", keeps: "valid", change: cutOff },
  { name: "only some values", keeps: "valid", change: someValues },
  { name: "only one register", keeps: "valid", change: restricted },
  { name: "other values", keeps: "both", change: otherValues },
  { name: "other processes", keeps: "both", change: otherProcesses },
  { name: "another key", keeps: "both", change: anotherKey },
  { name: "later, and with gaps", keeps: "both", change: stretched },
  { name: "narrowed intervals", keeps: "invalid", change: narrowed },
  { name: "unknown outcomes that were heard", keeps: "invalid", change: heard },
  { name: "followed by more", keeps: "invalid", change: followed },
];

/** Ranks twice as far apart leave room for new events between all. */
function spread(operations: readonly Operation[], factor: number): Operation[] {
  return operations.map((op) => ({
    ...op,
    id: op.id * factor,
    completed: op.completed === undefined ? undefined : op.completed * factor,
  }));
}

/** Each of them begins earlier or ends later by some events, where its process leaves room. */
function widened({ draw, subject, operations }: Told): Operation[] {
  const far = Math.max(4, operations.length >> 2);
  const wide = spread(operations, operations.length * 4);
  const unit = operations.length * 4;
  const taken = new Set(wide.flatMap(({ id, completed }) => [id, completed]));
  const free = (rank: number, step: number): number => {
    let place = rank;
    while (taken.has(place)) place += step;
    taken.add(place);
    return place;
  };
  return ranked(
    wide.map((op) => {
      if (draw(0, 1) === 0) return op;
      const { earliest, latest } = roomOf(subject, wide, op);
      const begin = Math.max(earliest, op.id - draw(0, far) * unit - 1);
      const end = Math.min(latest, (op.completed ?? 0) + draw(0, far) * unit + 1);
      return {
        ...op,
        id: begin < op.id ? free(begin, -1) : op.id,
        completed: op.completed === undefined || end <= op.completed ? op.completed : free(end, 1),
      };
    }),
  );
}

/** Where the process matters, it does one thing at a time. */
function roomOf({ byProcess }: Subject, operations: readonly Operation[], op: Operation) {
  let [earliest, latest] = [-operations.length, Number.POSITIVE_INFINITY];
  if (byProcess !== true) return { earliest, latest };
  for (const other of operations) {
    if (other.process !== op.process || other === op) continue;
    // Less than half of the way, as the other one may move as well.
    const gap =
      other.id < op.id ? op.id - (other.completed ?? op.id) : other.id - (op.completed ?? other.id);
    const room = Math.max(0, Math.floor(gap / 2 - gap / 8));
    if (other.id < op.id) earliest = Math.max(earliest, op.id - room);
    else latest = Math.min(latest, (op.completed ?? 0) + room);
  }
  return { earliest, latest };
}

function withoutPure({ draw, subject, operations }: Told): Operation[] | undefined {
  const fewer = operations.filter((op) => !subject.pure(op) || draw(0, 2) > 0);
  return fewer.length === operations.length ? undefined : ranked(fewer);
}

/** A process that did not hear an answer does nothing more, where it matters who it is. */
function unheard({ draw, subject, operations }: Told): Operation[] | undefined {
  const last = new Map(operations.map((op) => [op.process, op.id]));
  const able = operations.filter(
    (op) => op.status === "ok" && (subject.byProcess !== true || last.get(op.process) === op.id),
  );
  if (able.length === 0) return undefined;
  // A few: what may have happened at any time is hard for the search.
  const chosen = new Set([pick(draw, able), pick(draw, able)]);
  const forgotten = operations.map((op) =>
    chosen.has(op)
      ? { ...op, status: "info" as const, output: undefined, completed: undefined }
      : op,
  );
  return ranked(forgotten);
}

function oneMore({ draw, subject, workload, operations }: Told): Operation[] {
  const wide = spread(operations, 2);
  const like = pick(draw, wide);
  const process = 1_000_000 + draw(0, 1_000);
  const serial = draw(1, operations.length + 3);
  const act = workload.invoke(draw, { serial, process, state: subject.initial });
  const one: Operation = { ...like, ...act, process, ...NEVER_HEARD, id: like.id + 1 };
  return ranked([...wide, one]);
}

const NEVER_HEARD = { status: "info", output: undefined, completed: undefined } as const;

function cutOff({ draw, operations }: Told): Operation[] {
  const last = Math.max(...operations.map(({ id, completed }) => Math.max(id, completed ?? 0)));
  return prefix(operations, draw(1, last));
}

/** What was known just after the event of this rank. */
export function prefix(operations: readonly Operation[], last: number): Operation[] {
  return operations
    .filter(({ id }) => id <= last)
    .map((op) =>
      op.completed === undefined || op.completed <= last ? op : { ...op, ...NEVER_HEARD },
    );
}

function someValues({ draw, subject, operations }: Told): Operation[] | undefined {
  const gone = new Set<number>();
  for (const op of operations)
    for (const value of valuesOf(subject, op)) if (draw(0, 3) === 0) gone.add(value);
  const rest = subject.values?.project?.(operations, (value) => !gone.has(value));
  return rest === undefined || rest.length === 0 ? undefined : ranked(rest);
}

function restricted({ draw, subject, operations }: Told): Operation[] | undefined {
  if (subject.restrictions === undefined) return undefined;
  const restrict = pick(draw, subject.restrictions);
  const rest = operations.flatMap((op) => restrict(op) ?? []);
  return rest.length === 0 ? undefined : ranked(rest);
}

/** Names that mean something to some object or other. */
const NAMES: readonly Json[] = ["__proto__", "constructor", "toString", "", "null", 0.5, -1, true];

function otherValues({ subject, operations }: Told): Operation[] | undefined {
  if (subject.values === undefined) return undefined;
  const name = subject.values.rename ?? ((value: number): Json => NAMES[value - 1] ?? `v${value}`);
  return operations.map((op) => renamed(subject, op, name));
}

function otherProcesses({ draw, operations }: Told): Operation[] {
  const shift = draw(1, 1_000_000);
  return operations.map((op) => ({ ...op, process: 1_500_000_000 - op.process * 7 - shift }));
}

function anotherKey({ operations }: Told): Operation[] {
  return operations.map((op) => ({ ...op, key: "__proto__" }));
}

function stretched({ draw, operations }: Told): Operation[] {
  const [factor, shift] = [draw(2, 9), draw(0, 1_000)];
  return spread(operations, factor).map((op) => ({
    ...op,
    id: op.id + shift,
    completed: op.completed === undefined ? undefined : op.completed + shift,
  }));
}

function narrowed({ draw, operations }: Told): Operation[] {
  const unit = 1_000;
  return ranked(
    spread(operations, unit).map((op, row) => {
      if (op.completed === undefined || draw(0, 1) === 0) return op;
      const length = (op.completed - op.id) / 2 - 2;
      // No two events are moved to the same place.
      const own = (row % 499) / 499;
      const begin = op.id + draw(0, Math.floor(length)) + own / 2;
      return { ...op, id: begin, completed: op.completed - draw(0, Math.floor(length)) - own / 2 };
    }),
  );
}

function heard({ draw, workload, operations }: Told): Operation[] | undefined {
  const last = 1 + Math.max(...operations.map(({ id, completed }) => Math.max(id, completed ?? 0)));
  const unknown = operations.filter(({ status }) => status === "info");
  if (unknown.length === 0) return undefined;
  const one = pick(draw, unknown);
  const output = workload.guess(draw, one.f, operations.length);
  return operations.map((op) =>
    op === one ? { ...op, status: "ok" as const, output, completed: last } : op,
  );
}

function followed({ operations }: Told): Operation[] {
  const far = 1 + Math.max(...operations.map(({ id, completed }) => Math.max(id, completed ?? 0)));
  const again = operations
    .filter(({ status }) => status === "ok")
    .map((op) => ({
      ...op,
      id: op.id + far,
      process: op.process + 1_000_000,
      completed: (op.completed ?? 0) + far,
    }));
  return [...operations, ...again];
}
