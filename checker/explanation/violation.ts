/**
 * From a certificate (a few operations that have no legal order, whatever else happened) to an anomaly that a person
 * understands in a minute: what kind it is, why there is no order, fact by fact with evidence, which faults were active,
 * and what would have been valid. Everything that is said of other orders and of remedies has been tried out.
 */
import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import type { Part } from "../history/columns.ts";
import type { Invalid } from "../history/decision.ts";
import type { Recording } from "../history/recording.ts";
import type { Model } from "../search/model.ts";
import { coreOf } from "./core.ts";
import { general } from "./general.ts";
import { registerText } from "./register.ts";
import { summed } from "./summed.ts";
import type { Text } from "./text.ts";

/** What an explanation speaks of, and where it was found. */
export interface Violation {
  readonly recording: Recording;
  /** The operations among which the certificate was found. */
  readonly part: Part;
  /** Of the very object that was judged: all that is said of orders was tried out on it. */
  readonly model: Model<unknown>;
  readonly decision: Invalid;
  readonly faults: readonly FaultSpan[];
}

/** How the routes of searches begin. */
const SEARCHED = "search";

/** Of a larger certificate some operations are told. */
const TOLD = 60;

/** Deterministic. Takes a fraction of a second, however large the certificate and its values are. Never throws. */
export function explainViolation({ recording, part, model, decision, faults }: Violation): Anomaly {
  const { certificate } = decision;
  const { columns } = part;
  const rows = [...new Set(certificate)].sort((a, b) => a - b);
  const operations = telling(part, rows).map((row) => recording.operation(row));
  const key = columns.keys[columns.key[rows[0] ?? 0] ?? 0] ?? "";
  const text = textOf({ recording, part, model, decision, faults }, key, operations, rows);
  return {
    name: "non-linearizable",
    grade: "proven",
    class: text.class,
    key,
    summary: text.summary,
    operations: rows.map((row) => columns.invoked[row] ?? row),
    notes: [],
    because: [...text.argument, ...faultLines(faults, operations), text.remedy],
    nodes: [...new Set(operations.flatMap(({ node }) => (node ? [node] : [])))].sort(),
  };
}

function textOf(
  { recording, part, model, decision }: Violation,
  key: string,
  operations: readonly Operation[],
  rows: readonly number[],
): Text {
  if (rows.length === operations.length && isRegister(model)) {
    const text = registerText(decision.class, key, operations);
    if (text !== undefined) return text;
  }
  const core = coreOf(recording, part, model, rows, decision.route.startsWith(SEARCHED));
  if (core !== undefined)
    try {
      return general(core, decision.class);
    } catch {
      // Somebody's own model may throw at an answer that nobody gave: the violation stands all the same.
    }
  return summed(decision.class, key, operations, rows.length);
}

function isRegister({ kinds }: Model<unknown>): boolean {
  return kinds.includes("read") && kinds.includes("write");
}

/** All rows or, of very many, those of the rarest kinds: the read that miscounts, not what it counts. */
function telling({ columns }: Part, rows: readonly number[]): readonly number[] {
  if (rows.length <= TOLD) return rows;
  const count = new Map<number, number>();
  const kind = (row: number): number => columns.f[row] ?? 0;
  for (const row of rows) count.set(kind(row), (count.get(kind(row)) ?? 0) + 1);
  const rarest = [...rows].sort((a, b) => (count.get(kind(a)) ?? 0) - (count.get(kind(b)) ?? 0));
  return rarest.slice(0, TOLD).sort((a, b) => a - b);
}
