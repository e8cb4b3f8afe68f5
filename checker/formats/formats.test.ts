import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAIL, INFO, OK } from "../history/columns.ts";
import { detectFormat, type Format, RecordingReader, readRecording } from "./index.ts";
import type { ReadOptions, ReadResult } from "./read-recording.ts";
import { verdictOf } from "./testdata/verdict.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const golden = (name: string): Uint8Array =>
  readFileSync(new URL(`./testdata/${name}`, import.meta.url));
const read = (text: string, options: ReadOptions = {}): ReadResult =>
  readRecording(encode(text), options);

describe("goldens", () => {
  test.each<[string, Format, "valid" | "invalid", ReadOptions]>([
    ["register-valid.jsonl", "jsonl", "valid", {}],
    ["register-invalid-stale-read.jsonl", "jsonl", "invalid", {}],
    ["cas-register-valid.edn", "jepsen-edn", "valid", {}],
    ["register-invalid-thin-air.edn", "jepsen-edn", "invalid", {}],
    ["independent-keys-invalid-one-key.edn", "jepsen-edn", "invalid", { keyed: true }],
    ["register-valid.log.txt", "jepsen-log", "valid", {}],
    ["register-invalid-lost-write.log.txt", "jepsen-log", "invalid", {}],
  ])("%s is %s and %s", (name, format, verdict, options) => {
    const bytes = golden(name);
    expect(detectFormat(bytes.subarray(0, 400))).toBe(format);
    const result = readRecording(bytes, options);
    expect(result.format).toBe(format);
    expect(result.droppedCount).toBe(0);
    expect(verdictOf(result.recording.columns)).toBe(verdict);
    const lenient = readRecording(bytes, { ...options, lenient: true });
    expect(lenient.recording.operations()).toEqual(result.recording.operations());
    expect(lenient.incomplete).toBeUndefined();
  });

  test.each([
    ["malformed-truncated-last-line.jsonl", /^line 4: cut short: not JSON/],
    ["malformed-two-open.edn", /^event 1: line 2: process 0 invokes while/],
  ])("%s", (name, says) => {
    expect(() => readRecording(golden(name))).toThrow(says);
  });

  test("a single operation, with all that is known of it", () => {
    const { recording, processNames, lineOf } = readRecording(golden("register-valid.jsonl"));
    const operation = recording.operation(2);
    expect(operation).toEqual({
      ...{ id: 4, process: 0, f: "write", key: "", input: 2, output: undefined, node: "n1" },
      ...{ status: "info", invokedAt: 3000, completed: undefined, completedAt: undefined },
      ...{ error: "timed out", seen: undefined, request: undefined, final: false },
    });
    expect(recording.operation(1)).toMatchObject({ output: 1, completed: 3, completedAt: 2500 });
    expect(processNames.get(recording.operation(1).process)).toBe("reader");
    expect(lineOf(4)).toBe(5);
    expect(() => recording.operation(4)).toThrow(RangeError);
    expect(() => recording.operation(-1)).toThrow(RangeError);
  });

  test("what Jepsen has besides operations", () => {
    const { recording, nemesis, notes, lineOf } = readRecording(golden("cas-register-valid.edn"));
    expect(nemesis).toEqual([
      { index: 1, line: 3, time: 12, type: "info", f: "start-partition", value: "n1 from n2" },
    ]);
    expect(recording.events).toBe(11);
    expect(recording.others).toEqual([]);
    expect(notes).toEqual([
      "1 failed compare-and-sets were left out: they say nothing (failedCas)",
      "1 events of the nemesis are no operations",
    ]);
    const all = recording.operations().map(({ id, f, error }) => [id, lineOf(id), f, error]);
    expect(all).toEqual([
      [0, 2, "write", undefined],
      [3, 5, "cas", undefined],
      [7, 9, "read", "[timeout {after 10}]"],
      [9, 11, "read", undefined],
    ]);
  });
});

