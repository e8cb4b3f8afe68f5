/** A read of what nobody wrote: no level allows that. */

import type { Operation } from "../../proto/operation.ts";
import type { Anomaly, AnomalyName } from "../../proto/verdict.ts";
import { answer, begunAt, endedAt, plain } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import { FAIL } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { named, shown } from "../wording.ts";

/** `row`: of a read whose value no write had, or only writes that failed. */
export function explainThinAir(
  recording: Recording,
  row: number,
  name: AnomalyName,
  faults: readonly FaultSpan[],
): Anomaly {
  const read = recording.operation(row);
  const failed = failedWriteOf(recording, row);
  const value = shown(read.output);
  const operations = failed === undefined ? [read] : [failed, read].sort((a, b) => a.id - b.id);
  const where = `${answer(read, read.key)}`;
  const source =
    failed === undefined
      ? `No write of ${value} to ${plain(read.key)} was ever invoked, and it is not the initial value.`
      : `The only ${named(failed)} to ${plain(read.key)}, invoked at ${begunAt(failed)}, failed: it certainly did not happen.`;
  return {
    name,
    grade: "proven",
    class: failed === undefined ? "thin air" : "aborted read",
    key: read.key,
    summary:
      failed === undefined
        ? `${where}, a value that nobody wrote.`
        : `${where}, though the write of it had failed.`,
    operations: operations.map(({ id }) => id),
    notes: [],
    because: [
      `The ${named(read)} of ${plain(read.key)} was answered at ${endedAt(read)}.`,
      source,
      ...faultLines(faults, operations),
      `It would have been valid had the read returned a value that was written to ${plain(read.key)}.`,
    ],
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}

function failedWriteOf({ columns, operation }: Recording, read: number): Operation | undefined {
  for (let row = 0; row < columns.count; row++)
    if (
      columns.status[row] === FAIL &&
      columns.key[row] === columns.key[read] &&
      columns.input[row] === columns.output[read] &&
      columns.kinds[columns.f[row] as number] === "write"
    )
      return operation(row);
  return undefined;
}
