/** Invented: n3's clock is 500 ms behind, so last write wins drops an acknowledged write. */
import type { Event, Unindexed } from "../../proto/history.ts";
import type { ReportInput } from "../index.ts";
import { act, background, historyOf, invocation, MS } from "./traffic.ts";

const BASE_NS = 1_763_700_000_000_000_000n;
const stamp = (ms: number, by: string) =>
  ({ stamp: String(BASE_NS + BigInt(Math.round(ms * MS))), by, clock: "wall" }) as const;

export function lostWrite(): ReportInput {
  const older = { process: 1, f: "write", key: "k3", value: 41, node: "n1" } as const;
  const lost = { process: 3, f: "write", key: "k3", value: 43, node: "n3" } as const;
  const last = { process: 4, f: "read", key: "k3", value: 41, node: "n2", final: true } as const;
  const skew = { id: 0, type: "fault", f: "skew", node: "n3" } as const;
  const events: Unindexed<Event>[] = [
    { type: "stage", stage: "drive", time: 0 },
    ...background(3500, [1, 3, 4], (from, to) => to < 1480 || from > 1560),
    ...act({ ...older, fromMs: 1500, toMs: 1502.4, seen: stamp(1501.1, "n1") }),
    ...act({ ...lost, fromMs: 1530, toMs: 1533.1, seen: stamp(1031.6, "n3") }),
    ...act({ ...last, fromMs: 3810, toMs: 3812, seen: stamp(1501.1, "n1") }),
    {
      ...skew,
      phase: "begin",
      time: 1000 * MS,
      detail: { offsetNs: -500 * MS },
      evidence: { measuredOffsetNs: -499.98 * MS },
      effective: true,
    },
    {
      ...skew,
      phase: "end",
      time: 3000 * MS,
      detail: {},
      evidence: { measuredOffsetNs: 0.01 * MS },
      effective: true,
    },
    {
      type: "note",
      node: "n3",
      kind: "clock",
      offsetNs: -500 * MS,
      rate: 1,
      time: 1000.4 * MS,
      arrived: 1001 * MS,
    },
    {
      type: "note",
      node: "n3",
      kind: "clock",
      offsetNs: 0,
      rate: 1,
      time: 3000.4 * MS,
      arrived: 3001 * MS,
    },
    { type: "stage", stage: "heal", time: 3600 * MS },
    { type: "stage", stage: "settle", time: 3650 * MS },
    { type: "stage", stage: "read", time: 3800 * MS },
    { type: "stage", stage: "stop", time: 3900 * MS },
  ];
  const history = historyOf("lww-skew", events);
  const operations = [
    invocation(history, "write", 1500),
    invocation(history, "write", 1530),
    invocation(history, "read", 3810),
  ];
  return {
    judgement: {
      scenario: "lww-skew",
      seed: 8841,
      calm: false,
      expectation: { invalid: ["lost-write"], also: ["non-linearizable"] },
      outcome: "expected",
      sentence: "Violation found, as expected: 1 acknowledged write of 298 was lost.",
      reasons: [],
      verdict: {
        schema: 1,
        verdict: "invalid",
        assumptions: [
          {
            name: "well-formed history",
            holds: true,
            detail: "every invocation pairs with at most one completion",
          },
          { name: "faults took effect", holds: true, detail: "1 of 1, 499.98 ms measured on n3" },
          {
            name: "ok operations under faults",
            holds: true,
            detail: "reads and writes on all nodes",
          },
        ],
        checks: [
          {
            check: { name: "lost-writes", options: {} },
            verdict: "invalid",
            reason: "1 acknowledged write is gone although nothing newer replaced it",
            found: { "lost-write": 1 },
            facts: { writes: 298, acknowledged: 291 },
            anomalies: [
              {
                name: "lost-write",
                grade: "proven",
                class: "inverted stamps",
                key: "k3",
                summary:
                  "k3: 43 was confirmed to client 3 at 1.5331 s, after 41 had been confirmed, yet the final read still returns 41.",
                operations,
                notes: [],
                because: [
                  "41 was confirmed to client 1 at 1.5024 s.",
                  "After that, at 1.5300 s, client 3 began to write 43; it was confirmed at 1.5331 s. So 43 is the newer value.",
                  "But n3 gave 43 a stamp 469.5 ms before the one that n1 gave 41: every replica that sees both keeps 41.",
                  "After all faults were healed a read from n2 returns 41: the confirmed write of 43 is lost.",
                ],
                cause: {
                  kind: "clock",
                  text: "The stamps contradict true time because the clocks of n1 and n3 disagree.",
                  skew: { ahead: "n1", behind: "n3", atLeastNs: 497.1 * MS, atMostNs: 502.6 * MS },
                },
                nodes: ["n1", "n2", "n3"],
              },
            ],
          },
        ],
      },
    },
    history,
    environment: { node: "v20.19.0", kernel: "Linux 6.1", cpu: "2 × Xeon", load: [0.4, 0.6, 0.5] },
    plan: { nodes: ["n1", "n2", "n3"], faults: [{ f: "skew", node: "n3", from: "1s", to: "3s" }] },
    repeat: "npx testbed run scenarios/lww-skew.ts --seed 8841",
    logs: [
      { node: "n1", tail: "ready on 41001\n" },
      { node: "n3", tail: "ready on 41003\nclock set to −500 ms\nclock set to 0 ms\n" },
    ],
  };
}
