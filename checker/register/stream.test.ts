import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../proto/operation.ts";
import { columnsOf } from "../history/columns.ts";
import { Interner } from "../history/intern.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { RegisterStream } from "./stream.ts";
import { zones } from "./zones.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 5_000);

/** The history as it looked just after the event `last`; what `random-history` calls info has no event of its own. */
function prefix(operations: readonly Operation[], last: number): Operation[] {
  return operations
    .filter((op) => op.id <= last)
    .map((op) =>
      op.completed === undefined || op.completed <= last
        ? op
        : { ...op, status: "info", output: undefined, completed: undefined },
    );
}

function batch(operations: readonly Operation[]): string {
  const columns = columnsOf(operations);
  return zones({ columns, rows: Int32Array.from(operations.keys()) }, null).verdict;
}

/** Tells the stream of the event, if one of the operations has it. */
function tell(
  stream: RegisterStream,
  values: Interner,
  operations: readonly Operation[],
  rank: number,
): void {
  for (const op of operations) {
    const isRead = op.f === "read";
    if (op.id === rank && isRead) stream.invokeRead(rank);
    if (op.id === rank && !isRead) stream.invokeWrite(values.id(op.input), rank);
    if (op.completed !== rank) continue;
    if (isRead && op.status === "fail") stream.dropRead(op.id, rank);
    else if (isRead) stream.okRead(op.id, values.id(op.output ?? null), rank);
    else if (op.status === "fail") stream.failWrite(values.id(op.input), rank);
    else stream.okWrite(values.id(op.input), rank);
  }
}

describe("after every event the stream says what zones say of the history so far", () => {
  for (const size of [8, 60])
    test(`random histories of up to ${size} operations (seed ${SEED})`, () => {
      const random = xoroshiro128plus(SEED + size);
      const met = { valid: 0, invalid: 0, inapplicable: 0 };
      for (let i = 0; i < (ROUNDS * 8) / size; i++) {
        const operations = mostlyRight(
          randomOperations(random, {
            operations: uniformInt(random, 2, size),
            processes: uniformInt(random, 2, 6),
            unique: i % 8 !== 0,
          }),
          () => uniformInt(random, 0, 999) < (i % 3 === 0 ? 1000 : 40),
        );
        met[follow(operations, `history ${i}`)]++;
      }
      for (const count of Object.values(met)) expect(count).toBeGreaterThan(ROUNDS / 200);
    });
});

function follow(
  operations: readonly Operation[],
  what: string,
): "valid" | "invalid" | "inapplicable" {
  const values = new Interner();
  const stream = new RegisterStream(values.id(null));
  const end = Math.max(...operations.map((op) => Math.max(op.id, op.completed ?? 0)));
  for (let rank = 0; rank <= end; rank++) {
    tell(stream, values, operations, rank);
    if (stream.alarm?.kind === "written twice") return "inapplicable";
    const verdict = batch(prefix(operations, rank));
    if (verdict === "inapplicable") return "inapplicable";
    expect(stream.alarm === undefined ? "valid" : "invalid", `${what} after ${rank}`).toBe(verdict);
  }
  return stream.alarm === undefined ? "valid" : "invalid";
}

/** Answers become right, but for those that `keep` says. */
function mostlyRight(operations: readonly Operation[], keep: () => boolean): Operation[] {
  const answers = new Map<number, Operation["output"]>();
  let state: Operation["output"] = null;
  const ended = operations.filter(({ status }) => status === "ok");
  for (const op of ended.sort((a, b) => (a.completed ?? 0) - (b.completed ?? 0))) {
    if (op.f === "write") state = op.input;
    else if (!keep()) answers.set(op.id, state);
  }
  return operations.map((op) => (answers.has(op.id) ? { ...op, output: answers.get(op.id) } : op));
}

test("it remembers only what is still open, and writes of unknown outcome", () => {
  const stream = new RegisterStream(0);
  let rank = 0;
  let most = 0;
  for (let value = 1; value <= 100_000; value++) {
    const read = rank++;
    stream.invokeRead(read);
    stream.invokeWrite(value, rank++);
    if (value % 100 === 0) stream.dropRead(read, rank++);
    else stream.okRead(read, value % 100 === 1 ? Math.max(0, value - 2) : value - 1, rank++);
    if (value % 100 !== 0) stream.okWrite(value, rank++);
    most = Math.max(most, stream.remembered);
    if (value % 1000 === 0) expect(stream.remembered).toBeLessThan(20 + value / 100);
  }
  expect(stream.alarm).toBe(undefined);
  expect(most).toBeLessThan(1_020);
});
