/** A read that was too stale, told as an argument: when its value took effect, when it was replaced, when it was read. */

import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { answer, begunAt, endedAt, plain } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import { FAIL, OK, type Part } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { capital, counted, identity, milliseconds, named, shown } from "../wording.ts";

export interface Stale {
  readonly part: Part;
  readonly row: number;
  readonly ms: number;
  readonly behind: number;
}

export function explainStale(
  recording: Recording,
  { part, row, ms, behind }: Stale,
  bound: string,
  faults: readonly FaultSpan[],
): Anomaly {
  const read = recording.operation(row);
  const { effect, newer, replaced } = replacementOf(part, row);
  const tell = (one: number | undefined): Operation | undefined =>
    one === undefined ? undefined : recording.operation(one);
  const [took, write, showed] = [tell(effect), tell(newer), tell(replaced)];
  const [a, b] = [shown(read.output), shown(write?.input)];
  const all = [took, write, showed, read].flatMap((op) => (op === undefined ? [] : [op]));
  const operations = [...new Map(all.map((op) => [op.id, op])).values()].sort(
    (x, y) => x.id - y.id,
  );
  const late = milliseconds(Math.round(ms * 1e6));
  const because = [
    took === undefined
      ? `${a} is the initial value of ${plain(read.key)}.`
      : `${a} had taken effect at ${endedAt(took)}: ${eventOf(took)}.`,
    ...(write === undefined
      ? []
      : [
          `${capital(named(write))} was invoked ${took === undefined ? "" : "only afterwards, "}at ${begunAt(write)}, so ${b} replaced ${a}.`,
        ]),
    ...(showed === undefined
      ? []
      : [`${b} had taken effect at ${endedAt(showed)}: ${eventOf(showed)}.`]),
    `The ${named(read)} was invoked ${late} after that, at ${begunAt(read)}, and was at least ${counted(behind, "version")} behind; allowed was ${bound}.`,
    ...faultLines(faults, operations),
    `It would have been within the bound had the read (${identity(read)}) returned ${b} or a value written later.`,
  ];
  return {
    name: "stale-read",
    grade: "proven",
    class: "stale read",
    key: read.key,
    summary: `${answer(read, read.key)}, ${late} and ${counted(behind, "version")} stale when it began.`,
    operations: operations.map(({ id }) => id),
    notes: [],
    because,
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}

function eventOf(op: Operation): string {
  return `${named(op)} was ${op.f === "write" ? "acknowledged" : "answered"} then`;
}

/** Rows: who shows that the value had taken effect, the first write that certainly replaced it, and who shows that. */
function replacementOf({ columns, rows }: Part, read: number) {
  const { input, output, status, invokedAt, completedAt } = columns;
  const isWrite = (row: number): boolean => columns.kinds[columns.f[row] as number] === "write";
  const valueAt = (row: number): number => (isWrite(row) ? input[row] : output[row]) as number;
  const value = output[read] as number;
  const written = rows.some((row) => isWrite(row) && status[row] !== FAIL && input[row] === value);
  /** By value: the operation on it that ended first. */
  const first = new Map<number, number>();
  for (const row of rows) {
    if (status[row] !== OK) continue;
    const known = first.get(valueAt(row));
    if (known === undefined || (completedAt[row] as number) < (completedAt[known] as number))
      first.set(valueAt(row), row);
  }
  const effect = written ? first.get(value) : undefined;
  const since = effect === undefined ? Number.NEGATIVE_INFINITY : (completedAt[effect] as number);
  let [newer, replaced]: [number | undefined, number | undefined] = [undefined, undefined];
  for (const row of rows) {
    if (!isWrite(row) || status[row] === FAIL || (invokedAt[row] as number) <= since) continue;
    const shows = first.get(valueAt(row));
    if (shows === undefined || valueAt(row) === value) continue;
    const sooner =
      replaced === undefined || (completedAt[shows] as number) < (completedAt[replaced] as number);
    if (sooner) [newer, replaced] = [row, shows];
  }
  return { effect, newer, replaced };
}
