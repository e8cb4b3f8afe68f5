import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../proto/operation.ts";
import { columnsOf, partsByKey } from "../history/columns.ts";
import { objectOf } from "../models/catalogue.ts";
import { register } from "../models/model-spec.ts";
import { explainable } from "../testdata/oracle.ts";
import { randomOperations } from "../testdata/random-history.ts";
import { RELAXED } from "./relaxed.ts";
import { route } from "./router.ts";

const object = objectOf(register());
const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);

describe("whatever the route, the verdict is the one of the definition", () => {
  for (const unique of [true, false])
    test(`on random histories with ${unique ? "unique" : "repeated"} values (seed ${SEED})`, () => {
      const random = xoroshiro128plus(SEED + (unique ? 0 : 1));
      const count = { valid: 0, invalid: 0 };
      const routes = new Map<string, number>();
      for (let i = 0; i < 15_000; i++) {
        const shape = { operations: 2 + (i % 6), processes: 3, unique };
        const operations = randomOperations(random, shape);
        const truth = explainable(operations) ? "valid" : "invalid";
        const [part] = partsByKey(columnsOf(operations));
        if (part === undefined) throw new Error("there are operations");
        const { decision } = route(part, object);
        expect(decision.verdict, `history ${i}: ${tell(operations)}`).toBe(truth);
        count[truth]++;
        routes.set(decision.route, (routes.get(decision.route) ?? 0) + 1);
      }
      // All answers and routes must be common, or the comparison would say little.
      expect(count.valid).toBeGreaterThan(2_000);
      expect(count.invalid).toBeGreaterThan(2_000);
      expect(routes.get("zones")).toBeGreaterThan(2_000);
      if (!unique) expect(routes.get(RELAXED)).toBeGreaterThan(200);
    });
});

function tell(operations: readonly Operation[]): string {
  return operations
    .map((op) => `${op.f} ${op.input ?? op.output} ${op.status} [${op.id}, ${op.completed}]`)
    .join("; ");
}
