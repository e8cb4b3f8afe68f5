/** Explanations of what nobody expects: large, deep and strange values, no times, very many operations. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { INFO, NEVER, OK } from "../history/columns.ts";
import type { Model } from "../search/model.ts";
import { counter } from "../search/models/counter.ts";
import { keyValue } from "../search/models/key-value.ts";
import { mutex } from "../search/models/mutex.ts";
import { casRegister, register } from "../search/models/register.ts";
import { queue } from "../search/models/sequence.ts";
import { set } from "../search/models/set.ts";
import type { Recorded } from "../search/testdata/random-part.ts";
import { recorded } from "./testdata/trial.ts";
import { explainViolation } from "./violation.ts";

const INVALID = { verdict: "invalid", route: "search", class: "no legal order" } as const;

type Told = readonly [f: string, input: Json, output: Json, from: number, to?: number];

/** On a machine that does ten other things. By itself it takes a tenth of that. */
const SLOWEST_MS = 2_500;

/** The whole history as a certificate. */
function explain<State>(
  model: Model<State>,
  told: readonly Told[],
  { kind = "no legal order", timed = true }: { kind?: string; timed?: boolean } = {},
) {
  const all = told
    .map(([f, input, output, invoked, completed = NEVER]): Recorded => {
      const status = completed === NEVER ? INFO : OK;
      return { f, input, output, status, invoked, completed };
    })
    .sort((a, b) => a.invoked - b.invoked);
  const recording = recorded(all, timed);
  const { part } = recording;
  const certificate = [...part.rows];
  const decision = { verdict: "invalid", route: "search", class: kind, certificate } as const;
  const begun = performance.now();
  const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
  return { anomaly, ms: performance.now() - begun };
}

describe("values", () => {
  const deep = (depth: number): Json => {
    let value: Json = 1;
    for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { inner: value };
    return value;
  };
  const strange: Record<string, Json> = {
    "a long text": "x".repeat(100_000),
    "a long list": Array.from({ length: 10_000 }, (_, i) => i),
    "a large object": Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])),
    "a deep value": deep(500),
    "names of prototypes": JSON.parse('{"__proto__":1,"constructor":{"prototype":null}}') as Json,
    "half a character": "\ud83d",
    "control characters": "\u0000\u001b[31m\u2028\n",
    nothing: null,
    "a fraction": 0.1,
  };
  for (const [name, value] of Object.entries(strange))
    test(name, () => {
      const stale: Told[] = [
        ["write", value, value, 0, 1],
        ["write", "new", "new", 2, 3],
        ["read", null, value, 4, 5],
      ];
      const added: Told[] = [
        ["add", value, null, 0, 1],
        ["read", null, [], 2, 3],
      ];
      const updated: Told[] = [
        ["cas", [null, value], null, 0, 2],
        ["cas", [null, value], null, 1, 3],
      ];
      const queued: Told[] = [
        ["enqueue", value ?? 0, null, 0, 1],
        ["dequeue", null, value ?? 0, 2, 4],
        ["dequeue", null, value ?? 0, 3, 5],
      ];
      for (const kind of ["stale read", "no legal order", "constructor", "lost add"])
        for (const { anomaly, ms } of [
          explain(register(), stale, { kind }),
          explain(set(), added, { kind }),
          explain(casRegister(), updated, { kind }),
          explain(queue(), queued, { kind }),
        ]) {
          expect(ms).toBeLessThan(SLOWEST_MS);
          for (const line of [anomaly.summary, ...anomaly.because]) {
            expect(line.length).toBeLessThan(1_200);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
            expect(line).not.toMatch(/[\u0000-\u001f]/);
          }
          expect(JSON.parse(JSON.stringify(anomaly))).toEqual(anomaly);
        }
    });
});

test("a history without times and nodes is told by its events and processes", () => {
  const told: Told[] = [
    ["enqueue", 1, null, 0, 1],
    ["dequeue", null, null, 2, 3],
  ];
  const { anomaly } = explain(queue(), told, { timed: false });
  expect(anomaly).toEqual({
    name: "non-linearizable",
    grade: "proven",
    class: "lost element",
    key: "x",
    summary:
      "Process 1 had dequeue on x answered with null at event 3, though enqueue 1 had been acknowledged at event 1; nobody ever saw it.",
    operations: [0, 2],
    notes: [],
    because: [
      "Enqueue 1 (op 0, process 0) must come before dequeue -> null (op 2, process 1): the former was acknowledged at event 1, the latter invoked only afterwards, at event 2.",
      "After enqueue 1, dequeue -> null would have to return 1.",
      "No order of the operations on x explains all their answers.",
      "It would have been valid had dequeue -> null (op 2, process 1) returned 1, or been invoked before event 1, or had enqueue 1 (op 0, process 0) not happened.",
    ],
    nodes: [],
  });
});

