/** History to JSON Lines and back. Anything that is not exactly a history is refused with the number of its line. */
import * as v from "valibot";
import { type Event, type Header, HISTORY_SCHEMA, type History } from "./history.ts";
import type { Json } from "./json.ts";

/** A history file that cannot be read: `line` counts from 1. */
export class HistoryFormatError extends Error {
  override readonly name = "HistoryFormatError";
  readonly line: number;
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

// A line has been through JSON.parse: whatever stands in it is JSON. (A schema of records would lose keys like "constructor".)
const json = v.custom<Json>((value) => value !== undefined, "expected a value");
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const int64 = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/, "expected an int64 in decimal"));
const line = { index: count, time: v.pipe(v.number(), v.safeInteger()) };
const facts = v.custom<{ readonly [fact: string]: Json }>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

const seen = v.strictObject({
  stamp: v.exactOptional(int64),
  by: v.exactOptional(v.string()),
  clock: v.exactOptional(v.picklist(["wall", "logical", "hybrid"])),
  epoch: v.exactOptional(count),
  served: v.exactOptional(v.string()),
});

const operation = v.strictObject({
  ...line,
  type: v.picklist(["invoke", "ok", "fail", "info"]),
  process: count,
  f: v.string(),
  key: v.string(),
  value: json,
  node: v.string(),
  error: v.exactOptional(v.string()),
  seen: v.exactOptional(seen),
  request: v.exactOptional(v.string()),
  final: v.exactOptional(v.literal(true)),
});

const fault = v.strictObject({
  ...line,
  type: v.literal("fault"),
  id: count,
  phase: v.picklist(["begin", "end"]),
  f: v.string(),
  node: v.string(),
  detail: facts,
  evidence: facts,
  effective: v.boolean(),
});

const stage = v.strictObject({
  ...line,
  type: v.literal("stage"),
  stage: v.picklist(["drive", "heal", "settle", "read", "stop"]),
});

const noted = { ...line, type: v.literal("note"), node: v.string(), arrived: count };
const aboutWrite = { epoch: count, highest: count, leader: v.string(), request: v.string() };
const note = v.variant("kind", [
  v.strictObject({ ...noted, kind: v.literal("leader-start"), epoch: count }),
  v.strictObject({ ...noted, kind: v.literal("leader-end"), epoch: count, why: v.string() }),
  v.strictObject({ ...noted, kind: v.literal("accept"), ...aboutWrite }),
  v.strictObject({ ...noted, kind: v.literal("reject"), ...aboutWrite }),
  v.strictObject({ ...noted, kind: v.literal("stall"), ms: v.number() }),
  v.strictObject({ ...noted, kind: v.literal("clock"), offsetNs: v.number(), rate: v.number() }),
  v.strictObject({ ...noted, kind: v.literal("recovered"), records: count }),
]);

const event: v.GenericSchema<Event> = v.variant("type", [operation, fault, stage, note]);

const header = v.strictObject({
  testbed: v.literal("history"),
  schema: v.literal(HISTORY_SCHEMA),
  scenario: v.string(),
  seed: v.number(),
  versions: v.record(v.string(), v.string()),
});

export function encodeLine(value: Header | Event): string {
  return `${JSON.stringify(value)}\n`;
}

export function encodeHistory(history: History): string {
  return [history.header, ...history.events].map(encodeLine).join("");
}

/** @throws HistoryFormatError naming the first line that is not a history's. */
export function decodeHistory(text: string): History {
  if (text === "") throw new HistoryFormatError(1, "the file is empty; a header line was expected");
  const lines = text.split("\n");
  if (lines.pop() !== "")
    throw new HistoryFormatError(
      lines.length + 1,
      "cut short: the last line has no newline. Remove that line to judge what came before it",
    );
  const head = decodeHeader(parse(lines[0] ?? "", 1));
  const events = lines.slice(1).map((text, index) => decodeEvent(parse(text, index + 2), index));
  return { header: head, events };
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HistoryFormatError(number, `not JSON (${String((error as Error).message)})`);
  }
}

function decodeHeader(value: unknown): Header {
  const foreign = v.safeParse(
    v.object({ testbed: v.literal("history"), schema: v.unknown() }),
    value,
  );
  if (!foreign.success) throw new HistoryFormatError(1, "not the header of a testbed history");
  if (foreign.output.schema !== HISTORY_SCHEMA)
    throw new HistoryFormatError(
      1,
      `schema version ${JSON.stringify(foreign.output.schema)}; this testbed reads version ${HISTORY_SCHEMA}`,
    );
  const result = v.safeParse(header, value);
  if (!result.success) throw new HistoryFormatError(1, describe(result.issues));
  return result.output;
}

function decodeEvent(value: unknown, index: number): Event {
  const result = v.safeParse(event, value);
  if (!result.success) throw new HistoryFormatError(index + 2, describe(result.issues));
  if (result.output.index !== index)
    throw new HistoryFormatError(
      index + 2,
      `index ${result.output.index}; ${index} was expected: a line is missing or out of order`,
    );
  return result.output;
}

function describe(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [first] = issues;
  const path = v.getDotPath(first);
  return path === null ? first.message : `${path}: ${first.message}`;
}
