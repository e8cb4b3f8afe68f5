import { describe, expect, test } from "vitest";
import { resolveSystem, smallestTimeoutMs } from "./systems.ts";

describe("options of a system", () => {
  test("that are left out get their defaults, all of them", () => {
    expect(resolveSystem("register", {})).toEqual({
      system: "register",
      options: {
        conflicts: "last-write-wins",
        readQuorum: 2,
        writeQuorum: 2,
        peerTimeoutMs: 1000,
      },
    });
    expect(resolveSystem("lease", {})).toEqual({
      system: "lease",
      options: { epochs: "checked", leaseMs: 600, workMs: 20, peerTimeoutMs: 1000 },
    });
  });

  test("that are given are kept", () => {
    const { options } = resolveSystem("register", { conflicts: "hybrid", readQuorum: 3 });
    expect(options).toMatchObject({ conflicts: "hybrid", readQuorum: 3, writeQuorum: 2 });
  });

  test.each([
    ["an unknown system", "raft", {}, /unknown system "raft".*register, lease/],
    ["a name that every object has", "toString", {}, /unknown system "toString"/],
    ["an unknown option", "register", { quorum: 2 }, /register, quorum: .*\(options: conflicts/],
    ["an option of the other system", "register", { leaseMs: 600 }, /register, leaseMs/],
    [
      "a value that is not among the choices",
      "register",
      { conflicts: "lww" },
      /register, conflicts: .*"last-write-wins".*"lww"/,
    ],
    ["a number as text", "register", { readQuorum: "2" }, /register, readQuorum: .*number/],
    ["a quorum of none", "register", { readQuorum: 0 }, /register, readQuorum/],
    ["half a node", "register", { writeQuorum: 1.5 }, /register, writeQuorum/],
    ["a time below zero", "lease", { workMs: -1 }, /lease, workMs/],
    ["a lease too short to be renewed", "lease", { leaseMs: 99 }, /lease, leaseMs/],
    ["no object at all", "lease", null, /lease, options/],
  ])("%s is refused by name", (_what, system, input, says) => {
    expect(() => resolveSystem(system, input)).toThrow(says);
  });
});

test("the smallest timeout of a protocol is what a stall is measured by", () => {
  const timeout = (system: string, options: object) =>
    smallestTimeoutMs(resolveSystem(system, options));
  expect(timeout("register", { peerTimeoutMs: 700 })).toBe(700);
  expect(timeout("lease", { leaseMs: 600, peerTimeoutMs: 700 })).toBe(600);
  expect(timeout("lease", { leaseMs: 900, peerTimeoutMs: 700 })).toBe(700);
});
