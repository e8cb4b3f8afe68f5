/** Each kind of bad input in each format: refused with its line and reason, or mended and told. */
import { describe, expect, test } from "vitest";
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { MalformedHistoryError } from "../../proto/operation.ts";
import { FORMATS, type Format } from "./detect.ts";
import { type ReadOptions, type ReadResult, readRecording } from "./read-recording.ts";

interface Event {
  readonly type: string;
  readonly process: string;
  readonly f: string;
  /** As JSON; EDN and logs have the same text but for `null`. */
  readonly value: string;
  readonly time?: string;
  readonly index?: string;
}

const HEADER = '{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}';
const WRITE: Readonly<Record<Format, (event: Event, at: number) => string>> = {
  testbed: ({ type, process, f, value, time, index }, at) =>
    `{"type":"${type}","process":${process},"f":"${f}","key":"x","value":${value},"node":"n1","time":${time ?? at},"index":${index ?? at}}`,
  jsonl: ({ type, process, f, value, time, index }, at) =>
    `{"process":${process},"type":"${type}","f":"${f}","value":${value},"time":${time ?? at},"index":${index ?? at}}`,
  "jepsen-edn": ({ type, process, f, value, time, index }, at) =>
    `{:process ${process}, :type :${type}, :f :${f}, :value ${nil(value)}, :time ${time ?? at}, :index ${index ?? at}}`,
  "jepsen-log": ({ type, process, f, value }) =>
    `INFO  jepsen.util - ${process}\t:${type}\t:${f}\t${nil(value)}`,
};

function nil(value: string): string {
  return value === "null" ? "nil" : value;
}

