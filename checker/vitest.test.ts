import { describe, expect, test } from "vitest";
import type { PlainEvent } from "./history-like.ts";
import { casRegister, queue, register } from "./models/model-spec.ts";
import { read, story, write } from "./testdata/story.ts";
import "./vitest.ts";

type Told = readonly [
  process: number,
  type: PlainEvent["type"],
  f: string,
  value: PlainEvent["value"],
];

function events(...told: Told[]): PlainEvent[] {
  return told.map(([process, type, f, value]) => ({ process, type, f, value: value ?? null }));
}

const inOrder = events(
  [0, "invoke", "enqueue", 1],
  [0, "ok", "enqueue", 1],
  [0, "invoke", "enqueue", 2],
  [0, "ok", "enqueue", 2],
  [1, "invoke", "dequeue", null],
  [1, "ok", "dequeue", 1],
);
const outOfOrder = inOrder.with(5, { process: 1, type: "ok", f: "dequeue", value: 2 });

describe("expect(history).toBeLinearizable(model)", () => {
  test("passes for what is, and fails for what is not, with the argument", () => {
    expect(inOrder).toBeLinearizable(queue());
    expect(outOfOrder).not.toBeLinearizable(queue());
    expect(() => expect(outOfOrder).toBeLinearizable(queue())).toThrow(/must come before/);
    expect(() => expect(inOrder).not.toBeLinearizable(queue())).toThrow(/there is one/);
  });

  test("takes recorded histories and the content of files", () => {
    expect(story(write(1, 0, 1), read(1, 2, 3))).toBeLinearizable(register());
    const lines = inOrder.map((event) => `${JSON.stringify(event)}\n`).join("");
    expect(lines).toBeLinearizable(queue());
    expect(new TextEncoder().encode(lines)).toBeLinearizable(queue());
  });

  test("fails for what cannot be decided, with `not` and without", () => {
    for (const judge of [
      () => expect(inOrder).toBeLinearizable(casRegister()),
      () => expect(inOrder).not.toBeLinearizable(casRegister()),
      () => expect(inOrder.slice(1)).toBeLinearizable(queue()),
      () => expect(inOrder.slice(1)).not.toBeLinearizable(queue()),
      () => expect([]).toBeLinearizable(queue()),
    ])
      expect(judge).toThrow(/nobody knows/);
  });
});
