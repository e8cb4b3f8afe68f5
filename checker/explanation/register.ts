/** The words for a register's violations: each line a fact, the order that it forces, and where to find it. */
import type { Operation } from "../../proto/operation.ts";
import { type Precedence, type Source, type TwoSides, twoSidesOf } from "./register-parts.ts";
import type { Text } from "./text.ts";
import { answer, begunAt, brief, endedAt, identity, phrase, plain } from "./words.ts";

/** @returns `undefined` when the operations do not show what the class says. */
export function registerText(
  kind: string,
  key: string,
  operations: readonly Operation[],
): Text | undefined {
  if (operations.some(({ f }) => f !== "read" && f !== "write")) return undefined;
  const texts = textsOf(kind, plain(key), operations);
  return texts === undefined ? undefined : { class: kind, ...texts };
}

type Words = Omit<Text, "class">;

function textsOf(kind: string, key: string, operations: readonly Operation[]): Words | undefined {
  const read = operations.find(({ f }) => f === "read");
  const write = operations.find(({ f }) => f === "write");
  if (read === undefined) return undefined;
  switch (kind) {
    case "thin air":
      return operations.length === 1 ? thinAir(key, read) : undefined;
    case "aborted read":
      return write?.status === "fail" ? abortedRead(key, read, write) : undefined;
    case "future read":
      return write === undefined || operations.length > 2
        ? undefined
        : futureRead(key, read, write);
    case "stale read":
    case "lost write":
    case "new-old inversion": {
      const sides = twoSidesOf(operations);
      return sides === undefined ? undefined : twoSided(kind, key, sides);
    }
    default:
      return undefined;
  }
}

function thinAir(key: string, read: Operation): Words {
  const value = brief(read.output);
  return {
    summary: `${answer(read, key)}, a value that nobody wrote.`,
    argument: [
      `The ${named(read)} of ${key} was answered at ${endedAt(read)}.`,
      `No write of ${value} to ${key} was ever invoked, and it is not the initial value.`,
    ],
    remedy: `It would have been valid had the read returned a value that was written to ${key}.`,
  };
}

function abortedRead(key: string, read: Operation, write: Operation): Words {
  return {
    summary: `${answer(read, key)}, though the write of it had failed.`,
    argument: [
      `The ${named(write)} to ${key}, invoked at ${begunAt(write)}, failed: it certainly did not happen.`,
      `The ${named(read)} returned its value at ${endedAt(read)}.`,
      "No other write of that value was invoked.",
    ],
    remedy:
      "It would have been valid had the write not been reported as failed, or its value not been read.",
  };
}

function futureRead(key: string, read: Operation, write: Operation): Words {
  return {
    summary: `${answer(read, key)}, before its write was invoked.`,
    argument: [
      `The ${named(read)} of ${key} was answered at ${endedAt(read)}.`,
      `The ${named(write)} was invoked only afterwards, at ${begunAt(write)}, and no write of that value before it.`,
    ],
    remedy: "It would have been valid had the write been invoked before the read was answered.",
  };
}

function twoSided(kind: string, key: string, sides: TwoSides): Words {
  const { older, newer, olderFirst, newerFirst } = sides;
  const [a, b] = [brief(older.value), brief(newer.value)];
  const { before, after: read } = newerFirst;
  const wish = before === undefined ? "" : `, or been invoked before ${endedAt(before)}`;
  return {
    summary: summaryOf(kind, key, sides),
    argument: [
      `${a} must come before ${b}: ${reason(older, olderFirst)}`,
      `${b} must come before ${a}: ${reason(newer, newerFirst)}`,
      `No order of the operations on ${key} explains both.`,
    ],
    remedy: `It would have been valid had the read (${identity(read)}) returned ${b}${wish}.`,
  };
}

function reason(first: Source, { before, after }: Precedence): string {
  const began = `${named(after)} was invoked only afterwards, at ${begunAt(after)}.`;
  if (before === undefined) return `${brief(first.value)} is the initial value, and ${began}`;
  const verb = before.f === "write" ? "was acknowledged" : "was answered";
  return `${named(before)} ${verb} at ${endedAt(before)}, and ${began}`;
}

function summaryOf(kind: string, key: string, { newer, newerFirst }: TwoSides): string {
  const { before, after: read } = newerFirst;
  const b = brief(newer.value);
  const answered = answer(read, key);
  if (before === undefined) return `${answered}, out of order with ${b}.`;
  const at = endedAt(before);
  if (kind === "lost write")
    return `${answered}, though ${b} had been acknowledged at ${at}; nobody ever read ${b}.`;
  if (kind === "stale read")
    return `${answered}, though the newer ${b} had been acknowledged at ${at}.`;
  const event = before.f === "read" ? "returned to a reader" : "acknowledged";
  return `${answered}, though ${b}, which other operations show to be newer, had been ${event} at ${at}.`;
}

function named(op: Operation): string {
  return `${phrase(op, false)} (${identity(op)})`;
}
