import { describe, expect, test } from "vitest";
import { type Operation, operationsOf } from "../../proto/operation.ts";
import { register, registerModel } from "../models/register.ts";
import { read, story, write } from "../testdata/story.ts";
import { judgeKey } from "./judge.ts";
import { certificateVerifier, faultOfOrder } from "./verify.ts";

const model = registerModel(register());

describe("a witness is not believed when", () => {
  const ops = operationsOf(story(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)));
  const [w1, r1, w2, r2] = ops as [Operation, Operation, Operation, Operation];
  const failed = operationsOf(story(write(9, 0, 1, { status: "fail" })))[0] as Operation;

  test("(it is believed when nothing is wrong with it)", () =>
    expect(faultOfOrder([w1, r1, w2, r2], ops, model)).toBe(undefined));
  test("a read does not return what was written last", () =>
    expect(faultOfOrder([r1, w1, w2, r2], ops, model)).toContain("cannot have happened"));
  test("real time is not kept, though it is legal in sequence", () =>
    expect(faultOfOrder([w2, r2, w1, r1], ops, model)).toContain("began once it was over"));
  test("an acknowledged operation is missing", () =>
    expect(faultOfOrder([w1, r1, w2], ops, model)).toContain("is missing"));
  test("an operation occurs twice", () =>
    expect(faultOfOrder([w1, r1, r1, w2, r2], ops, model)).toContain("twice"));
  test("it contains what failed", () =>
    expect(faultOfOrder([failed, w1, r1, w2, r2], [failed, ...ops], model)).toContain(
      "does not belong",
    ));
});

describe("a certificate is not believed when", () => {
  const ops = operationsOf(story(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), write(1, 6, 7)));
  const [w1, w2, stale] = ops as [Operation, Operation, Operation];
  const verify = certificateVerifier(ops, model);

  test("(it is believed when nothing is wrong with it)", () =>
    expect(verify({ class: "no legal order", operations: [w1, w2, stale] })).toBe(undefined));
  test("the writer of a read was left out", () =>
    expect(verify({ class: "no legal order", operations: [w2, stale] })).toContain(
      "outside the certificate",
    ));
  test("its operations have an order", () =>
    expect(verify({ class: "no legal order", operations: [w1, stale] })).toContain("legal order"));
  test("an operation is not of the history", () => {
    const foreign = operationsOf(story(read(7, 0, 1)))[0] as Operation;
    expect(verify({ class: "thin air", read: foreign, operations: [foreign] })).toContain(
      "not of this key",
    );
  });
});

test("an engine whose model contradicts itself is found out, loudly, and never green", () => {
  let calls = 0;
  const fickle = { ...model, initial: 0, step: () => (calls++ < 2 ? 0 : undefined) };
  const ops = operationsOf(story(write(1, 0, 1), write(1, 2, 3)));
  const verdict = judgeKey(ops, fickle, 1_000);
  expect(verdict.verdict).toBe("unknown");
  expect(verdict).toMatchObject({ reason: expect.stringContaining("BUG IN THE CHECKER") });
});