describe("what a format means", () => {
  const CAS = golden("cas-invalid-failed-comparison.jsonl");
  const status = (result: ReadResult): number[] => [...result.recording.columns.status];

  test("a failed cas is an observation, unless it has an error, or Jepsen recorded it", () => {
    expect(status(readRecording(CAS))).toEqual([OK, FAIL]);
    expect(status(readRecording(CAS, { failedCas: "silent" }))).toEqual([OK]);
    const text = new TextDecoder().decode(CAS);
    const fail = '"type":"fail","f":"cas",';
    for (const change of ['"error":"refused",', '"value":[7,8],"a":'])
      expect(status(read(text.replace(fail, fail + change).replace(/"a":"value"/, '"a"')))).toEqual(
        [OK],
      );
    expect(status(read(text.replace(`${fail}"value":[1,2]`, `${fail}"value":null`)))).toEqual([
      OK,
      FAIL,
    ]);
    const edn =
      "{:process 0 :type :invoke :f :cas :value [1 2]}\n{:process 0 :type :fail :f :cas :value [1 2]}\n{:process 0 :type :invoke :f :read}";
    expect(status(read(edn))).toEqual([INFO]);
    expect(status(read(edn, { failedCas: "observed" }))).toEqual([FAIL, INFO]);
    const log = "0 :invoke :cas [1 2]\n0 :fail :cas [1 2]\n";
    expect(status(read(log))).toEqual([FAIL]);
    for (const end of ["[1 2] :refused", ":timed-out", "[1 2 :x", "nil :timeout"])
      expect(status(read(`${log}0 :invoke :cas [1 2]\n0 :fail :cas ${end}\n`))).toEqual([FAIL]);
  });

  test("a read that answered nil saw nothing, or says nothing", () => {
    const edn = `{:process 0 :type :invoke :f :write :value 1}
      {:process 0 :type :ok :f :write :value 1}
      {:process 0 :type :invoke :f :read :value nil}
      {:process 0 :type :ok :f :read :value nil}
      {:process 0 :type :invoke :f :read :value nil}
      {:process 0 :type :ok :f :read :value 1}`;
    const knossos = read(edn);
    expect(status(knossos)).toEqual([OK, INFO, OK]);
    expect(knossos.notes).toHaveLength(1);
    expect(verdictOf(knossos.recording.columns)).toBe("valid");
    expect([...knossos.recording.columns.process]).toEqual([0, 2 ** 30, 0]);
    expect(knossos.processNames.get(2 ** 30)).toBe("0");
    const strict = read(edn, { nilReads: "null" });
    expect(status(strict)).toEqual([OK, OK, OK]);
    expect(verdictOf(strict.recording.columns)).toBe("invalid");
  });

  test("a process that goes on after info is another one, in others' formats", () => {
    const line = (type: string, f: string): string =>
      `{"process":"a","type":"${type}","f":"${f}","value":1}\n`;
    const text = line("invoke", "write") + line("info", "write") + line("invoke", "write");
    const { recording, notes, droppedCount } = read(text);
    expect(droppedCount).toBe(0);
    expect(notes[0]).toMatch(/^1 times a process went on/);
    expect(new Set(recording.columns.process).size).toBe(2);
    // What comes after info is no answer to it.
    expect(() => read(text + line("ok", "read"))).toThrow(
      /completes read, but process a had invoked write/,
    );
    expect(() =>
      read(line("invoke", "write") + line("info", "write") + line("ok", "write")),
    ).toThrow(/^event 2: line 3: process a completes what it did not invoke/);
  });

  test("times that go back are Jepsen's", () => {
    const edn = (time: number): string =>
      `{:process 0 :type :invoke :f :read :time 5}{:process 1 :type :invoke :f :read :time ${time}}`;
    expect([...read(edn(4)).recording.columns.invokedAt]).toEqual([5, 4]);
  });

  test("without times there are none", () => {
    const { recording } = readRecording(golden("register-invalid-stale-read.jsonl"));
    expect([...recording.columns.invokedAt]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(recording.operation(0).completedAt).toBeNaN();
    expect(recording.columns.keys).toEqual(["x"]);
  });

  test("numbers of all digits are different values", () => {
    const big = [
      "9007199254740992",
      "9007199254740993",
      '"9007199254740993"',
      '"9007199254740993n"',
    ];
    const text = big
      .map(
        (value) =>
          `{"process":0,"type":"invoke","f":"write","value":${value}}\n{"process":0,"type":"ok","f":"write","value":${value}}\n`,
      )
      .join("");
    for (const one of [
      text,
      text
        .replaceAll(/"(process|type|f|value)":/g, ":$1 ")
        .replaceAll(/"(invoke|ok|write)"/g, ":$1"),
    ]) {
      const { recording } = read(one);
      expect(recording.operations().map(({ input }) => input)).toEqual([
        ...[9007199254740992, "9007199254740993n", "9007199254740993", "9007199254740993nn"],
      ]);
      expect([...recording.columns.input]).toEqual([...recording.columns.output]);
    }
    const own = `{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}\n{"type":"invoke","process":0,"f":"write","key":"x","value":9007199254740993,"node":"n1","time":1,"index":0}\n`;
    expect(() => read(own)).toThrow("line 2: a number has more digits than are kept");
    expect(read(own.replace("9007199254740993", "9007199254740992")).droppedCount).toBe(0);
    expect(
      read(
        own
          .replace('"n1"', '"n1","request":"12345678901234567890"')
          .replace("9007199254740993", "1"),
      ).recording.columns.count,
    ).toBe(1);
  });
});

describe("keyed", () => {
  const KEYS = golden("independent-keys-invalid-one-key.edn");

  test("values are taken apart", () => {
    const { recording } = readRecording(KEYS, { keyed: true });
    expect(recording.columns.keys).toEqual(["3", "4"]);
    expect(recording.operations().map(({ key, input, output }) => [key, input, output])).toEqual([
      ...[
        ["3", 10, 10],
        ["4", 20, 20],
        ["3", null, 10],
        ["4", null, 10],
      ],
    ]);
    expect(readRecording(KEYS).recording.columns.keys).toEqual([""]);
  });

  test("in JSON lines, and in logs where an error stands for the value", () => {
    const jsonl = `{"process":0,"type":"invoke","f":"write","value":["k",1]}\n{"process":0,"type":"info","f":"write","value":null}\n`;
    const log =
      "0 :invoke :write [k 1]\n0 :fail :write :timed-out\n1 :invoke :write [k 2]\n1 :info :write\n";
    for (const text of [jsonl, log]) {
      const { recording } = read(text, { keyed: true });
      expect(recording.operation(0)).toMatchObject({ key: "k", input: 1 });
    }
  });

  test.each([
    ['{"process":0,"type":"invoke","f":"write","value":1}\n', /\[key, value\]/],
    ['{"process":0,"type":"invoke","f":"write","key":"x","value":[1,2]}\n', /has a key/],
    ["{:process 0 :type :invoke :f :read :value nil}", /\[key, value\]/],
    [
      '{"process":0,"type":"invoke","f":"write","value":[1,2]}\n{"process":1,"type":"invoke","f":"write","value":["1",2]}\n',
      /line 2: "1" is both a number and a text/,
    ],
    [
      '{"process":0,"type":"invoke","f":"write","value":[1,2]}\n{"process":0,"type":"ok","f":"write","value":[2,2]}\n',
      /completes write 2, but process 0 had invoked write 1/,
    ],
  ])("refuses %s", (text, says) => {
    expect(() => read(text, { keyed: true })).toThrow(says);
  });

  test("is not for our own, and keys are given to all or to none", () => {
    expect(() => read("{}", { format: "testbed", keyed: true })).toThrow(TypeError);
    const text = `{"process":0,"type":"invoke","f":"write","value":1,"key":"x"}\n{"process":1,"type":"invoke","f":"write","value":1}\n`;
    expect(() => read(text)).toThrow(/line 2: some invocations have a key and others have none/);
  });
});

describe("tells the format", () => {
  test.each<[string, string | undefined, Format | undefined]>([
    ['{"testbed":"history","schema":1}', undefined, "testbed"],
    ['\uFEFF{ "schema":1, "testbed" : "history"}\n', "x.edn", "testbed"],
    ['{"process":0}', undefined, "jsonl"],
    ['\n {"a":"testbed"}', undefined, "jsonl"],
    ["[{:process 0", undefined, "jepsen-edn"],
    ["({:process 0", undefined, "jepsen-edn"],
    ["; hello\n[]", undefined, "jepsen-edn"],
    ["[ ; hello\n", undefined, "jepsen-edn"],
    ["#jepsen.history.Op{:process 0", undefined, "jepsen-edn"],
    ["INFO jepsen.util - 0 :invoke :read nil", undefined, "jepsen-log"],
    ["[2024] x\n0\t:invoke\t:read\tnil", undefined, "jepsen-log"],
    ["2024 INFO starting", "jepsen.log", "jepsen-log"],
    ["hello", "a.jsonl", "jsonl"],
    ["hello", "a.txt", undefined],
    ["", undefined, undefined],
  ])("%s", (text, name, format) => {
    expect(detectFormat(encode(text), name)).toBe(format);
  });

  test("or says that it cannot", () => {
    expect(() => read("hello\n")).toThrow(/tells no format. Give one: testbed, jsonl/);
    expect(() => read("hello\n", { fileName: "a.log" })).toThrow(/no operation was found in it/);
  });
});

test("a reader by chunks wants a known format, and for our own the bytes", () => {
  expect(() => new RecordingReader("csv" as Format)).toThrow(TypeError);
  expect(() => new RecordingReader("testbed")).toThrow(TypeError);
  const reader = new RecordingReader("jsonl");
  expect(() => reader.end()).toThrow("line 1: the file is empty");
});
