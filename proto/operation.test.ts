import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Completion, Event, History, OperationEvent } from "./history.ts";
import { MalformedHistoryError, operationsOf } from "./operation.ts";

type Line = Pick<OperationEvent, "process" | "type"> & Partial<OperationEvent>;

type Lines = readonly (Line | "stage")[];

/** Events a millisecond apart, reads of k1 at n1 where nothing else is said. */
function historyOf(...lines: Lines): History {
  const events = lines.map((line, index): Event => {
    const time = index * 1e6;
    if (line === "stage") return { index, time, type: "stage", stage: "heal" };
    return { index, time, f: "read", key: "k1", value: null, node: "n1", ...line };
  });
  return {
    header: { testbed: "history", schema: 1, scenario: "story", seed: 1, versions: {} },
    events,
  };
}

function malformed(history: History): MalformedHistoryError {
  try {
    operationsOf(history);
  } catch (error) {
    if (error instanceof MalformedHistoryError) return error;
    throw error;
  }
  throw new Error("taken for well-formed");
}

describe("operations", () => {
  test("an invocation and its completion are one operation, by the invocation's index", () => {
    const [operation] = operationsOf(
      historyOf(
        "stage",
        { process: 3, type: "invoke", f: "write", value: 7, request: "r1" },
        { process: 3, type: "ok", f: "write", value: 7, node: "n2", seen: { epoch: 4 } },
      ),
    );
    expect(operation).toEqual({
      id: 1,
      process: 3,
      f: "write",
      key: "k1",
      input: 7,
      output: 7,
      node: "n2",
      status: "ok",
      invokedAt: 1e6,
      completed: 2,
      completedAt: 2e6,
      error: undefined,
      seen: { epoch: 4 },
      request: "r1",
      final: false,
    });
  });

  test("come in order of invocation, whoever completes first", () => {
    const operations = operationsOf(
      historyOf(
        { process: 0, type: "invoke" },
        { process: 1, type: "invoke" },
        { process: 1, type: "ok", value: 5 },
        { process: 0, type: "ok", value: 6 },
        { process: 1, type: "invoke", final: true },
        { process: 1, type: "ok", value: 8, final: true },
      ),
    );
    expect(operations.map(({ id, output, final }) => [id, output, final])).toEqual([
      [0, 6, false],
      [1, 5, false],
      [4, 8, true],
    ]);
  });

  test("an operation that is open at the end is info and has no end", () => {
    const [operation] = operationsOf(historyOf({ process: 0, type: "invoke" }));
    expect(operation).toMatchObject({ status: "info" });
    expect(operation?.completed).toBeUndefined();
    expect(operation?.completedAt).toBeUndefined();
  });

  test("info has no end either: what is unknown may take effect at any time", () => {
    const [operation] = operationsOf(
      historyOf(
        { process: 0, type: "invoke", f: "write", value: 1 },
        { process: 0, type: "info", f: "write", value: 1, error: "late" },
      ),
    );
    expect(operation).toMatchObject({ status: "info", error: "late" });
    expect(operation?.completed).toBeUndefined();
    expect(operation?.output).toBeUndefined();
  });

  test("a failed operation ended, and has no answer", () => {
    const [operation] = operationsOf(
      historyOf({ process: 0, type: "invoke" }, { process: 0, type: "fail", value: 9 }),
    );
    expect(operation).toMatchObject({ status: "fail", completed: 1 });
    expect(operation?.output).toBeUndefined();
  });

  test("each invocation of a well-formed history is one operation, with its completion's status", () => {
    // Processes take turns at random; what each did is kept to compare with.
    const turns = fc.array(
      fc.record({
        process: fc.nat(3),
        status: fc.constantFrom<Completion>("ok", "fail", "info"),
      }),
    );
    fc.assert(
      fc.property(turns, (all) => {
        const open = new Map<number, number>();
        const retired = new Set<number>();
        const lines: Line[] = [];
        const expected = new Map<number, Completion>();
        for (const { process, status } of all) {
          const invoked = open.get(process);
          if (retired.has(process)) continue;
          if (invoked === undefined) {
            open.set(process, lines.length);
            expected.set(lines.length, "info");
            lines.push({ process, type: "invoke" });
          } else {
            open.delete(process);
            expected.set(invoked, status);
            lines.push({ process, type: status });
            if (status === "info") retired.add(process);
          }
        }
        const operations = operationsOf(historyOf(...lines));
        expect(new Map(operations.map(({ id, status }) => [id, status]))).toEqual(expected);
        expect(operations.map(({ id }) => id)).toEqual([...expected.keys()]);
      }),
    );
  });
});

describe("a history that does not pair up is refused by the index of the offending event", () => {
  test.each<[string, number, RegExp, Lines]>([
    [
      "a process with two open operations",
      1,
      /process 0 invokes while its operation 0 is open/,
      [
        { process: 0, type: "invoke" },
        { process: 0, type: "invoke" },
      ],
    ],
    [
      "a completion of what was never invoked",
      1,
      /process 1 completes what it did not invoke/,
      [
        { process: 0, type: "invoke" },
        { process: 1, type: "ok" },
      ],
    ],
    [
      "a second completion",
      2,
      /completes what it did not invoke/,
      [
        { process: 0, type: "invoke" },
        { process: 0, type: "ok" },
        { process: 0, type: "ok" },
      ],
    ],
    [
      "an invocation after info",
      3,
      /process 0 acts again after info/,
      [
        { process: 0, type: "invoke" },
        { process: 0, type: "info" },
        "stage",
        { process: 0, type: "invoke" },
      ],
    ],
    [
      "a completion of another kind of operation",
      1,
      /completes write k1, but process 0 had invoked read k1/,
      [
        { process: 0, type: "invoke" },
        { process: 0, type: "ok", f: "write" },
      ],
    ],
    [
      "a completion for another key",
      1,
      /read k2.*read k1/,
      [
        { process: 0, type: "invoke" },
        { process: 0, type: "ok", key: "k2" },
      ],
    ],
    [
      "time that goes back",
      2,
      /time/,
      [
        { process: 0, type: "invoke" },
        { process: 1, type: "invoke" },
        { process: 0, type: "ok", time: 999_999 },
      ],
    ],
  ])("%s", (_what, index, says, lines) => {
    const error = malformed(historyOf(...lines));
    expect(error.index).toBe(index);
    expect(error.message).toMatch(says);
    expect(error.message).toContain(`event ${index}`);
  });

  test("notes may carry earlier times: nodes stamp them, and they arrive late", () => {
    const history = historyOf({ process: 0, type: "invoke" }, { process: 0, type: "ok" });
    const note: Event = {
      index: 2,
      time: -5,
      type: "note",
      node: "n1",
      arrived: 3e6,
      kind: "stall",
      ms: 3,
    };
    expect(operationsOf({ ...history, events: [...history.events, note] })).toHaveLength(1);
  });
});
