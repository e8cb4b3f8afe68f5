/**
 * Invented: a run in which everything that a system or a user may name tries to break out of the
 * page.
 */
import type { Event } from "../../proto/history.ts";
import type { ReportInput } from "../index.ts";
import { lostWrite } from "./lost-write.ts";

export const ATTACK = `</title></style></script>"'><script>document.title="owned"</script><img src=x onerror=alert(1)>\u202e\u0000\ud800`;

export function hostile(): ReportInput {
  const { judgement, history, environment } = lostWrite();
  const huge = `${ATTACK}${"x".repeat(100_000)}`;
  const poison = (event: Event): Event => {
    if (event.type === "fault")
      return {
        ...event,
        f: ATTACK,
        node: ATTACK,
        detail: { [ATTACK]: huge },
        evidence: { [ATTACK]: [huge] },
      };
    if (event.type === "stage" || event.type === "note")
      return { ...event, ...(event.type === "note" ? { node: ATTACK } : {}) };
    const value = event.value === null ? null : { [ATTACK]: huge };
    return {
      ...event,
      f: ATTACK,
      key: huge,
      node: ATTACK,
      error: ATTACK,
      request: ATTACK,
      value,
      seen: { stamp: ATTACK, by: ATTACK },
    };
  };
  const events = history.events
    .filter((event) => !("key" in event) || event.key === "k3")
    .map((event, index) => poison({ ...event, index }));
  const indices = (type: Event["type"]) =>
    events.filter((event) => event.type === type).map(({ index }) => index);
  const check = judgement.verdict.checks[0];
  const anomaly = check?.anomalies[0];
  if (check === undefined || anomaly === undefined) throw new Error("the fixture has no anomaly");
  const poisoned = {
    ...anomaly,
    class: ATTACK,
    key: ATTACK,
    summary: huge,
    because: [ATTACK, huge],
    nodes: [ATTACK],
    operations: indices("invoke"),
    notes: indices("note"),
    cause: {
      kind: "clock",
      text: huge,
      skew: { ahead: ATTACK, behind: ATTACK, atLeastNs: 1, atMostNs: 2 },
    },
  } as const;
  return {
    judgement: {
      ...judgement,
      scenario: ATTACK,
      sentence: huge,
      reasons: [ATTACK],
      verdict: {
        schema: 1,
        verdict: "invalid",
        assumptions: [{ name: ATTACK, holds: false, detail: huge }],
        checks: [
          {
            ...check,
            check: { name: ATTACK, options: { [ATTACK]: huge } },
            reason: huge,
            facts: { [ATTACK]: huge },
            anomalies: [poisoned, poisoned],
          },
        ],
      },
    },
    history: { ...history, events },
    environment: { ...environment, [ATTACK]: huge },
    plan: { [ATTACK]: [huge] },
    repeat: `npx testbed run ${ATTACK}`,
    logs: [{ node: ATTACK, tail: huge }],
  };
}
