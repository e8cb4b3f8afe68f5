/** From a bad pattern to an argument that a person can follow; verified before it is told. */

import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { answer } from "../explanation/words.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { identity, shown } from "../wording.ts";
import type { CausalLevel, Finding } from "./causal-patterns.ts";
import type { Proof } from "./proof.ts";
import { argumentOf } from "./proof-argument.ts";
import { faultOfProof, type Level } from "./proof-verify.ts";
import type { Sessions } from "./sessions.ts";

/** Sequential consistency has one pattern more. */
export interface CyclicOrder extends Omit<Finding, "pattern"> {
  readonly pattern: "CyclicOrder";
}

type Shown = Pick<Finding | CyclicOrder, "pattern">;

/** The weakest level that the pattern refutes; what refutes that one refutes stronger ones, too. */
function weakest(pattern: Shown["pattern"]): Level {
  switch (pattern) {
    case "CyclicOrder":
      return "sequential";
    case "CyclicCF":
      return "ccv";
    case "CyclicHB":
    case "WriteHBInitRead":
      return "cm";
    default:
      return "cc";
  }
}

/** @returns the anomaly, or why it is not proven. */
export function explainCausal(
  recording: Recording,
  sessions: Sessions,
  finding: Finding | CyclicOrder,
  level: CausalLevel | "sequential",
  initial: Json,
  faults: readonly FaultSpan[],
): Anomaly | string {
  const proof = finding.prove();
  if (proof === undefined) return `COULD NOT VERIFY: the proof of ${finding.pattern} is too long`;
  const needs = weakest(finding.pattern);
  const fault = faultOfProof(proof, sessions, recording, initial, needs);
  if (fault !== undefined)
    return `BUG IN THE CHECKER: the proof of ${finding.pattern} is wrong: ${fault}`;
  const memo = new Map<number, Operation>();
  const operation = (node: number): Operation => {
    const known = memo.get(node) ?? recording.operation(sessions.row[node] as number);
    memo.set(node, known);
    return known;
  };
  const { operations, because } = argumentOf(proof, operation);
  const read = readOf(proof, operation);
  const key = read?.key ?? operations[0]?.key;
  return {
    name: level === "sequential" ? "non-sequential" : "non-causal",
    grade: "proven",
    class: finding.pattern,
    ...(key === undefined ? {} : { key }),
    summary: summaryOf(finding, read, operations, level),
    operations: operations.map(({ id }) => id),
    notes: [],
    because: [
      ...because,
      ...faultLines(faults, operations),
      remedyOf(finding, read, proof, operation),
    ],
    nodes: [...new Set(operations.map(({ node }) => node))].sort(),
  };
}

/** The read by which the last order was derived. */
function readOf({ lemmas }: Proof, operation: (node: number) => Operation): Operation | undefined {
  const last = lemmas.at(-1);
  return last === undefined ? undefined : operation(last.derived.via);
}

function summaryOf(
  { pattern }: Shown,
  read: Operation | undefined,
  operations: readonly Operation[],
  level: CausalLevel | "sequential",
): string {
  if (read === undefined)
    return `${operations.length} operations each depend on the next, in a circle: a read returned what only it made possible.`;
  const answered = answer(read, read.key);
  switch (pattern) {
    case "WriteCOInitRead":
      return `${answered}, the initial value, though process ${read.process} depended on a write of that key.`;
    case "WriteCORead":
      return `${answered}, though process ${read.process} depended on a value that was written in knowledge of this one.`;
    case "WriteHBInitRead":
      return `${answered}, the initial value, though all that process ${read.process} saw puts a write of that key before.`;
    case "CyclicHB":
      return `${answered}, and no order of what process ${read.process} knew of explains all that it read.`;
    case "CyclicOrder":
      return `${answered}, and no single order of all operations explains what all sessions read.`;
    default:
      return `${answered}, and no order of the concurrent writes explains what all sessions read (${level}).`;
  }
}

function remedyOf(
  { pattern }: Shown,
  read: Operation | undefined,
  { lemmas }: Proof,
  operation: (node: number) => Operation,
): string {
  const last = lemmas.at(-1)?.derived;
  if (read === undefined || last === undefined)
    return "It would have been valid had one of these reads returned a value that was written before.";
  const newer = operation(last.rule === "before" ? last.from : last.to);
  const others =
    pattern.startsWith("Cyclic") && pattern !== "CyclicHB"
      ? ", or had the other session read in the same order"
      : "";
  return `It would have been valid had the read (${identity(read)}) returned ${shown(newer.input)}${others}.`;
}
