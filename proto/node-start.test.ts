import { describe, expect, test } from "vitest";
import { type NodeStart, parseNodeStart, TRUE_CLOCK } from "./node-start.ts";

const start: NodeStart = {
  name: "n1",
  system: "register",
  options: { readQuorum: 2 },
  dataDirectory: "/tmp/n1",
  port: 0,
  epoch: { trueNs: "123", wallNs: "1700000000000000000" },
  wall: { offsetNs: "-500000000", rate: 1.0002, resolutionNs: "1" },
  monotonic: TRUE_CLOCK,
};

describe("what the controller gives a node at start", () => {
  test("arrives as it was sent", () => {
    expect(parseNodeStart(JSON.stringify(start))).toEqual(start);
  });

  test.each([
    ["an unknown field", { ...start, colour: "red" }],
    ["a missing field", { ...start, epoch: undefined }],
    ["a name that is no file name", { ...start, name: "../n1" }],
    ["a name with capitals", { ...start, name: "N1" }],
    ["a port that there is not", { ...start, port: 70_000 }],
    ["nanoseconds as a number", { ...start, epoch: { trueNs: 1, wallNs: "1" } }],
    ["half a nanosecond", { ...start, wall: { ...TRUE_CLOCK, offsetNs: "0.5" } }],
    ["a clock that runs backwards", { ...start, monotonic: { ...TRUE_CLOCK, rate: -1 } }],
    ["a resolution of nothing", { ...start, wall: { ...TRUE_CLOCK, resolutionNs: "0" } }],
  ])("with %s is refused", (_what, wrong) => {
    expect(() => parseNodeStart(JSON.stringify(wrong))).toThrow();
  });

  test("that is no JSON is refused", () => {
    expect(() => parseNodeStart("")).toThrow();
  });
});
