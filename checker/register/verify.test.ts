import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { columnsOf, FAIL, OK, type Part, partsByKey } from "../history/columns.ts";
import { register } from "../search/models/register.ts";
import { faultOfCertificate as bruteFault, faultOfOrder as replayed } from "../search/verify.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { read, story, write } from "../testdata/story.ts";
import { registerVerifier } from "./verify.ts";
import { zones } from "./zones.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);
const ROUNDS = Number(process.env["TESTBED_ROUNDS"] ?? 10_000);
const model = register(null);

function partOf(operations: readonly Operation[]): Part {
  return { columns: columnsOf(operations), rows: Int32Array.from(operations.keys()) };
}

const faultOfOrder = ({ columns, rows }: Part, order: Iterable<number>): string | undefined =>
  registerVerifier(columns).faultOfOrder(rows, null, Int32Array.from(order));
const faultOfCertificate = ({ columns, rows }: Part, rest: readonly number[]): string | undefined =>
  registerVerifier(columns).faultOfCertificate(rows, null, rest);

/** A few operations in any order, some perhaps twice. */
function randomRows(draw: (most: number) => number, rows: readonly number[]): number[] {
  const some = rows.filter(() => draw(3) > 0);
  for (let i = some.length - 1; i > 0; i--) {
    const other = draw(3) > 0 ? i : draw(i);
    [some[i], some[other]] = [some[other] ?? 0, some[i] ?? 0];
  }
  return draw(30) === 0 ? [...some, draw(rows.length)] : some;
}

function drawOf(seed: number): (most: number) => number {
  const random = xoroshiro128plus(seed);
  return (most) => Math.abs(random.next()) % (most + 1);
}

