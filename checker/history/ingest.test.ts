import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { decodeHistory } from "../../proto/history-codec.ts";
import { operationsOf } from "../../proto/operation.ts";
import { canonical } from "../value.ts";
import { type Columns, columnsOf } from "./columns.ts";
import { HistoryReader, ingest, type Recorded } from "./ingest.ts";
import { RecordedLine } from "./recorded-line.ts";
import { ScannedLine } from "./scanned-line.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_251);
const HEADER = `{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}`;

/** The exact reader's columns and other events, or its refusal; and ours. Both as plain data. */
function exact(text: string): unknown {
  return outcome(() => {
    const history = decodeHistory(text);
    const columns = columnsOf(operationsOf(history));
    const others = history.events.filter(({ type }) => /^(fault|stage|note)$/.test(type));
    return { header: history.header, columns: plain(columns), others };
  });
}

function fast(bytes: Uint8Array, chunk = bytes.length): unknown {
  return outcome(() => {
    const { header, columns, others } = read(bytes, chunk);
    return { header, columns: plain(columns), others };
  });
}

function read(bytes: Uint8Array, chunk: number): Recorded {
  if (chunk >= bytes.length) return ingest(bytes);
  const reader = new HistoryReader();
  for (let at = 0; at < bytes.length; at += chunk)
    reader.feed(Uint8Array.from(bytes.subarray(at, at + chunk)));
  return reader.end();
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message, line: (error as { line?: number }).line };
  }
}

