import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merge, type Validity } from "./verdict.ts";

describe("the verdict of several checks", () => {
  test.each<[Validity, readonly Validity[]]>([
    ["valid", ["valid"]],
    ["valid", ["valid", "valid"]],
    ["unknown", ["valid", "unknown"]],
    ["invalid", ["unknown", "invalid"]],
    ["invalid", ["invalid", "unknown", "valid"]],
    ["invalid", ["valid", "invalid"]],
  ])("is %s for %j", (verdict, verdicts) => {
    expect(merge(verdicts)).toBe(verdict);
  });

  test("is unknown when there was no check at all: nothing was shown", () => {
    expect(merge([])).toBe("unknown");
  });

  test("does not hang on the order, and may be merged in parts", () => {
    const any = fc.array(fc.constantFrom<Validity>("valid", "unknown", "invalid"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(merge([...a, ...b])).toBe(merge([...b, ...a]));
        expect(merge([...a, ...b])).toBe(merge([merge(a), merge(b)]));
      }),
    );
  });
});
