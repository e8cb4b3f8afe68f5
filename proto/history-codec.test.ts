import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, Header, History } from "./history.ts";
import { decodeHistory, encodeHistory, encodeLine, HistoryFormatError } from "./history-codec.ts";
import type { Json } from "./json.ts";

const header: Header = {
  testbed: "history",
  schema: 1,
  scenario: "story",
  seed: 7,
  versions: { testbed: "0.1.0" },
};
const stage: Event = { index: 0, time: 0, type: "stage", stage: "drive" };
const read: Event = {
  index: 1,
  time: 5,
  type: "invoke",
  process: 0,
  f: "read",
  key: "k1",
  value: null,
  node: "n1",
};
const good = encodeHistory({ header, events: [stage, read] });

/** The line, and what is said of it. */
function refusal(text: string): { line: number; message: string } {
  try {
    decodeHistory(text);
  } catch (error) {
    if (error instanceof HistoryFormatError) return { line: error.line, message: error.message };
    throw error;
  }
  throw new Error(`taken for a history: ${text}`);
}

const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<Json>;
// JSON has one zero only.
const value = json.map((any) => JSON.parse(JSON.stringify(any)) as Json);
const count = fc.maxSafeNat();
const time = fc.maxSafeInteger();
const name = fc.string({ unit: "binary" });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const facts = fc.dictionary(name, value, { noNullPrototype: true });
const seen = fc.record(
  {
    stamp: int64,
    by: name,
    clock: fc.constantFrom("wall", "logical", "hybrid"),
    epoch: count,
    served: name,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const operation = fc.record(
  {
    time,
    type: fc.constantFrom("invoke", "ok", "fail", "info"),
    process: count,
    f: name,
    key: name,
    value,
    node: name,
    error: name,
    seen,
    request: name,
    final: fc.constant(true),
  },
  { requiredKeys: ["time", "type", "process", "f", "key", "value", "node"], noNullPrototype: true },
);
const fault = fc.record(
  {
    time,
    type: fc.constant("fault"),
    id: count,
    phase: fc.constantFrom("begin", "end"),
    f: name,
    node: name,
    detail: facts,
    evidence: facts,
    effective: fc.boolean(),
  },
  { noNullPrototype: true },
);
const aboutWrite = { epoch: count, highest: count, leader: name, request: name };
const note = fc
  .tuple(
    fc.record({ time, type: fc.constant("note"), node: name, arrived: count }),
    fc.oneof(
      fc.record({ kind: fc.constant("leader-start"), epoch: count }),
      fc.record({ kind: fc.constant("leader-end"), epoch: count, why: name }),
      fc.record({ kind: fc.constant("accept"), ...aboutWrite }),
      fc.record({ kind: fc.constant("reject"), ...aboutWrite }),
      fc.record({ kind: fc.constant("stall"), ms: count }),
      fc.record({ kind: fc.constant("clock"), offsetNs: time, rate: fc.constantFrom(0, 0.5, 1) }),
      fc.record({ kind: fc.constant("recovered"), records: count }),
    ),
  )
  .map(([about, what]) => ({ ...about, ...what }));
const stages = fc.record({
  time,
  type: fc.constant("stage"),
  stage: fc.constantFrom("drive", "heal", "settle", "read", "stop"),
});
const history = fc
  .tuple(fc.integer(), name, fc.array(fc.oneof(operation, fault, note, stages), { maxLength: 12 }))
  .map(([seed, scenario, events]) => ({
    header: { ...header, seed, scenario },
    events: events.map((event, index) => ({ ...event, index })),
  })) as fc.Arbitrary<History>;

describe("what is written is read again", () => {
  test("whatever the history, also with keys and values that look like code", () => {
    fc.assert(
      fc.property(history, (any) => {
        const text = encodeHistory(any);
        expect(decodeHistory(text)).toEqual(any);
        expect(encodeHistory(decodeHistory(text)).length).toBe(text.length);
      }),
    );
  });

  test.each([
    { constructor: 1, prototype: 2, toString: 3 },
    JSON.parse('{"__proto__": {"a": 1}}') as Json,
    [[], {}, "", " ", 0.1, 1e300, false],
  ])("the value %j", (odd) => {
    const events = [{ ...read, index: 0, value: odd }];
    const again = decodeHistory(encodeHistory({ header, events })).events[0];
    expect(JSON.stringify(again)).toBe(JSON.stringify(events[0]));
  });

  test("a header alone is a history without events", () => {
    expect(decodeHistory(encodeLine(header))).toEqual({ header, events: [] });
  });

  test("one line an event, each ended by a newline", () => {
    expect(good.split("\n")).toHaveLength(4);
    expect(good.endsWith("\n")).toBe(true);
  });
});

describe("what is not a history is refused by the number of its line", () => {
  const [first = "", second = "", third = ""] = good.split("\n");
  const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join("");

  test("an empty file", () => {
    expect(refusal("")).toEqual({ line: 1, message: expect.stringContaining("empty") });
  });

  test("every place at which the last line may be cut off", () => {
    const whole = lines(first, second);
    for (let length = whole.length + 1; length < good.length; length++)
      expect(refusal(good.slice(0, length))).toEqual({
        line: 3,
        message: expect.stringMatching(/^line 3: cut short/),
      });
    expect(decodeHistory(whole).events).toHaveLength(1);
  });

  test("a header that is cut off", () => {
    expect(refusal(first.slice(0, 20)).line).toBe(1);
  });

  test("a foreign schema version, named with ours", () => {
    const { line, message } = refusal(lines(JSON.stringify({ ...header, schema: 2 }), second));
    expect(line).toBe(1);
    expect(message).toMatch(/schema version 2.*version 1/);
  });

  test("a foreign version even when the rest of the header is foreign too", () => {
    const foreign = JSON.stringify({ testbed: "history", schema: 99, more: true });
    expect(refusal(lines(foreign)).message).toContain("99");
  });

  test("a file that is no history of ours", () => {
    const text = lines(JSON.stringify({ name: "package" }));
    expect(refusal(text)).toEqual({ line: 1, message: expect.stringContaining("header") });
  });

  test.each([
    ["garbage", "\u0000\u0001rubbish", /not JSON/],
    ["an empty line", "", /not JSON/],
    ["JSON that is no event", "[1, 2]", /./],
    ["an unknown type", JSON.stringify({ ...stage, index: 1, type: "rumour" }), /type/],
    ["an unknown field", JSON.stringify({ ...read, colour: "red" }), /colour/],
    ["an unknown field in `seen`", JSON.stringify({ ...read, seen: { at: "1" } }), /seen\.at/],
    ["a missing field", JSON.stringify({ ...read, key: undefined }), /key/],
    ["a missing value", JSON.stringify({ ...read, value: undefined }), /value/],
    ["a field of another type", JSON.stringify({ ...read, process: "0" }), /process/],
    ["a fraction of a nanosecond", JSON.stringify({ ...read, time: 0.5 }), /time/],
    [
      "a stamp that is no integer",
      JSON.stringify({ ...read, seen: { stamp: "12x" } }),
      /seen\.stamp: expected an int64/,
    ],
    ["a missing index", JSON.stringify({ ...read, index: undefined }), /index/],
    [
      "an unknown kind of note",
      JSON.stringify({ index: 1, time: 0, type: "note", node: "n1", arrived: 0, kind: "mood" }),
      /kind/,
    ],
    [
      "facts that are a list",
      JSON.stringify({
        index: 1,
        time: 0,
        type: "fault",
        id: 0,
        phase: "begin",
        f: "pause",
        node: "n1",
        detail: [],
        evidence: {},
        effective: true,
      }),
      /detail/,
    ],
  ])("a line with %s", (_what, text, says) => {
    const { line, message } = refusal(lines(first, second, text));
    expect(line).toBe(3);
    expect(message).toMatch(/^line 3: /);
    expect(message).toMatch(says);
  });

  test("a line that is missing", () => {
    const { line, message } = refusal(lines(first, third));
    expect(line).toBe(2);
    expect(message).toMatch(/index 1; 0 was expected/);
  });

  test("a line that stands there twice", () => {
    expect(refusal(lines(first, second, second)).line).toBe(3);
  });

  test("two lines in the wrong order", () => {
    expect(refusal(lines(first, third, second)).line).toBe(2);
  });
});
