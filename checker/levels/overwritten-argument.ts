/** A read that returned what a regular or safe register cannot, told as an argument. */

import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { answer, begunAt, endedAt, plain } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import { FAIL } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { capital, identity, milliseconds, named, shown } from "../wording.ts";
import { explainThinAir } from "./thin-air.ts";
import { INITIALLY, NONE, type WriteTimes } from "./write-times.ts";

type Name = "non-regular" | "non-safe";

export function explainOverwritten(
  recording: Recording,
  row: number,
  times: WriteTimes,
  name: Name,
  faults: readonly FaultSpan[],
): Anomaly {
  const { columns } = recording;
  const source = times.sourceOf(columns.output[row] as number, columns.completed[row] as number);
  if (source === NONE) {
    const later = laterWriteOf(recording, row);
    if (later === undefined) return explainThinAir(recording, row, name, faults);
    return futureRead(recording.operation(row), later, name, faults);
  }
  const older = source === INITIALLY ? undefined : recording.operation(source);
  const newer = recording.operation(times.overwriter(source));
  return staleRead(recording.operation(row), older, newer, name, faults);
}

/** A write of the value that was invoked only after the read had ended. */
function laterWriteOf({ columns, operation }: Recording, read: number): Operation | undefined {
  for (let row = read + 1; row < columns.count; row++)
    if (
      columns.status[row] !== FAIL &&
      columns.key[row] === columns.key[read] &&
      columns.input[row] === columns.output[read] &&
      columns.kinds[columns.f[row] as number] === "write"
    )
      return operation(row);
  return undefined;
}

function futureRead(
  read: Operation,
  write: Operation,
  name: Name,
  faults: readonly FaultSpan[],
): Anomaly {
  return {
    ...anomaly([read, write], name, "future read"),
    summary: `${answer(read, read.key)}, before its write was invoked.`,
    because: [
      `The ${named(read)} of ${plain(read.key)} was answered at ${endedAt(read)}.`,
      `The ${named(write)} was invoked only afterwards, at ${begunAt(write)}, and no write of that value before it.`,
      ...faultLines(faults, [read, write]),
      "It would have been valid had the write been invoked before the read was answered.",
    ],
  };
}

function staleRead(
  read: Operation,
  older: Operation | undefined,
  newer: Operation,
  name: Name,
  faults: readonly FaultSpan[],
): Anomaly {
  const operations = older === undefined ? [newer, read] : [older, newer, read];
  const ns = read.invokedAt - (newer.completedAt ?? read.invokedAt);
  const late = Number.isNaN(ns) ? "" : `${milliseconds(ns)} `;
  const [a, b] = [shown(read.output), shown(newer.input)];
  return {
    ...anomaly(operations, name, "stale read"),
    summary: `${answer(read, read.key)}, though the newer ${b} had been acknowledged ${late}before the read began.`,
    because: [
      older === undefined
        ? `${a} is the initial value of ${plain(read.key)}.`
        : `${capital(named(older))} of ${plain(read.key)}, the last write of ${a} that could have supplied the read, was acknowledged at ${endedAt(older)}.`,
      `${capital(named(newer))} was invoked ${older === undefined ? "" : "only afterwards, "}at ${begunAt(newer)}, so ${b} replaced ${a}; it was acknowledged at ${endedAt(newer)}.`,
      `The ${named(read)} was invoked only afterwards, at ${begunAt(read)}: when it began, ${a} was certainly gone.`,
      ...faultLines(faults, operations),
      `It would have been valid had the read (${identity(read)}) returned ${b} or a value written later, or been invoked before ${endedAt(newer)}.`,
    ],
  };
}

function anomaly(
  operations: readonly Operation[],
  name: Name,
  kind: string,
): Omit<Anomaly, "summary" | "because"> {
  const [first] = operations;
  return {
    name,
    grade: "proven",
    class: kind,
    ...(first === undefined ? {} : { key: first.key }),
    operations: operations.map(({ id }) => id).sort((x, y) => x - y),
    notes: [],
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}
