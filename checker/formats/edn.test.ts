import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { EdnError, EdnReader } from "./edn-reader.ts";
import { jsonOf } from "./edn-value.ts";
import type { Draw } from "./testdata/histories.ts";
import { Distinct } from "./values.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 3_117);
const json = (text: string): Json => jsonOf(new EdnReader(text).form() ?? null, new Distinct());

describe("reads", () => {
  test.each<[string, Json]>([
    ["nil", null],
    ["true", true],
    ["false", false],
    ["-12", -12],
    ["+5", 5],
    ["123N", 123],
    ["1.5M", 1.5],
    ["1.0", 1],
    ["-0.25e2", -25],
    ["9007199254740993", "9007199254740993n"],
    ["9007199254740992", 9007199254740992],
    ["123456789012345678901234567890N", "12345678901234567890123456789e1n"],
    ["3.14159265358979323846M", "314159265358979323846e-20n"],
    ["1e400", "1e400n"],
    ['"9007199254740993n"', "9007199254740993nn"],
    [":a", "a"],
    [":a/b-c?", "a/b-c?"],
    ["sym", "sym"],
    ["+", "+"],
    ["##NaN", "##NaN"],
    ["[##Inf ##-Inf]", ["##Inf", "##-Inf"]],
    ["\\a", "a"],
    ["\\newline", "\n"],
    ["\\u0041", "A"],
    ["[\\( \\]]", ["(", "]"]],
    ['"a\\"\\\\\\n\\u00e9"', 'a"\\\né'],
    ['"two\nlines"', "two\nlines"],
    ["[1 2, 3]", [1, 2, 3]],
    ["(1 (2))", [1, [2]]],
    ["#{3 1 20}", [1, 3, 20]],
    ["#{:b :a}", ["a", "b"]],
    ["{:a 1, :b [2]}", { a: 1, b: [2] }],
    ["{1 2}", { "1": 2 }],
    ["{[1 2] 3}", { "[1,2]": 3 }],
    ["#:n{:a 1 :m/b 2}", { "n/a": 1, "m/b": 2 }],
    ['#inst "2024-01-01"', { "#inst": "2024-01-01" }],
    ["#jepsen.independent/tuple [1 2]", [1, 2]],
    ["[1 #_2 3 #_ #_ 4 5]", [1, 3]],
    ["[1 ; 2\n 3]", [1, 3]],
    ["#_ 1 2", 2],
    ["; first\n7", 7],
  ])("%s", (text, value) => {
    expect(json(text)).toEqual(value);
  });

  test("a key called __proto__ as a key", () => {
    const value = json("{:__proto__ {:x 1}}") as { readonly [key: string]: Json };
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { readonly x?: Json }).x).toBeUndefined();
  });
});

describe("refuses", () => {
  test.each([
    ["[1 2", /cut short/],
    ["[1 2}", /\} closes nothing/],
    ["{:a}", /a key and no value/],
    ['"abc', /cut short/],
    ['"a\\q"', /\\q in a text/],
    ["\\toolong", /no character/],
    ["\\constructor", /no character/],
    [":", /without a name/],
    ["^{:a 1} [2]", /no EDN/],
    ["#'x", /no EDN/],
    ['[1\n\n #"a"]', /no EDN/],
    ["0x1F", /the number "0x1F"/],
    ["1/2", /the number/],
    ["017", /the number/],
    ["1x", /the number/],
    ["#{1 1.0}", /twice/],
    ["{:a 1 :a 2}", /twice/],
    ['{:a 1 "a" 2}', /both a keyword and a text/],
    ['[a "a"]', /both a symbol and a text/],
    ['"\\udc00"', /half of a character/],
    ["1".repeat(20_000), /a number of 20000 characters/],
  ])("%s", (text, says) => {
    expect(() => json(text)).toThrow(says);
  });

  test("brackets in brackets, marks before marks, however many there are", () => {
    for (const open of ["[", "(", "{", "#{", "#a ", "#_ ", "{:a [#b "])
      for (const close of ["", "]".repeat(200_000)])
        expect(() => new EdnReader(open.repeat(200_000) + close).form()).toThrow(/deeper than/);
  });

  test("a long line of many forms in no more time than its length asks for", () => {
    const reader = new EdnReader('""'.repeat(200_000));
    const begin = performance.now();
    for (let form = reader.form(); form !== undefined; form = reader.form())
      reader.lineAt(reader.at);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  test("with the line", () => {
    const reader = new EdnReader("1\n\n[2\n ; }\n }");
    reader.form();
    const error = (() => {
      try {
        return reader.form();
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(EdnError);
    expect((error as EdnError).line).toBe(5);
  });
});

function randomValue(draw: Draw, depth: number): Json {
  const kind = draw(0, depth > 3 ? 4 : 7);
  if (kind === 0) return null;
  if (kind === 1) return draw(0, 1) === 1;
  if (kind === 2) return draw(-1_000, 1_000);
  if (kind === 3) return draw(-1_000, 1_000) / 8;
  if (kind === 4)
    return pick(draw, ["", "a", 'q"\\', "\n", "é😀", "; no comment", "[", "__proto__"]);
  const size = draw(0, 3);
  const items = Array.from({ length: size }, () => randomValue(draw, depth + 1));
  if (kind === 5 || kind === 6) return items;
  return Object.fromEntries(items.map((item, i) => [`k${i}`, item]));
}

const pick = <T>(draw: Draw, all: readonly T[]): T => all[draw(0, all.length - 1)] as T;
const SPACES = [" ", "\n", ", ", "\t", " ; a ] comment\n", " #_ [skipped #_ twice] ", "  "];

function written(draw: Draw, value: Json): string {
  const space = (): string => pick(draw, SPACES);
  if (value === null) return "nil";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => written(draw, item) + space()).join("");
    return draw(0, 1) === 0 ? `[${space()}${items}]` : `(${items})`;
  }
  const entries = Object.entries(value).map(
    ([name, item]) => `:${name}${space()}${written(draw, item)}${space()}`,
  );
  return `{${entries.join("")}}`;
}

test(`random values come back (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED);
  const draw: Draw = (from, to) => uniformInt(random, from, to);
  for (let i = 0; i < 3_000; i++) {
    const value = randomValue(draw, 0);
    const text = written(draw, value);
    expect(json(`${pick(draw, SPACES)}${text}`), text).toEqual(value);
  }
});

test(`any text is EDN or is refused (seed ${SEED})`, () => {
  const random = xoroshiro128plus(SEED + 1);
  const draw: Draw = (from, to) => uniformInt(random, from, to);
  const letters = [
    ..."[](){}#_\"\\:;^'`~@,.-+/ \n01aenNM%&|",
    "##",
    "#{",
    "nil",
    "\u0000",
    "\ud800",
  ];
  const met = { forms: 0, refused: 0 };
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: draw(0, 14) }, () => pick(draw, letters)).join("");
    const reader = new EdnReader(text);
    try {
      // Each form takes at least one character.
      for (let forms = 0; reader.form() !== undefined; forms++) {
        expect(forms, text).toBeLessThanOrEqual(text.length);
        met.forms++;
      }
      expect(/^$|[\])}]/.test(reader.peek()), text).toBe(true);
    } catch (error) {
      if (!(error instanceof EdnError)) throw error;
      met.refused++;
    }
  }
  expect(Math.min(met.forms, met.refused)).toBeGreaterThan(3_000);
});
