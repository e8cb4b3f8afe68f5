import { describe, expect, test } from "vitest";
import { distinctText, exactNumber } from "./exact-number.ts";
import { parseExactly, parseJson } from "./json-line.ts";

describe("numbers", () => {
  test.each([
    ["0", 0],
    ["-0", -0],
    ["1", 1],
    ["1.0", 1],
    ["100e-2", 1],
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", 9007199254740992],
    ["9007199254740993", "9007199254740993n"],
    ["-9007199254740993", "-9007199254740993n"],
    ["90071992547409930e-1", "9007199254740993n"],
    ["10000000000000000000000", 1e22],
    ["0.1", 0.1],
    ["0.10000000000000000", 0.1],
    ["0.1000000000000000055", "1000000000000000055e-19n"],
    ["0.30000000000000004", 0.30000000000000004],
    ["1e400", "1e400n"],
    ["-1e400", "-1e400n"],
    ["1e-400", "1e-400n"],
    ["10e-401", "1e-400n"],
    ["5e-324", 5e-324],
    ["3e-324", "3e-324n"],
  ])("%s", (token, value) => {
    expect(exactNumber(token)).toBe(value);
  });

  test("are equal exactly if they are the same number", () => {
    const base = 2n ** 53n;
    const seen = new Map<number | string, bigint>();
    for (let i = -200n; i < 200n; i++) {
      const value = exactNumber(String(base + i));
      expect(seen.get(value)).toBeUndefined();
      seen.set(value, i);
      expect(exactNumber(`${base + i}0e-1`)).toBe(value);
      expect(distinctText(String(value))).not.toBe(value);
    }
  });

  test("of any length do not take long", () => {
    expect(() => exactNumber("1".repeat(20_000))).toThrow(SyntaxError);
    expect(exactNumber(`1${"0".repeat(9_000)}1`)).toMatch(/^10+1n$/);
    expect(exactNumber(`1e${"9".repeat(9_000)}`)).toMatch(/^1e9+n$/);
  });
});

describe("JSON", () => {
  const plain = ['{"a":[1,2.5,"x",null,true],"b":{"c":"\\u00e9\\n"}}', "[]", '"n"', "-1e3", " 1 "];
  test.each(plain)("%s is what JSON.parse reads", (text) => {
    expect(parseExactly(text)).toEqual({ value: JSON.parse(text), text });
  });

  test.each([
    ["[9007199254740993]", ["9007199254740993n"]],
    ['{"a":-1e400,"b":2}', { a: "-1e400n", b: 2 }],
    [
      '["9007199254740993n","9007199254740993",9007199254740993]',
      ["9007199254740993nn", "9007199254740993", "9007199254740993n"],
    ],
    ['{"1n":1}', { "1nn": 1 }],
    ['"\\\\n"', "\\n"],
  ])("%s keeps all digits", (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test.each([
    ['{"a":1,"a":1}', /twice/],
    ['{"a":1,"\\u0061":1}', /twice/],
    ['[{"b":{"a":1,"a":2}}]', /twice/],
    ['"\\uDC00x"', /half of a character/],
    ['{"\\ud800":1}', /half of a character/],
    ["01", /not JSON/],
    ["1234567890123456789012x", /not JSON/],
    ["--12345678901234567890", /not JSON/],
    ["1.2.345678901234567890", /not JSON/],
    ["{", /not JSON/],
    ["'a'", /not JSON/],
    ["[NaN]", /not JSON/],
    ["[".repeat(101), /brackets in brackets/],
    [`${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`, /brackets in brackets/],
  ])("refuses %s", (text, says) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(says);
  });

  test("brackets in a text, and beside each other, are not deep", () => {
    expect(parseJson(JSON.stringify("[".repeat(500)))).toHaveLength(500);
    expect(parseJson(`[${"[],".repeat(500)}1]`)).toHaveLength(501);
    const deepest = `${"[".repeat(100)}${"]".repeat(100)}`;
    expect(JSON.stringify(parseJson(deepest))).toBe(deepest);
  });
});
