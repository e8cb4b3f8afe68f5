/** A few operations of which every order was tried, told with their sessions. */

import type { Anomaly } from "../../proto/verdict.ts";
import { begunAt, endedAt, plain } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { capital, counted, named, shown } from "../wording.ts";

/** Of more operations only so many are told, half of them from the end; all were tried. */
const TOLD = 12;

export function explainCore(
  recording: Recording,
  rows: Int32Array,
  faults: readonly FaultSpan[],
): Anomaly {
  const operations = Array.from(rows, (row) => recording.operation(row));
  const keys = [...new Set(operations.map(({ key }) => key))];
  const processes = [...new Set(operations.map(({ process }) => process))];
  const lines = operations.map((op) => {
    const answer = op.f === "read" || op.output === undefined ? "" : `, answer ${shown(op.output)}`;
    return `${capital(named(op))} of ${plain(op.key)}: ${begunAt(op)} to ${endedAt(op)}${answer}.`;
  });
  const half = TOLD / 2;
  const few =
    lines.length <= TOLD
      ? lines
      : [...lines.slice(0, half), `... ${lines.length - TOLD} more ...`, ...lines.slice(-half)];
  const [key] = keys;
  return {
    name: "non-sequential",
    grade: "proven",
    class: "no sequential order",
    ...(key === undefined || keys.length > 1 ? {} : { key }),
    summary: `No order of ${counted(operations.length, "operation")} of ${processes.length} processes on ${keys.join(", ")} explains their answers.`,
    operations: operations.map(({ id }) => id),
    notes: [],
    because: [
      ...few,
      "What a process did first must come before what it did later.",
      "All orders that respect this were tried; in each, some operation gets another answer than it got.",
      ...faultLines(faults, operations),
      "It would have been valid had one of these operations got another answer; which of them was wrong, orders alone cannot tell.",
    ],
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}
