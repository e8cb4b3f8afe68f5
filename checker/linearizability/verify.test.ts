import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { operationsOf } from "../../proto/operation.ts";
import { check } from "../check.ts";
import { columnsOf, type Part, partsByKey } from "../history/columns.ts";
import type { Invalid, Valid } from "../history/decision.ts";
import { type PlainEvent, recordingFrom } from "../history-like.ts";
import { objectOf } from "../models/catalogue.ts";
import * as models from "../models/model-spec.ts";
import { register } from "../models/model-spec.ts";
import { zones } from "../register/zones.ts";
import { bruteLinearizable, bruteOperations } from "../search/index.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { read, story, type Part as Told, write } from "../testdata/story.ts";
import { linearizable } from "./linearizable.ts";
import { faultOfRefutation, verified } from "./verify.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_252);
const object = objectOf(register());
const { model } = object;

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
    const decision = verified(part, object, valid(...order));
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
    expect(verified(part, object, invalid(0, 1, 2)).verdict).toBe("invalid"));
  test("its operations have a legal order", () =>
    expect(faultOfRefutation(part, object, [0, 2])).toContain("legal order"));
  test("it leaves out another write of the value that was read", () =>
    expect(faultOfRefutation(late, object, [0, 1, 3])).toContain("legal order"));
  test("it leaves out the only write of the value that was read", () =>
    expect(faultOfRefutation(late, object, [3])).toContain("legal order"));
  test("an operation is not of this part", () =>
    expect(faultOfRefutation(part, object, [0, 7])).toContain("not of this part"));
  test("what it claims is then unknown, with the suspects named", () =>
    expect(verified(part, object, invalid(0, 2))).toMatchObject({
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
    expect(verified(part, object, decision as Valid | Invalid)).toEqual(decision);
    if (decision.verdict === "valid") {
      // Left out or told twice: always wrong for what was acknowledged. Swapped: wrong unless brute force says so.
      for (const at of decision.order.keys()) {
        const order = [...decision.order];
        expect(
          verified(part, object, valid(...order.toSpliced(at, 0, order[at] ?? 0))).verdict,
        ).toBe("unknown");
        if (part.columns.status[order[at] ?? 0] !== 0) continue;
        expect(verified(part, object, valid(...order.toSpliced(at, 1))).verdict).toBe("unknown");
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
      const again = verified(part, object, invalid(...kept));
      const verdicts =
        kept.length === decision.certificate.length - 1 ? ["unknown", "invalid"] : [];
      expect(verdicts).toContain(again.verdict);
    }
  }
  expect(caught.valid).toBeGreaterThan(500);
  expect(caught.invalid).toBeGreaterThan(200);
});

describe("what is left out of a certificate is not forgotten, whatever the object", () => {
  type Told = readonly [f: string, input: Json, output?: Json];
  const told = (...operations: Told[]): PlainEvent[] =>
    operations.flatMap(([f, input, output], i) => [
      { process: i, type: "invoke", f, value: input },
      { process: i, type: output === undefined ? "info" : "ok", f, value: output ?? null },
    ]);
  const cases: [models.ModelSpec, PlainEvent[], number[]][] = [
    [models.counter(), told(["add", 1, null], ["read", null, 1]), [1]],
    [models.fetchAndAdd(), told(["fetch-and-add", 1, 0], ["fetch-and-add", 1, 1]), [1]],
    [models.log(), told(["append", "a", 0], ["read", 0, "a"]), [1]],
    [models.set(), told(["add", 1, null], ["read", null, [1]]), [1]],
    [
      models.mutex(),
      told(["acquire", null, null], ["release", null, null], ["acquire", null, null]),
      [0, 2],
    ],
    [models.queue(), told(["enqueue", 1, 1], ["dequeue", null], ["dequeue", null, null]), [0, 2]],
    [
      models.casRegister(null, { failures: "observed" }),
      told(["write", 1, 1], ["write", 2, 2], ["cas", [1, 3], false]),
      [0, 2],
    ],
    [models.keyValue(), told(["put", "a", null], ["get", null, "a"]), [1]],
    [
      models.transactions(),
      told(["txn", [["w", "x", 1]], [["w", "x", 1]]], ["txn", [["r", "x", null]], [["r", "x", 1]]]),
      [1],
    ],
  ];
  test.each(cases)("%j", (spec, events, certificate) => {
    const recording = recordingFrom(events);
    expect(check(recording, [linearizable(spec)]).verdict).toBe("valid");
    const [part] = partsByKey(recording.columns);
    if (part === undefined) throw new Error("there are operations");
    expect(verified(part, objectOf(spec), invalid(...certificate))).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("BUG IN THE CHECKER"),
    });
  });

  test("a proof as long as the history is counted again", () => {
    const adds = Array.from({ length: 3_000 }, (): Told => ["add", 1]);
    const recording = recordingFrom(told(...adds, ["read", null, 3_001]));
    expect(check(recording, linearizable(models.counter())).verdict).toBe("invalid");
    const held = Array.from({ length: 17 }, (_, i) => ({ process: i, f: "acquire", value: null }));
    const all = [
      ...held.map((one) => ({ ...one, type: "invoke" })),
      ...held.map((one) => ({ ...one, type: "ok" })),
    ];
    expect(check(all, linearizable(models.semaphore(16))).verdict).toBe("invalid");
    expect(check(all, linearizable(models.semaphore(17))).verdict).toBe("valid");
  });
});
