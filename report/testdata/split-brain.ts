/**
 * Invented: n1 leads, is paused, wakes up and acts as leader of epoch 1 although n2 already leads
 * epoch 2.
 */
import type { Event, Unindexed } from "../../proto/history.ts";
import type { ReportInput } from "../index.ts";
import { act, background, historyOf, invocation, MS } from "./traffic.ts";

export function splitBrain(): ReportInput {
  const note = (node: string, ms: number) =>
    ({ type: "note", node, time: ms * MS, arrived: (ms + 1) * MS }) as const;
  const accept = { kind: "accept", epoch: 1, highest: 2, leader: "n1", request: "r-204" } as const;
  const pause = { id: 0, type: "fault", f: "pause", node: "n1" } as const;
  const events: Unindexed<Event>[] = [
    { type: "stage", stage: "drive", time: 0 },
    ...background(3500, [0, 2, 4, 5], (from, to) => to < 2380 || from > 2720),
    { ...note("n1", 12), kind: "leader-start", epoch: 1 },
    {
      ...pause,
      phase: "begin",
      time: 1000 * MS,
      detail: { signal: "SIGSTOP" },
      evidence: { state: "T" },
      effective: true,
    },
    { ...note("n2", 2003), kind: "leader-start", epoch: 2 },
    ...act({
      process: 2,
      f: "write",
      key: "k3",
      value: 71,
      node: "n2",
      fromMs: 2400,
      toMs: 2402.7,
      seen: { epoch: 2, served: "n2" },
    }),
    {
      ...pause,
      phase: "end",
      time: 2600 * MS,
      detail: { signal: "SIGCONT" },
      evidence: { state: "S" },
      effective: true,
    },
    { ...note("n1", 2600.3), kind: "stall", ms: 1600 },
    { ...note("n3", 2606.1), ...accept },
    ...act({
      process: 5,
      f: "write",
      key: "k3",
      value: 72,
      node: "n1",
      fromMs: 2604,
      toMs: 2607.5,
      seen: { epoch: 1, served: "n1" },
    }),
    ...act({
      process: 9,
      f: "write",
      key: "k3",
      value: 73,
      node: "n3",
      fromMs: 2606,
      toMs: 2706,
      status: "info",
      error: "deadline exceeded",
    }),
    { ...note("n1", 2655), kind: "leader-end", epoch: 1, why: "learned of epoch 2" },
    { type: "stage", stage: "heal", time: 3600 * MS },
    { type: "stage", stage: "read", time: 3800 * MS },
    ...act({
      process: 4,
      f: "read",
      key: "k3",
      value: 72,
      node: "n2",
      fromMs: 3810,
      toMs: 3812,
      final: true,
    }),
    { type: "stage", stage: "stop", time: 3900 * MS },
  ];
  const history = historyOf("stale-leader", events);
  const noted = (kind: string, node: string) =>
    history.events.findIndex((e) => e.type === "note" && e.kind === kind && e.node === node);
  const operations = [2400, 2604, 2606].map((ms) => invocation(history, "write", ms));
  return {
    judgement: {
      scenario: "stale-leader",
      seed: 8841,
      calm: false,
      expectation: "valid",
      outcome: "unexpected",
      sentence: "Violation: two nodes acted as leader at the same time.",
      reasons: [],
      verdict: {
        schema: 1,
        verdict: "invalid",
        assumptions: [
          { name: "faults took effect", holds: true, detail: "n1 was stopped for 1.6 s" },
        ],
        checks: [
          {
            check: { name: "split-brain", options: { quorum: 2 } },
            verdict: "invalid",
            reason: "two leaders served clients within the same 52 ms",
            found: { "split-brain": 3 },
            facts: { terms: 2, overlaps: 1 },
            anomalies: [
              {
                name: "split-brain",
                grade: "strong",
                class: "E4",
                key: "k3",
                summary:
                  "n1 (epoch 1) and n2 (epoch 2) both confirmed writes of k3 while both led: n3 accepted a write of epoch 1 after it had promised epoch 2.",
                operations,
                notes: [
                  noted("leader-start", "n2"),
                  noted("accept", "n3"),
                  noted("leader-end", "n1"),
                ],
                because: [
                  "n2 took the lead of epoch 2 at 2.0030 s, while n1 was paused.",
                  "n2 confirmed 71 to client 2 at 2.4027 s.",
                  "n1 woke at 2.6000 s, still believed that it leads epoch 1, and confirmed 72 to client 5 at 2.6075 s.",
                  "n3 accepted the write of epoch 1 although it knew epoch 2: nothing stopped the old leader.",
                ],
                cause: {
                  kind: "pause",
                  text: "n1 was paused for 1.6 s, longer than its lease of 800 ms.",
                },
                nodes: ["n1", "n2", "n3"],
              },
              {
                name: "split-brain",
                grade: "note",
                class: "E1",
                summary: "n1 and n2 both believed that they lead from 2.0030 s to 2.6550 s.",
                operations: [],
                notes: [noted("leader-start", "n2")],
                because: ["The terms overlap, in different epochs."],
                nodes: ["n1", "n2"],
              },
            ],
          },
        ],
      },
    },
    history,
    environment: { node: "v20.19.0" },
    plan: {},
    repeat: "npx testbed run scenarios/stale-leader.ts --seed 8841",
    logs: [],
  };
}
