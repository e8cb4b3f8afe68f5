import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { operationsOf } from "../../proto/operation.ts";
import { columnsOf, type Part, partsByKey } from "../history/columns.ts";
import type { Invalid, Valid } from "../history/decision.ts";
import { objectOf } from "../models/catalogue.ts";
import { register } from "../models/model-spec.ts";
import { zones } from "../register/zones.ts";
import { bruteLinearizable, bruteOperations } from "../search/index.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { read, story, type Part as Told, write } from "../testdata/story.ts";
import { faultOfRefutation, verified } from "./verify.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_252);
const { model } = objectOf(register());

function partOf(...told: Told[]): Part {
  const [part] = partsByKey(columnsOf(operationsOf(story(...told))));
  if (part === undefined) throw new Error("a story has operations");
  return part;
}

function valid(...order: number[]): Valid {
  return { verdict: "valid", route: "a procedure", order: Int32Array.from(order) };
}

function invalid(...certificate: number[]): Invalid {
  return { verdict: "invalid", route: "a procedure", class: "stale read", certificate };
}

describe("a witness is not believed when", () => {
  const failed = write(9, 0, 1, { status: "fail" });
  const part = partOf(failed, write(1, 2, 3), read(1, 4, 5), write(2, 6, 7), read(2, 8, 9));
  const reasonFor = (...order: number[]): string => {
    const decision = verified(part, model, valid(...order));
    return decision.verdict === "unknown" ? decision.reason : decision.verdict;
  };

  test("(it is believed when nothing is wrong with it)", () =>
    expect(reasonFor(1, 2, 3, 4)).toBe("valid"));
  test.each([
    ["a read does not return what was written last", [2, 1, 3, 4], "cannot have happened"],
    ["real time is not kept, though it is legal in sequence", [3, 4, 1, 2], "once it was over"],
    ["an acknowledged operation is missing", [1, 2, 3], "is missing"],
    ["an operation occurs twice", [1, 2, 2, 3, 4], "twice"],
    ["it contains what failed", [0, 1, 2, 3, 4], "did not happen"],
    ["it contains what is not there", [1, 2, 3, 4, 5], "does not belong"],
  ])("%s", (_, order, says) => {
    expect(reasonFor(...order)).toContain("BUG IN THE CHECKER");
    expect(reasonFor(...order)).toContain(says);
  });
});

describe("a refutation is not believed when", () => {
  const part = partOf(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5), write(1, 6, 7));
  const late = partOf(write(1, 0, 1), write(2, 2, 3), write(1, 4, 9), read(1, 6, 7));

  test("(it is believed when nothing is wrong with it)", () =>
    expect(verified(part, model, invalid(0, 1, 2)).verdict).toBe("invalid"));
  test("its operations have a legal order", () =>
    expect(faultOfRefutation(part, model, [0, 2])).toContain("legal order"));
  test("it leaves out another write of the value that was read", () =>
    expect(faultOfRefutation(late, model, [0, 1, 3])).toContain("legal order"));
  test("it leaves out the only write of the value that was read", () =>
    expect(faultOfRefutation(late, model, [3])).toContain("legal order"));
  test("an operation is not of this part", () =>
    expect(faultOfRefutation(part, model, [0, 7])).toContain("not of this part"));
  test("what it claims is then unknown, with the suspects named", () =>
    expect(verified(part, model, invalid(0, 2))).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("BUG IN THE CHECKER"),
      window: [0, 2],
    }));
});

test(`no tampering with a right answer goes unnoticed (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED);
  const caught = { valid: 0, invalid: 0 };
  for (let i = 0; i < 1_500; i++) {
    const shape = { operations: 3 + (i % 5), processes: 3, unique: true };
    const [part] = partsByKey(columnsOf(randomOperations(random, shape)));
    const decision = part === undefined ? undefined : zones(part, null);
    if (part === undefined || decision === undefined || decision.verdict === "inapplicable")
      continue;
    expect(verified(part, model, decision as Valid | Invalid)).toEqual(decision);
    if (decision.verdict === "valid") {
      // Left out or told twice: always wrong for what was acknowledged. Swapped: wrong unless brute force says so.
      for (const at of decision.order.keys()) {
        const order = [...decision.order];
        expect(
          verified(part, model, valid(...order.toSpliced(at, 0, order[at] ?? 0))).verdict,
        ).toBe("unknown");
        if (part.columns.status[order[at] ?? 0] !== 0) continue;
        expect(verified(part, model, valid(...order.toSpliced(at, 1))).verdict).toBe("unknown");
        caught.valid++;
      }
    } else if (decision.verdict === "invalid") {
      const kept = decision.certificate.slice(1);
      const rest = { ...part, rows: Int32Array.from(kept) };
      const whole = bruteLinearizable(bruteOperations(part, model), model, model.initial);
      expect(whole).toBe(false);
      if (!bruteLinearizable(bruteOperations(rest, model), model, model.initial)) continue;
      caught.invalid++;
      // One operation less, and the rest has an order, unless closing it over the values brings the operation back.
      const again = verified(part, model, invalid(...kept));
      const verdicts =
        kept.length === decision.certificate.length - 1 ? ["unknown", "invalid"] : [];
      expect(verdicts).toContain(again.verdict);
    }
  }
  expect(caught.valid).toBeGreaterThan(500);
  expect(caught.invalid).toBeGreaterThan(200);
});