function textOf(format: Format, events: readonly Event[]): string {
  const lines = events.map(WRITE[format]);
  return `${[...(format === "testbed" ? [HEADER] : []), ...lines].join("\n")}\n`;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (type: string, process: number, f: string, value: number | null): Event => ({
  ...{ type, process: String(process), f, value: String(value) },
});
/** A write and a read, one after the other. */
const SOUND = [
  event("invoke", 0, "write", 1),
  event("ok", 0, "write", 1),
  event("invoke", 1, "read", null),
  event("ok", 1, "read", 1),
];
const changed = (at: number, change: Partial<Event>): Event[] =>
  SOUND.map((one, i) => (i === at ? { ...one, ...change } : one));

interface Case {
  readonly events: readonly Event[];
  /** Which event it is, from 0. */
  readonly at: number;
  readonly says: RegExp;
  /** What a lenient reader makes of it: kind, status, input and answer of each operation. */
  readonly left: readonly string[];
  readonly sure?: true;
  readonly only?: readonly Format[];
}

const WHOLE = ["write ok 1 1", "read ok null 1"];
const TIMED: readonly Format[] = ["testbed", "jsonl", "jepsen-edn"];
const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const CASES: Readonly<Record<string, Case>> = {
  "an answer before its invocation": {
    events: [event("ok", 1, "read", 1), ...SOUND.slice(0, 2)].map((one) => one),
    ...{ at: 0, says: /process 1 completes what it did not invoke/ },
    left: ["read ok null 1", "write ok 1 1"],
  },
  "an answer to a write whose invocation is lost": {
    events: [event("ok", 7, "write", 5), ...SOUND],
    ...{ at: 0, says: /process 7 completes what it did not invoke/ },
    left: ["write ok 5 5", ...WHOLE],
  },
  "an answer that does not say what was asked": {
    events: [event("ok", 7, "incr", 5), ...SOUND],
    ...{ at: 0, says: /process 7 completes what it did not invoke/ },
    left: WHOLE,
  },
  "two open operations of one process": {
    events: [event("invoke", 1, "write", 9), ...SOUND],
    ...{ at: 3, says: /process 1 invokes while its operation of line \d is open|is open/ },
    left: ["write info 9 -", ...WHOLE],
  },
  "an answer to something else": {
    events: changed(1, { f: "read" }),
    ...{ at: 1, says: /completes read.*had invoked write/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "an unknown type": {
    events: changed(1, { type: "okay" }),
    ...{ at: 1, says: /type/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "a process that is no whole number": {
    events: changed(1, { process: "1.5" }),
    ...{ at: 1, says: /process/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "a process below zero": {
    events: changed(1, { process: "-1" }),
    ...{ at: 1, says: /process/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "a time below zero": {
    events: changed(0, { time: "-3" }),
    ...{ at: 0, says: /the time -3 is no count/, left: WHOLE, sure: true },
    only: ["jsonl", "jepsen-edn"],
  },
  "a time beyond what is exact": {
    events: changed(3, { time: "90071992547409930" }),
    ...{ at: 3, says: /time|number/, left: WHOLE, sure: true },
    only: ["jsonl", "jepsen-edn"],
  },
  "a time that goes back": {
    events: changed(3, { time: "0" }),
    ...{ at: 3, says: /its time lies before its predecessor's/, left: WHOLE },
    only: ["testbed", "jsonl"],
  },
  "an index that leaves one out": {
    events: changed(3, { index: "4" }),
    ...{ at: 3, says: /index 4; 3 was expected/, left: WHOLE },
    only: TIMED,
  },
  "a first index that is not 0": {
    events: SOUND.map((one, at) => ({ ...one, index: String(at + 1) })),
    ...{ at: 0, says: /index 1; 0 was expected/, left: WHOLE },
    only: TIMED,
  },
  "100,000 brackets": {
    events: changed(3, { value: DEEP }),
    ...{ at: 3, says: /brackets in brackets/, left: ["write ok 1 1", "read info null -"] },
  },
  "brackets that are not closed": {
    events: changed(1, { value: "[1" }),
    ...{ at: 1, says: /JSON|closes nothing|cut short/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "a text that is not closed": {
    events: changed(1, { value: '"1' }),
    ...{ at: 1, says: /JSON|cut short|braces|key/ },
    left: ["write info 1 -", "read ok null 1"],
  },
  "half of a character": {
    events: changed(1, { value: '"\\ud800"' }),
    ...{ at: 1, says: /half of a character/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jsonl", "jepsen-edn", "jepsen-log"],
  },
  "a field given twice": {
    events: changed(1, { process: '0,"process":3' }),
    ...{ at: 1, says: /twice/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jsonl"],
  },
  "a key given twice": {
    events: changed(1, { process: "0 :process 3" }),
    ...{ at: 1, says: /twice/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jepsen-edn"],
  },
  "a key in a value given twice": {
    events: changed(1, { value: '{"a":1,"a":2}' }),
    ...{ at: 1, says: /twice/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jsonl"],
  },
  "a map in a value with a key twice": {
    events: changed(1, { value: "{:a 1 :a 2}" }),
    ...{ at: 1, says: /twice/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jepsen-edn", "jepsen-log"],
  },
  "a set with an element twice": {
    events: changed(1, { value: "#{1 1}" }),
    ...{ at: 1, says: /twice/, left: ["write info 1 -", "read ok null 1"] },
    only: ["jepsen-edn", "jepsen-log"],
  },
  "a keyword and a text that would be one": {
    events: [...changed(0, { value: '"a"' }).slice(0, 1), ...changed(1, { value: ":a" }).slice(1)],
    ...{ at: 1, says: /"a" is both a text and a keyword/ },
    left: ['write info "a" -', "read ok null 1"],
    only: ["jepsen-edn", "jepsen-log"],
  },
  "something after the value": {
    events: changed(3, { value: "1 2" }),
    ...{ at: 3, says: /JSON|after the value|a key and no value|keyword/ },
    left: ["write ok 1 1", "read info null -"],
  },
};

function outcomes({ recording }: ReadResult): string[] {
  return recording.operations().map(({ f, status, input, output }) => {
    const answer = output === undefined ? "-" : JSON.stringify(output);
    return `${f} ${status} ${JSON.stringify(input)} ${answer}`;
  });
}

function refusal(bytes: Uint8Array, options: ReadOptions): Error & { line?: number } {
  try {
    readRecording(bytes, options);
  } catch (error) {
    const known = error instanceof HistoryFormatError || error instanceof MalformedHistoryError;
    if (known) return error;
    throw error;
  }
  throw new Error("was accepted");
}

const formatsOf = ({ only = FORMATS }: Case): readonly Format[] => only;

describe.each(Object.entries(CASES))("%s", (_, bad) => {
  const line = (format: Format): number => bad.at + (format === "testbed" ? 2 : 1);

  test.each(formatsOf(bad))("%s: is refused", (format) => {
    const error = refusal(encode(textOf(format, bad.events)), { format });
    expect(error.message).toMatch(bad.says);
    expect(error.message).toMatch(new RegExp(`line ${line(format)}: `));
  });

  test.each(formatsOf(bad))("%s: a lenient reader keeps the rest", (format) => {
    const bytes = encode(textOf(format, bad.events));
    const result = readRecording(bytes, { format, lenient: true });
    expect(outcomes(result)).toEqual(bad.left);
    expect(result.droppedCount).toBeGreaterThan(0);
    expect(result.dropped.map((one) => one.line)).toContain(line(format));
    if (bad.sure) expect(result.incomplete).toBeUndefined();
    else expect(result.incomplete).toMatch(/line \d+/);
  });
});

describe.each(FORMATS)("%s: bytes", (format) => {
  const head = format === "testbed" ? 1 : 0;
  const sound = textOf(format, SOUND);
  const line = 3 + head;
  /** A byte before the end of the third event's line. */
  const withByte = (byte: number): Uint8Array => {
    const lines = sound.split("\n");
    const before = encode(`${lines.slice(0, line).join("\n")}`).length - 1;
    const bytes = encode(sound);
    return Uint8Array.from([...bytes.subarray(0, before), byte, ...bytes.subarray(before)]);
  };

  test("sound ones are read", () => {
    const result = readRecording(encode(sound), { format });
    expect(outcomes(result)).toEqual(WHOLE);
    expect(result.droppedCount).toBe(0);
    expect(result.lineOf(2)).toBe(line);
  });

  test("a byte order mark and carriage returns change nothing", () => {
    const text = `\uFEFF${sound.replaceAll("\n", "\r\n")}`;
    for (const lenient of [false, true]) {
      const result = readRecording(encode(text), { format, lenient });
      expect(outcomes(result)).toEqual(WHOLE);
      expect(result.droppedCount).toBe(0);
      expect(result.recording.operation(1)).toEqual(result.recording.operations()[1]);
    }
  });

  test.each([
    ["a NUL byte", 0, /NUL|JSON/],
    ["invalid UTF-8", 0xff, /UTF-8|JSON/],
    ["half of a character", 0xc3, /UTF-8|JSON/],
  ])("%s", (_, byte, says) => {
    const bytes = withByte(byte);
    const error = refusal(bytes, { format });
    expect(error.message).toMatch(says);
    expect(error.message).toContain(`line ${line}: `);
    const result = readRecording(bytes, { format, lenient: true });
    expect(outcomes(result)).toEqual(["read ok null 1", "write ok 1 1"]);
    expect(result.incomplete).toBeDefined();
  });

  test("invalid UTF-8 in a text", () => {
    if (format === "jepsen-log") return;
    const bytes = encode(textOf(format, changed(1, { value: '"~"' })));
    bytes[bytes.indexOf(0x7e)] = 0xff;
    expect(refusal(bytes, { format }).message).toMatch(`line ${2 + head}: bytes that are no UTF-8`);
  });

  test("a last line that is cut short", () => {
    const bytes = encode(sound).slice(0, -8);
    const error = refusal(bytes, { format });
    expect(error.message).toMatch(/cut short/);
    const result = readRecording(bytes, { format, lenient: true });
    expect(outcomes(result)).toEqual(["write ok 1 1", "read info null -"]);
    expect(result.droppedCount).toBe(1);
    expect(result.incomplete).toBeUndefined();
  });

  test("an empty file, and one of nothing but a line", () => {
    for (const lenient of [false, true]) {
      expect(refusal(encode(""), { format, lenient }).message).toBe("line 1: the file is empty");
      if (format === "testbed") continue;
      expect(refusal(encode("\n"), { format, lenient }).message).toMatch(/no operation was found/);
    }
  });

  test("a budget that is too small: says what is needed and what allows it", () => {
    const many = Array.from({ length: 500 }, () => SOUND).flat();
    const bytes = encode(textOf(format, many));
    const memory = refusal(bytes, { format, limits: { bytes: 20_000 } });
    expect(memory.message).toMatch(/needs about [\d.]+ MB.*Raise limits\.bytes/);
    const count = refusal(bytes, { format, limits: { operations: 999 } });
    expect(count.message).toMatch(/more than 999 operations.*Raise limits\.operations/);
    const enough = { bytes: 10_000_000, operations: 1_000 };
    expect(readRecording(bytes, { format, limits: enough }).recording.columns.count).toBe(1_000);
  });

  test("an endless line", () => {
    const bytes = new Uint8Array(17 << 20).fill(0x61);
    bytes.set(encode(sound));
    if (format === "testbed") {
      expect(refusal(bytes, { format }).message).toMatch(/^line 6: a line of more than \d+ bytes$/);
      return;
    }
    if (format === "jepsen-edn") {
      expect(refusal(bytes, { format }).message).toMatch(/^line 5: /);
      return;
    }
    expect(refusal(bytes, { format }).message).toMatch(/^line 5: a line of more than \d+ bytes$/);
    expect(outcomes(readRecording(bytes, { format, lenient: true }))).toEqual(WHOLE);
  });

  test("names that objects have from birth", () => {
    const names = ['"__proto__"', '"constructor"', '"toString"', '["__proto__"]'];
    const json = [...names, '{"__proto__":{"type":"ok"}}', '{"constructor":1}'];
    const values = format === "testbed" || format === "jsonl" ? json : names;
    const events = values.flatMap((value) => [
      { ...event("invoke", 0, "constructor", null), value },
      { ...event("ok", 0, "constructor", null), value },
    ]);
    const result = readRecording(encode(textOf(format, events)), { format });
    expect(result.recording.operations().map(({ input }) => input)).toEqual(
      values.map((value) => JSON.parse(value)),
    );
    const ids = result.recording.columns.input.subarray(0, values.length);
    expect(new Set(ids).size).toBe(values.length);
  });
});

test("tells the first twenty, counts all, and expects no index of what it could not read", () => {
  const lines = textOf("jsonl", SOUND).trim().split("\n");
  const text = (garbage: number): string =>
    `${[lines[0], ...Array.from({ length: garbage }, () => "{"), ...lines.slice(1)].join("\n")}\n`;
  const many = readRecording(encode(text(30)), { format: "jsonl", lenient: true });
  expect(many.dropped).toHaveLength(20);
  // Thirty lines, and an index that thirty lines do not explain.
  expect(many.droppedCount).toBe(31);
  const gap = SOUND.map((one, at) => ({ ...one, index: String(at < 1 ? at : at + 1) }));
  const [first = "", ...rest] = gap.map((one, at) => WRITE.jsonl(one, at));
  const one = readRecording(encode(`${[first, "{", ...rest].join("\n")}\n`), {
    ...{ format: "jsonl", lenient: true },
  });
  expect(one.dropped.map(({ line }) => line)).toEqual([2]);
  expect(one.incomplete).toMatch(/^line 2 could not be read/);
});