describe("passes what zones decide, and nothing that has been tampered with", () => {
  test(`random histories (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED);
    const draw = drawOf(SEED + 1);
    const met = { order: 0, legal: 0, certificate: 0, refuted: 0 };
    for (let i = 0; i < ROUNDS; i++) {
      const shape = { operations: 2 + (i % 8), processes: 2 + (i % 3), unique: i % 5 !== 0 };
      const part = partOf(randomOperations(random, shape));
      const decision = zones(part, null);
      if (decision.verdict === "valid") expect(faultOfOrder(part, decision.order)).toBe(undefined);
      if (decision.verdict === "invalid") {
        expect(faultOfCertificate(part, decision.certificate), `history ${i}`).toBe(undefined);
        for (const left of decision.certificate) {
          const fewer = decision.certificate.filter((row) => row !== left);
          const failed = part.columns.status[left] === FAIL;
          if (!failed) expect(faultOfCertificate(part, fewer), `history ${i}`).toBeDefined();
        }
      }
      const rows = randomRows(draw, [...part.rows]);
      const legal = replayed(part, model, Int32Array.from(rows)) === undefined;
      expect(faultOfOrder(part, rows) === undefined, `history ${i}: ${rows}`).toBe(legal);
      met.order++;
      if (legal) met.legal++;
      // Whatever passes has no legal order, neither alone nor with all the others.
      met.certificate++;
      if (faultOfCertificate(part, rows) !== undefined) continue;
      met.refuted++;
      expect(bruteFault(part, model, rows), `history ${i}: ${rows}`).toBe(undefined);
      expect(bruteFault(part, model, [...part.rows]), `history ${i}: ${rows}`).toBe(undefined);
    }
    for (const [what, count] of Object.entries(met))
      expect(count, what).toBeGreaterThan(ROUNDS / 200);
  });

  test(`orders of longer histories, one step changed (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED + 2);
    const draw = drawOf(SEED + 3);
    let wrong = 0;
    for (let i = 0; i < 400; i++) {
      const part = partOf(right(randomOperations(random, { ...LONG })));
      const decision = zones(part, null);
      if (decision.verdict !== "valid") throw new Error(`history ${i} is ${decision.verdict}`);
      const order = [...decision.order];
      expect(faultOfOrder(part, order)).toBe(undefined);
      const [one, other] = [draw(order.length - 1), draw(order.length - 1)];
      [order[one], order[other]] = [order[other] ?? 0, order[one] ?? 0];
      const fault = replayed(part, model, Int32Array.from(order));
      expect(faultOfOrder(part, order) === undefined, `history ${i}`).toBe(fault === undefined);
      if (fault !== undefined) wrong++;
    }
    expect(wrong).toBeGreaterThan(300);
  });

  const LONG = { operations: 60, processes: 4, unique: true };

  const stale = [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)];
  const part = partOf(operationsOf(story(...stale)));
  const legal = partOf(operationsOf(story(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5))));

  test.each([
    ["an order without what was acknowledged", [0, 1], "row 2 happened and is missing"],
    ["an order with an operation twice", [0, 1, 1, 2], "row 1 does not belong there or occurs"],
    ["an order with a foreign row", [0, 1, 2, 3], "row 3 does not belong there"],
    ["an order with a row below zero", [-1, 0, 1, 2], "row -1 does not belong there"],
    ["an order against real time", [0, 2, 1], "row 1 is placed after"],
    ["an order whose answers are wrong", [1, 0, 2], "row 1 cannot have been answered"],
  ])("%s", (_, order, fault) => expect(faultOfOrder(legal, order)).toContain(fault));

  test("an order with what failed, or with a read that nobody answered", () => {
    const { columns, rows } = legal;
    const changed = (status: number) => ({
      columns: { ...columns, status: Uint8Array.of(OK, status, OK) },
      rows,
    });
    expect(faultOfOrder(changed(1), [0, 1, 2])).toBe("row 1 did not happen");
    expect(faultOfOrder(changed(2), [0, 1, 2])).toBe("row 1 has no answer");
  });

  test.each([
    ["nothing", [], "there is nothing in it"],
    ["a row twice", [0, 1, 2, 2], "a row occurs twice"],
    ["a foreign row", [0, 1, 2, 7], "row 7 is not of this part"],
    ["without the older write", [1, 2], "another operation may have written 1"],
    ["without the newer write", [0, 2], "what was read may have been written before"],
    ["without the read", [0, 1], "one of the two values may come first"],
  ])("a certificate: %s", (_, rows, fault) => {
    expect(faultOfCertificate(part, [0, 1, 2])).toBe(undefined);
    expect(faultOfCertificate(part, rows)).toContain(fault);
  });

  test("a certificate whose ranks are changed", () => {
    const { columns, rows } = part;
    const changed = (invoked: readonly number[], completed: readonly number[]) =>
      faultOfCertificate(
        {
          columns: {
            ...columns,
            invoked: Int32Array.from(invoked),
            completed: Int32Array.from(completed),
          },
          rows,
        },
        [0, 1, 2],
      );
    expect(changed([0, 2, 4], [1, 3, 5])).toBe(undefined);
    expect(changed([0, 2, 3], [1, 4, 5])).toContain("may come first");
    expect(changed([0, 1, 4], [2, 3, 5])).toContain("may come first");
  });

  test("a certificate of a value that somebody else has written too", () => {
    const twice = partOf(operationsOf(story(...stale, write(1, 6, 7))));
    expect(faultOfCertificate(twice, [0, 1, 2])).toContain("another operation may have written 1");
    expect(faultOfCertificate(twice, [0, 1, 2, 3])).toContain("1 was not written exactly once");
    const back = partOf(operationsOf(story(write(1, 0, 1), write(null, 2, 3), read(null, 4, 5))));
    expect(faultOfCertificate(back, [0, 1, 2])).toContain("null was not written exactly once");
  });

  test("keys one after the other", () => {
    const events = [write(1, 0, 1, { key: "x" }), read(null, 2, 3, { key: "y" })];
    const columns = columnsOf(operationsOf(story(...events, read(null, 4, 5, { key: "x" }))));
    const verifier = registerVerifier(columns);
    const [x, y] = partsByKey(columns).map(({ rows }) => rows);
    if (x === undefined || y === undefined) throw new Error("there are two keys");
    for (let times = 0; times < 2; times++) {
      expect(verifier.faultOfOrder(y, null, Int32Array.of(1))).toBe(undefined);
      expect(verifier.faultOfOrder(y, null, Int32Array.of(1, 2))).toContain("row 2 does not");
      expect(verifier.faultOfCertificate(x, null, [0, 2])).toBe(undefined);
      expect(verifier.faultOfCertificate(x, null, [0, 1, 2])).toContain("row 1 is not of this");
    }
  });
});

/** Reads answer what a register would have, applied as they complete. */
function right(operations: readonly Operation[]): Operation[] {
  const answers = new Map<number, Operation["output"]>();
  let state: Operation["output"] = null;
  const ends = operations.filter(({ status }) => status === "ok");
  for (const op of ends.sort((a, b) => (a.completed ?? 0) - (b.completed ?? 0)))
    if (op.f === "write") state = op.input;
    else answers.set(op.id, state);
  return operations.map((op) => (answers.has(op.id) ? { ...op, output: answers.get(op.id) } : op));
}
