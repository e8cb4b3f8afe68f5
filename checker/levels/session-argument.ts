/** A broken session guarantee as an argument, checked on the operations themselves before it is told. */

import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { answer, begunAt, endedAt, plain } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { canonical } from "../value.ts";
import { capital, identity, named, shown } from "../wording.ts";
import { Ways } from "./path.ts";
import { wayText } from "./proof-argument.ts";
import { INITIAL } from "./reads-from.ts";
import type { SessionViolation } from "./session-violations.ts";
import type { CausalOrder, VersionOrder } from "./version-order.ts";

interface Told {
  readonly read: Operation;
  readonly older: Operation | undefined;
  readonly newer: Operation;
  readonly knew: Operation;
  readonly led: Operation | undefined;
}

/** @returns the anomaly, or what is wrong with it. */
export function explainSession(
  recording: Recording,
  order: VersionOrder | CausalOrder,
  violation: SessionViolation,
  faults: readonly FaultSpan[],
): Anomaly | string {
  const { guarantee, older: row } = violation;
  const told: Told = {
    read: recording.operation(violation.read),
    older: row === INITIAL ? undefined : recording.operation(row),
    newer: recording.operation(violation.newer),
    knew: recording.operation(violation.knew),
    led: violation.led === undefined ? undefined : recording.operation(violation.led),
  };
  const evidence = evidenceOf(recording, order, violation, told);
  const fault = faultOf(violation, told, evidence.by);
  if (fault !== undefined) return `BUG IN THE CHECKER: ${fault}`;
  const all = [told.older, told.newer, told.knew, told.led, evidence.by, told.read];
  const operations = [...new Map(all.flatMap((op) => (op ? [[op.id, op]] : []))).values()];
  operations.sort((a, b) => a.id - b.id);
  const { read, newer } = told;
  return {
    name: guarantee,
    grade: "proven",
    class: guarantee,
    key: read.key,
    summary: `${answer(read, read.key)} (process ${read.process}), ${clauseOf(guarantee, told)}.`,
    operations: operations.map(({ id }) => id),
    notes: [],
    because: [
      ...factsOf(guarantee, told),
      evidence.text,
      ...faultLines(faults, operations),
      `It would have been valid had the read (${identity(read)}) returned ${shown(newer.input)} or a newer value.`,
    ],
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}

function clauseOf(guarantee: SessionViolation["guarantee"], { newer, led }: Told): string {
  const b = shown(newer.input);
  switch (guarantee) {
    case "read-your-writes":
      return `though it had itself written the newer ${b} before`;
    case "monotonic-reads":
      return `though it had read the newer ${b} before`;
    case "monotonic-writes":
      return `though it had read ${b} before, which process ${newer.process} wrote after that`;
    case "writes-follow-reads":
      return `though it had read ${b} before, which process ${newer.process} wrote after reading that (op ${led?.id})`;
  }
}

function factsOf(guarantee: SessionViolation["guarantee"], told: Told): string[] {
  const { read, older, newer, knew, led } = told;
  const [a, b] = [shown(read.output), shown(newer.input)];
  const before =
    guarantee === "read-your-writes"
      ? `${capital(named(newer))} of ${plain(read.key)} was acknowledged at ${endedAt(newer)}.`
      : `${capital(named(knew))} of ${plain(read.key)} was answered at ${endedAt(knew)}.`;
  const lines = [
    before,
    `The same process invoked the ${named(read)} only afterwards, at ${begunAt(read)}: it must not find anything older than ${b}.`,
  ];
  if (guarantee === "monotonic-writes" && older !== undefined)
    lines.push(
      `Process ${newer.process} wrote ${a} first (op ${older.id}) and ${b} later (op ${newer.id}): everybody must see them in this order.`,
    );
  if (guarantee === "writes-follow-reads" && led !== undefined)
    lines.push(
      `Process ${newer.process} read ${a} (op ${led.id}, answered at ${endedAt(led)}) and wrote ${b} later (op ${newer.id}): everybody must see them in this order.`,
    );
  return lines;
}

interface EvidenceText {
  readonly text: string;
  /** The operation that shows that the older value had taken effect. */
  readonly by: Operation | undefined;
}

function evidenceOf(
  recording: Recording,
  order: VersionOrder | CausalOrder,
  { older, newer }: SessionViolation,
  told: Told,
): EvidenceText {
  const [a, b] = [shown(told.read.output), shown(told.newer.input)];
  const text = (why: string): string => `${a} is older than ${b}: ${why}.`;
  if (older === INITIAL) return { text: text("it is the initial value"), by: undefined };
  if ("sessions" in order) {
    const { sessions, node } = order;
    const [from, to] = [node[older] as number, node[newer] as number];
    const way = new Ways(sessions, []).find(from, to, 0) ?? [];
    const operation = (one: number): Operation => recording.operation(sessions.row[one] as number);
    return { text: text(`${wayText(operation, from, way)}`), by: undefined };
  }
  const by = recording.operation(rowEnding(recording, order.effect[older] as number));
  const event = by.f === "write" ? "acknowledged" : "returned to a reader";
  const why = `it had been ${event} at ${endedAt(by)} (${identity(by)}) when ${named(told.newer)} was invoked, at ${begunAt(told.newer)}`;
  return { text: text(why), by };
}

function rowEnding({ columns }: Recording, rank: number): number {
  return columns.completed.indexOf(rank);
}

/** What does not hold of a violation that is about to be told. */
function faultOf(
  { guarantee }: SessionViolation,
  told: Told,
  by: Operation | undefined,
): string | undefined {
  const { read, older, newer, knew, led } = told;
  const holds = [
    newer.f === "write" && newer.key === read.key && newer.status !== "fail",
    older === undefined || returned(read, older),
    canonical(read.output ?? null) !== canonical(newer.input),
    follows(read, knew),
    guarantee === "read-your-writes" ? knew.id === newer.id : returned(knew, newer),
    by === undefined || older === undefined || by.id === older.id || returned(by, older),
    by === undefined || (by.completed ?? Number.POSITIVE_INFINITY) < newer.id,
    guarantee !== "monotonic-writes" || (older !== undefined && follows(newer, older)),
    guarantee !== "writes-follow-reads" ||
      (led !== undefined && older !== undefined && returned(led, older) && follows(newer, led)),
  ];
  const wrong = holds.indexOf(false);
  return wrong < 0 ? undefined : `condition ${wrong} of ${guarantee} does not hold`;
}

function returned(read: Operation, write: Operation): boolean {
  return (
    read.f === "read" &&
    write.f === "write" &&
    read.key === write.key &&
    canonical(read.output ?? null) === canonical(write.input)
  );
}

/** Later in the same process. */
function follows(later: Operation, earlier: Operation): boolean {
  return (
    later.process === earlier.process &&
    earlier.completed !== undefined &&
    earlier.completed < later.id
  );
}