function plain({ values, ...columns }: Columns): unknown {
  const all = Array.from({ length: values.size }, (_, id) => canonical(values.valueOf(id)));
  for (const [id] of all.entries()) expect(values.find(values.valueOf(id))).toBe(id);
  const arrays = Object.entries(columns).map(([name, column]) => [
    name,
    typeof column === "number" ? column : Array.from<number | string>(column),
  ]);
  return { values: all, ...Object.fromEntries(arrays) };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
type Draw = (from: number, to: number) => number;
const pick = <T>(draw: Draw, all: readonly T[]): T => all[draw(0, all.length - 1)] as T;

/** JSON texts of values, equal ones in several spellings. */
const VALUES = [
  ...["null", "0", "1", "2", "17", "-5", "-0", "1.0", "1e2", "100", "0.5", "-1.25e-3", "true"],
  ...[
    "false",
    '""',
    '"a"',
    '"\\u0061"',
    '"é"',
    '"\\u00e9"',
    '"\\ud83d\\ude00"',
    '"😀"',
    '"\\ud800"',
  ],
  ...[
    "[]",
    "[1,2]",
    "[ 1, 2 ]",
    '{"a":1,"b":[null]}',
    '{ "b":[null], "a":1 }',
    '{"constructor":1}',
  ],
  ...["999999999999999", "1000000000000000", "9007199254740993", "123456789012345678901234567890"],
  ...[
    "4294967296",
    "4294967297",
    "-4294967295",
    `"${"long ".repeat(60)}"`,
    '"a\\"b\\\\c"',
    '"\\n"',
  ],
  ...['"1"', '"null"', "{}", '{"__proto__":[1]}'],
  ...["[-0]", "[0,-7]", '["a",true,false,null]', "[1 ]", "[[1]]", '["\\u0061"]', "[1.5]"],
  ...["[0]", `[${"1,".repeat(60)}1]`, '["",-9007199254740993]'],
];
/** What is no JSON. */
const BROKEN = [
  ...["[01]", "[1,]", "[,1]", "[1", "truer", "tru", "fals", "nul", "[null,nul]", "-", "--1", "01"],
  ...['"a', "[]]", "[1;2]", "1.", "trie", "[tru]", "\u0000", '["a\u0000"]', "-01"],
];
const TEXTS = ['"x"', '"y"', '"\\u0078"', '"käse"', '""', '"k\\u0000"', `"${"k".repeat(99)}"`];
const STRANGE = [
  ...['"seen":{"stamp":"-12","by":"n1","clock":"wall","served":"n2"}', '"seen":{}', '"final":true'],
  ...['"seen":{"epoch":3}', '"seen":{"stamp":"12345678901234567890"}', '"seen":{"clock":"sun"}'],
  ...['"seen":{"epoch":-1}', '"seen":{"by":"n1","by":"n2"}', '"seen":{"other":1}', '"error":"é"'],
  ...['"error":"a\\tb"', '"error":"a\tb"', '"error":7', '"final":false', '"request":"r1"', '"x":1'],
  ...[
    '"type":"ok"',
    '"index":0',
    '"toString":1',
    '"node":"\\u006e"',
    '"seen":null',
    '"seen":{"stamp":"-"}',
  ],
];
const OTHERS = [
  '"type":"stage","stage":"drive"',
  '"type":"note","node":"n1","arrived":5,"kind":"stall","ms":-0',
  '"type":"fault","id":0,"phase":"begin","f":"pause","node":"n1","detail":{"a":[1]},"evidence":{},"effective":true',
];

/** Texts of lines: mostly right, with `odd` of 1000 decisions strange. */
function randomText(draw: Draw, length: number, odd: number): string {
  const strange = (): boolean => draw(0, 999) < odd;
  const lines = [HEADER];
  const open = new Map<number, [string, string]>();
  let [fresh, time] = [4, 0];
  const slots = [0, 1, 2, 3];
  while (lines.length < length + 1) {
    const index = lines.length - 1;
    time += draw(0, 9);
    const stamp = [`"index":${strange() ? draw(0, 9) : index}`, `"time":${strange() ? -1 : time}`];
    if (draw(0, 19) === 0) {
      lines.push(`{${[...stamp, pick(draw, OTHERS)].join()}}`);
      continue;
    }
    const slot = draw(0, 3);
    const own = strange() ? pick(draw, [0, 4_294_967_296, 5_000_000, -1]) : (slots[slot] ?? 0);
    const invoked = open.get(own);
    const type =
      strange() || invoked === undefined ? "invoke" : pick(draw, ["ok", "ok", "fail", "info"]);
    const [f, key] =
      invoked === undefined || strange()
        ? [pick(draw, ['"read"', '"write"', '"\\u0072"']), pick(draw, TEXTS)]
        : invoked;
    if (type === "invoke") open.set(own, [f, key]);
    else open.delete(own);
    if (type === "info") slots[slot] = pick(draw, [fresh++, fresh++]);
    const fields = [
      ...[`"type":"${type}"`, `"process":${own}`, `"f":${f}`, `"key":${key}`, `"node":"n1"`],
      ...[`"value":${valueText(draw, strange())}`, ...stamp],
    ];
    if (draw(0, 3) === 0) fields.push(pick(draw, STRANGE.slice(0, strange() ? undefined : 4)));
    if (strange()) fields.splice(draw(0, fields.length - 1), 1);
    if (draw(0, 2) === 0) fields.sort(() => draw(-1, 1));
    lines.push(spaced(draw, fields, strange()));
  }
  return `${lines.join("\n")}\n`;
}

function valueText(draw: Draw, broken: boolean): string {
  return broken ? pick(draw, BROKEN) : draw(0, 3) === 0 ? pick(draw, VALUES) : String(draw(0, 40));
}

/** Lines in the very order in which the recorder writes their fields; of 1000 fields `odd` are others than they should. */
function recordedText(draw: Draw, length: number, odd: number): string {
  const lines = [HEADER];
  const open = new Map<number, readonly [process: number, names: string]>();
  const strange = (): boolean => draw(0, 999) < odd;
  let time = pick(draw, [0, 0, 7, 99_990, 999_999_999_000, 99_999_999_999_990]);
  let fresh = 4;
  const slots = [0, 1, 1024, 3].map((process) => process + pick(draw, [0, 0, 0, 2_147_483_000]));
  while (lines.length < length + 1) {
    const index = strange() ? draw(0, 99) : lines.length - 1;
    time += draw(0, 99) * pick(draw, [1, 1, 100_000]);
    const end = `"index":${index},"time":${strange() ? `0${time}` : time}}`;
    const slot = draw(0, 3);
    const [process, before] = open.get(slot) ?? [slots[slot] ?? 0, undefined];
    const names = before === undefined || strange() ? namesText(draw, strange()) : before;
    const value = valueText(draw, strange());
    if (before === undefined) {
      open.set(slot, [process, names]);
      lines.push(`{"type":"invoke","value":${value},"process":${process},${names},${end}`);
      continue;
    }
    open.delete(slot);
    const type = pick(draw, ["ok", "ok", "ok", "ok", "ok", "fail", "info"]);
    if (type === "info") slots[slot] = fresh++;
    const more = draw(0, 2) === 0 ? "" : `${seenText(draw, strange())},`;
    lines.push(`{"process":${process},${names},"type":"${type}","value":${value},${more}${end}`);
  }
  return `${lines.join("\n")}\n`;
}

function namesText(draw: Draw, strange: boolean): string {
  const name = (...names: string[]): string => (strange ? pick(draw, TEXTS) : pick(draw, names));
  const some = [`"f":${name('"read"', '"write"')}`, `"key":${name('"k1"', '"k22"', '""')}`];
  some.push(`"node":${name('"n1"', '"n2"', '"é"')}`);
  if (draw(0, 4) > 0) some.push(`"request":"r${draw(0, 2000)}"`);
  if (draw(0, 9) === 0) some.push(strange ? '"final":false' : '"final":true');
  return some.join();
}

function seenText(draw: Draw, strange: boolean): string {
  const all = [
    `"seen":{"stamp":"${draw(0, 99999)}","by":"n1","clock":"wall","served":"n${draw(1, 3)}"}`,
    `"seen":{"stamp":"1795251769099031428","by":"","clock":"wall","served":"n2"}`,
    `"seen":{"stamp":"-1","by":"n1","clock":"hybrid","served":"n2"}`,
    `"seen":{"epoch":${draw(0, 20)},"served":"n2"}`,
    '"error":"no answer in time"',
  ];
  const odd = [
    ...['"seen":{"stamp":"17952517690990314280","by":"n1","clock":"wall","served":"n2"}'],
    ...['"seen":{"stamp":"","by":"n1","clock":"wall","served":"n2"}'],
    ...['"seen":{"stamp":"1","by":"n1","clock":"wall","served":"n2","served":"n2"}'],
    ...['"seen":{"stamp":1}', '"error":7', '"error":"a\\nb"', '"final":true'],
  ];
  return pick(draw, strange ? odd : all);
}

function spaced(draw: Draw, fields: readonly string[], broken: boolean): string {
  const space = draw(0, 4) === 0 ? pick(draw, [" ", "\t", "\r", "  "]) : "";
  const line = `{${space}${fields.join(`${space},${space}`)}${space}}${space}`;
  return broken
    ? pick(draw, [line.slice(0, draw(0, line.length)), `${line}x`, `[${line}]`, "null"])
    : line;
}

/** Damages some bytes. */
function damaged(draw: Draw, text: string): Uint8Array {
  const bytes = encode(text);
  for (let times = draw(1, 3); times > 0; times--)
    bytes[draw(0, bytes.length - 1)] = pick(
      draw,
      [0, 0x7f, 0xff, 0xc3, 0x0a, 0x22, 0x5c, 0x2c, 0x30, 0x39, 0x3a, 0x7d],
    );
  return bytes.subarray(0, draw(0, 9) === 0 ? draw(0, bytes.length) : bytes.length);
}

describe("reads what the exact reader reads, and refuses what it refuses, in the same words", () => {
  const cases = { "as recorded": 0, "with a few oddities": 3, "with many": 40 };
  for (const [name, odd] of Object.entries(cases))
    test(`random histories ${name} (seed ${SEED})`, () => {
      const random = xoroshiro128plus(SEED + odd);
      const draw: Draw = (from, to) => uniformInt(random, from, to);
      const met = { accepted: 0, refused: 0 };
      for (let i = 0; i < 1_500; i++) {
        const text = randomText(draw, draw(0, 60), odd);
        const truth = exact(text);
        met[(truth as { columns?: unknown }).columns === undefined ? "refused" : "accepted"]++;
        const bytes = encode(text);
        expect(fast(bytes), text).toEqual(truth);
        expect(fast(bytes, draw(1, 200)), text).toEqual(truth);
      }
      expect(met.accepted).toBeGreaterThan(odd === 40 ? 50 : 500);
      if (odd > 0) expect(met.refused).toBeGreaterThan(50);
    });

  test.each([0, 5, 50])(
    `lines in the recorder's own order, %i of 1000 fields odd (seed ${SEED})`,
    (odd) => {
      const random = xoroshiro128plus(SEED + 100 + odd);
      const draw: Draw = (from, to) => uniformInt(random, from, to);
      const met = { accepted: 0, refused: 0 };
      for (let i = 0; i < 1_000; i++) {
        const text = recordedText(draw, draw(0, 40), odd);
        const truth = exact(text);
        met[(truth as { columns?: unknown }).columns === undefined ? "refused" : "accepted"]++;
        const bytes = encode(text);
        expect(fast(bytes), text).toEqual(truth);
        expect(fast(bytes, draw(1, 1000)), text).toEqual(truth);
      }
      expect(met.accepted).toBeGreaterThan(odd === 50 ? 50 : 300);
      if (odd > 0) expect(met.refused).toBeGreaterThan(100);
    },
  );

  test(`damaged bytes (seed ${SEED})`, () => {
    const random = xoroshiro128plus(SEED + 1);
    const draw: Draw = (from, to) => uniformInt(random, from, to);
    for (let i = 0; i < 6_000; i++) {
      const text = i % 2 === 0 ? randomText : recordedText;
      const bytes = damaged(draw, text(draw, draw(0, 12), 0));
      const truth = exact(Buffer.from(bytes).toString("utf8"));
      expect(fast(bytes, draw(1, 400)), Buffer.from(bytes).toString("latin1")).toEqual(truth);
    }
  });

  const invoke = (index: number, process = 0): string =>
    `{"type":"invoke","process":${process},"f":"read","key":"x","value":null,"node":"n1","index":${index},"time":1}`;
  const cases2: Record<string, string> = {
    "an empty file": "",
    "a header alone": `${HEADER}\n`,
    "a header without newline": HEADER,
    "a foreign schema": `${HEADER.replace('"schema":1', '"schema":2')}\n`,
    "another file": "[]\n",
    "a byte order mark": `\uFEFF${HEADER}\n`,
    "a last line without newline": `${HEADER}\n${invoke(0)}`,
    "a last line without newline, after a line that is wrong": `${HEADER}\nx\n${invoke(0)}`,
    "an empty line": `${HEADER}\n\n${invoke(1)}\n`,
    "a gap in the indices": `${HEADER}\n${invoke(0)}\n${invoke(2, 1)}\n`,
    "two open operations": `${HEADER}\n${invoke(0)}\n${invoke(1)}\n`,
    "two open operations, and later a line that is wrong": `${HEADER}\n${invoke(0)}\n${invoke(1)}\nx\n`,
    "a completion without invocation": `${HEADER}\n${invoke(0).replace("invoke", "ok")}\n`,
    "a NUL byte in a text": `${HEADER}\n${invoke(0).replace("n1", "n\0")}\n`,
    "an index below zero": `${HEADER}\n${invoke(0).replace('"index":0', '"index":-1')}\n`,
    "an index of minus nothing": `${HEADER}\n${invoke(0).replace('"index":0', '"index":-0')}\n`,
    "a number with a leading zero": `${HEADER}\n${invoke(0).replace('"time":1', '"time":01')}\n`,
    "300 processes": `${HEADER}\n${Array.from({ length: 300 }, (_, i) => `${invoke(i, i)}\n`).join("")}`,
  };
  for (const [name, text] of Object.entries(cases2))
    test(name, () => expect(fast(encode(text))).toEqual(exact(text)));
});

test("the recorder's lines are read in the short way", () => {
  const random = xoroshiro128plus(SEED + 2);
  const bytes = encode(recordedText((from, to) => uniformInt(random, from, to), 2_000, 0));
  const line = new ScannedLine();
  const recorded = new RecordedLine(line);
  recorded.turnTo(bytes);
  const met = { long: 0, known: 0 };
  let [at, index] = [bytes.indexOf(10) + 1, 0];
  for (; at < bytes.length; index++) {
    const next = recorded.scan(at, index);
    const end = bytes.indexOf(10, at) + 1;
    expect([-1, end]).toContain(next);
    if (next < 0) met.long++;
    else if (recorded.kind >= 0) met.known++;
    else recorded.learn(line.fFrom, line.keyFrom);
    at = end;
  }
  // Values such as 1.5 and the last line of all go the long way.
  expect(met.long).toBeLessThan(index / 4);
  expect(met.known).toBeGreaterThan(index / 4);
});

test("finds the line of an event again", () => {
  const random = xoroshiro128plus(SEED);
  const text = randomText((from, to) => uniformInt(random, from, to), 1_000, 0);
  const bytes = encode(text);
  const { events } = decodeHistory(text);
  for (const chunk of [bytes.length, 777]) {
    const { lines } = read(bytes, chunk);
    for (const event of events) {
      const { from, to } = lines.around(event.index);
      expect(lines.eventIn(bytes.subarray(from, to), event.index)).toEqual(event);
    }
    expect(() => lines.around(64_000)).toThrow(RangeError);
  }
});
