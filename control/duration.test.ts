import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration, parsePartsPerMillion, parseRate, seconds } from "./duration.ts";

describe("a duration", () => {
  test.each([
    ["500ms", 500_000_000],
    ["2s", 2_000_000_000],
    ["1m", 60_000_000_000],
    ["-500ms", -500_000_000],
    ["0.5s", 500_000_000],
    ["1.5m", 90_000_000_000],
    ["0ms", 0],
    ["0.000001ms", 1],
    ["0.1s", 100_000_000],
  ])("%s is %d nanoseconds", (text, ns) => {
    expect(parseDuration(text)).toBe(ns);
  });

  test.each(["", "5", "5 s", "s", "5S", "5h", "+5s", "1e3ms", ".5s", "5.s", "5ms ", "NaNs", "5s2"])(
    "%j is none, and it is said how to write one",
    (text) => {
      expect(() => parseDuration(text)).toThrow(JSON.stringify(text));
      expect(() => parseDuration(text)).toThrow('write "500ms", "2s" or "1m"');
    },
  );

  test("is the same in every unit that it is written in", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 10_000 }), (n) => {
        expect(parseDuration(`${n}s`)).toBe(parseDuration(`${n * 1000}ms`));
        expect(parseDuration(`${n}m`)).toBe(parseDuration(`${n * 60}s`));
      }),
    );
  });
});

describe("a rate", () => {
  test("is events per second", () => {
    expect(parseRate("200/s")).toBe(200);
    expect(parseRate("0.5/s")).toBe(0.5);
  });

  test.each(["", "200", "200/m", "-1/s", "0/s", "1e3/s", "/s", "200 /s"])("%j is none", (text) => {
    expect(() => parseRate(text)).toThrow('write "200/s"');
  });
});

describe("parts per million", () => {
  test("may be negative", () => {
    expect(parsePartsPerMillion("200ppm")).toBe(200);
    expect(parsePartsPerMillion("-0.5ppm")).toBe(-0.5);
  });

  test.each(["", "200", "200 ppm", "+1ppm", "2%"])("%j are none", (text) => {
    expect(() => parsePartsPerMillion(text)).toThrow('write "200ppm"');
  });
});

test("for people there are seconds with milliseconds", () => {
  expect(seconds(1_500_000_000)).toBe("1.500 s");
  expect(seconds(-1_000_000)).toBe("-0.001 s");
});