test("a model that throws at answers that nobody gave", () => {
  const touchy: Model<number> = {
    ...counter(),
    step(state, { f, output }) {
      if (f === "add") return state + 1;
      if (output !== 1) throw new TypeError("only one is understood");
      return output === state ? state : undefined;
    },
    describe() {
      throw new TypeError("no words");
    },
  };
  const told: Told[] = [
    ["add", 1, null, 0, 1],
    ["add", 1, null, 2, 3],
    ["read", null, 1, 4, 5],
  ];
  expect(explain(touchy, told).anomaly).toMatchObject({ class: "no legal order" });
});

describe("the bound: a fraction of a second, however many operations", () => {
  const range = (count: number): number[] => [...Array(count).keys()];
  const shapes: Record<string, (count: number) => { model: Model<unknown>; told: Told[] }> = {
    "concurrent enqueues, dequeued in two orders": (count) => ({
      model: queue(),
      told: [
        ...range(count / 2).map((i): Told => ["enqueue", i, null, i, 1_000 + i]),
        ...range(count / 2).map(
          (i): Told => ["dequeue", null, i === 1 ? 0 : i, 2_000 + 2 * i, 2_001 + 2 * i],
        ),
      ],
    }),
    "concurrent increments, miscounted": (count) => ({
      model: counter(),
      told: [
        ...range(count - 1).map((i): Told => ["add", 1 + (i % 7), null, i, 1_000 + i]),
        ["read", null, 1, 5_000, 5_001],
      ],
    }),
    "increments one after the other, miscounted": (count) => ({
      model: counter(),
      told: [
        ...range(count - 1).map((i): Told => ["add", 1, null, 2 * i, 2 * i + 1]),
        ["read", null, 1, 5_000, 5_001],
      ],
    }),
    "a register of two values, all at once": (count) => ({
      model: casRegister(0),
      told: [
        ...range(count - 1).map(
          (i): Told =>
            i % 3 === 0
              ? ["write", i % 2, null, i, 1_000 + i]
              : ["cas", [i % 2, (i + 1) % 2], null, i, 1_000 + i],
        ),
        ["read", null, 7, 3_000, 3_001],
      ],
    }),
    "appends of unknown outcome": (count) => ({
      model: keyValue(),
      told: [
        ...range(count - 2).map(
          (i): Told => ["append", String.fromCharCode(97 + (i % 26)), null, i],
        ),
        ["get", null, "ab", 3_000, 3_001],
        ["get", null, "ba", 3_002, 3_003],
      ],
    }),
    "a lock that is granted to all": (count) => ({
      model: mutex(),
      told: range(count).map((i): Told => ["acquire", null, null, i, 1_000 + i]),
    }),
  };
  for (const [name, shape] of Object.entries(shapes))
    for (const count of [20, 40, 60, 62, 2_000])
      test(`${name}: ${count}`, () => {
        const { model, told } = shape(count);
        const { anomaly, ms } = explain(model, told);
        if (process.env["TESTBED_SHOW"]) console.log(name, count, ms, anomaly.because);
        expect(anomaly.operations).toHaveLength(count);
        expect(anomaly.because.length).toBeLessThan(80);
        expect(ms).toBeLessThan(SLOWEST_MS);
      });
});

test("a few operations of a history of 200,000, of which all values differ or none does", () => {
  for (const spread of [1_000_000, 3]) {
    const told = Array.from({ length: 100_000 }, (_, i): Told[] => {
      const value = i % spread;
      return [
        ["write", value, value, 4 * i, 4 * i + 1],
        ["read", null, i === 90_000 ? (i - 1) % spread : value, 4 * i + 2, 4 * i + 3],
      ];
    }).flat();
    const all = told.map(([f, input, output, invoked, completed]): Recorded => {
      return { f, input, output, invoked, completed: completed ?? NEVER, status: OK };
    });
    const recording = recorded(all);
    const { part } = recording;
    const certificate = [179_998, 180_000, 180_001];
    const decision = { ...INVALID, certificate };
    const begun = performance.now();
    const model = register();
    const anomaly = explainViolation({ recording, part, model, decision, faults: [] });
    expect(performance.now() - begun).toBeLessThan(SLOWEST_MS);
    if (process.env["TESTBED_SHOW"]) console.log(performance.now() - begun, anomaly);
    expect(anomaly.class).toBe("stale read");
    expect(anomaly.because).toContain(
      "Nothing else that bears on these answers was in progress from 359.997 s to 360.003 s.",
    );
  }
});
