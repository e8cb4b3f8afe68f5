/**
 * From a certificate to an argument that a person can follow: each line a fact, the order it
 * forces, and where to find it in the history; then the contradiction, the faults meanwhile, and
 * what would have been valid.
 */

import type { Operation } from "../../proto/operation.ts";
import type { Anomaly } from "../../proto/verdict.ts";
import { type FaultSpan, faultLines } from "../faults.ts";
import { capital, ended, identity, named, seconds, shown } from "../wording.ts";
import type { Certificate, Precedence, Source } from "./certificate.ts";

export function explain(
  key: string,
  certificate: Certificate,
  faults: readonly FaultSpan[],
): Anomaly {
  const { operations } = certificate;
  const { summary, argument, remedy } = textOf(key, certificate);
  return {
    name: "non-linearizable",
    grade: "proven",
    class: certificate.class,
    key,
    summary,
    operations: operations.map((op) => op.id),
    notes: [],
    because: [...argument, ...faultLines(faults, operations), remedy],
    nodes: [...new Set(operations.map((op) => op.node))].sort(),
  };
}

interface Text {
  readonly summary: string;
  readonly argument: readonly string[];
  readonly remedy: string;
}

function textOf(key: string, certificate: Certificate): Text {
  switch (certificate.class) {
    case "thin air":
      return thinAir(key, certificate.read);
    case "aborted read":
      return abortedRead(key, certificate.read, certificate.write);
    case "future read":
      return futureRead(key, certificate.read, certificate.write);
    case "no legal order":
      return noLegalOrder(key, certificate.operations);
    default:
      return twoSided(key, certificate);
  }
}

function thinAir(key: string, read: Operation): Text {
  const value = shown(read.output);
  return {
    summary: `${read.node} answered a read of ${key} with ${value} at ${ended(read)}, a value that nobody wrote.`,
    argument: [
      `The ${named(read)} of ${key} was answered at ${ended(read)}.`,
      `No write of ${value} to ${key} was ever invoked, and it is not the initial value.`,
    ],
    remedy: `It would have been valid had the read returned a value that was written to ${key}.`,
  };
}

function abortedRead(key: string, read: Operation, write: Operation): Text {
  const value = shown(read.output);
  return {
    summary: `${read.node} answered a read of ${key} with ${value} at ${ended(read)}, though the write of it had failed.`,
    argument: [
      `The ${named(write)} to ${key}, invoked at ${seconds(write.invokedAt)}, failed: it certainly did not happen.`,
      `The ${named(read)} returned its value at ${ended(read)}.`,
      "No other write of that value was invoked.",
    ],
    remedy:
      "It would have been valid had the write not been reported as failed, or its value not been read.",
  };
}

function futureRead(key: string, read: Operation, write: Operation): Text {
  return {
    summary: `${read.node} answered a read of ${key} with ${shown(read.output)} at ${ended(read)}, before its write was invoked.`,
    argument: [
      `The ${named(read)} of ${key} was answered at ${ended(read)}.`,
      `The ${named(write)} was invoked only afterwards, at ${seconds(write.invokedAt)}, and no write of that value before it.`,
    ],
    remedy: "It would have been valid had the write been invoked before the read was answered.",
  };
}

function noLegalOrder(key: string, operations: readonly Operation[]): Text {
  const lines = operations.map(
    (op) =>
      `${capital(named(op))} of ${key} was invoked at ${seconds(op.invokedAt)} and answered at ${ended(op)}.`,
  );
  return {
    summary: `No order of ${operations.length} operations on ${key} explains their answers.`,
    argument: [
      ...lines,
      "An operation that was answered before another was invoked must come before it.",
      "All orders that respect this were tried; in each, some read does not return the value written last before it.",
    ],
    remedy:
      "It would have been valid had one of these reads returned another value; which of them was wrong, repeated values cannot tell.",
  };
}

type TwoSided = Extract<Certificate, { readonly olderFirst: Precedence }>;

function twoSided(key: string, certificate: TwoSided): Text {
  const { older, newer, olderFirst, newerFirst } = certificate;
  const [a, b] = [shown(older.value), shown(newer.value)];
  const read = newerFirst.after;
  const wish =
    newerFirst.before === undefined ? "" : ` or been invoked before ${ended(newerFirst.before)}`;
  return {
    summary: summaryOf(key, certificate),
    argument: [
      `${a} must come before ${b}: ${reason(older, olderFirst)}`,
      `${b} must come before ${a}: ${reason(newer, newerFirst)}`,
      `No order of the operations on ${key} explains both.`,
    ],
    remedy:
      `It would have been valid had the read (${identity(read)}) returned ${b},${wish}.`.replace(
        ",.",
        ".",
      ),
  };
}

function reason(first: Source, { before, after }: Precedence): string {
  const began = `${named(after)} was invoked only afterwards, at ${seconds(after.invokedAt)}.`;
  if (before === undefined) return `${shown(first.value)} is the initial value, and ${began}`;
  const verb = before.f === "write" ? "was acknowledged" : "was answered";
  return `${named(before)} ${verb} at ${ended(before)}, and ${began}`;
}

function summaryOf(key: string, { class: kind, older, newer, newerFirst }: TwoSided): string {
  const { before, after: read } = newerFirst;
  const [a, b] = [shown(older.value), shown(newer.value)];
  const answer = `${read.node} answered a read of ${key} with ${a} at ${ended(read)}`;
  if (before === undefined) return `${answer}, out of order with ${b}.`;
  switch (kind) {
    case "lost write":
      return `${answer}, though ${b} had been acknowledged at ${ended(before)}; nobody ever read ${b}.`;
    case "stale read":
      return `${answer}, though the newer ${b} had been acknowledged at ${ended(before)}.`;
    case "new-old inversion": {
      const event = before.f === "read" ? "returned to a reader" : "acknowledged";
      return `${answer}, though ${b}, which other operations show to be newer, had been ${event} at ${ended(before)}.`;
    }
  }
}
