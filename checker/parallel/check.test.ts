import { readdir } from "node:fs/promises";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { check } from "../check.ts";
import { FAIL } from "../history/columns.ts";
import type { PlainEvent } from "../history-like.ts";
import { recordingFrom } from "../history-like.ts";
import { linearizable } from "../linearizability/linearizable.ts";
import { casRegister, custom, queue } from "../models/model-spec.ts";
import { casRegister as casModel } from "../search/index.ts";
import { drawOf, randomOperations, type Subject } from "../search/testdata/random-part.ts";
import { checkInParallel } from "./check.ts";

/** Compare-and-set among a few values: nothing but the search can decide it. */
const subject: Subject<import("../../proto/json.ts").Json> = {
  model: casModel(null),
  request: (draw) => {
    const kind = draw(0, 2);
    if (kind === 0) return ["read", null];
    return kind === 1 ? ["write", draw(0, 4)] : ["cas", [draw(0, 4), draw(0, 4)]];
  },
  answers: (f) => (f === "read" ? [null, 0, 1, 2, 3, 4] : f === "cas" ? [true, false] : [null]),
};

/** Several keys of such histories, one key's operations after the other's; `wrong`: a key with an impossible read. */
function events(keys: number, operations: number, wrong?: number): PlainEvent[] {
  const draw = drawOf(xoroshiro128plus(7));
  const shape = { operations, processes: 5, lost: 0, failed: 0, wrong: 0 };
  return Array.from({ length: keys }, (_, key) => {
    const all = randomOperations(draw, subject, shape).flatMap((op, i) => {
      const common = { process: key * operations + i, f: op.f, key: `k${key}` };
      const answer = op.f === "read" || op.f === "cas" ? (op.output ?? null) : op.input;
      return [
        { at: op.invoked, event: { ...common, type: "invoke" as const, value: op.input } },
        {
          at: op.completed,
          event: {
            ...common,
            type: op.status === FAIL ? ("fail" as const) : ("ok" as const),
            value: answer,
          },
        },
      ];
    });
    const told = all.sort((a, b) => a.at - b.at).map(({ event }): PlainEvent => event);
    if (key !== wrong) return told;
    const strange = { process: keys * operations, f: "read", key: `k${key}` };
    return [
      ...told,
      { ...strange, type: "invoke" as const, value: null },
      { ...strange, type: "ok" as const, value: "never written" },
    ];
  }).flat();
}

describe("in parallel", () => {
  const spec = linearizable(casRegister());

  test.each([
    ["valid", undefined],
    ["invalid", 2],
  ] as const)(
    "the verdict is the same: %s",
    async (verdict, wrong) => {
      const recording = recordingFrom(events(6, 4_000, wrong));
      const alone = check(recording, [spec]);
      expect(alone.verdict).toBe(verdict);
      expect(await checkInParallel(recording, [spec], { threads: 2 })).toEqual(alone);
    },
    60_000,
  );

  test("no thread is left afterwards", async () => {
    const threads = async (): Promise<number> => (await readdir("/proc/self/task")).length;
    const before = await threads();
    await checkInParallel(recordingFrom(events(6, 4_000)), [spec], { threads: 2 });
    await expect.poll(threads, { timeout: 10_000 }).toBeLessThanOrEqual(before);
  }, 60_000);

  test("what is small, quickly decided, or the user's own, stays here", async () => {
    for (const [history, check] of [
      [events(2, 10), spec],
      [events(6, 4_000), linearizable(custom(casModel(null)))],
      [
        events(1, 10).map((event, i) => ({ ...event, f: "enqueue", value: i })),
        linearizable(queue()),
      ],
    ] as const) {
      const verdict = await checkInParallel(recordingFrom(history), [check], { threads: 2 });
      expect(["valid", "invalid"]).toContain(verdict.verdict);
    }
  }, 60_000);
});
