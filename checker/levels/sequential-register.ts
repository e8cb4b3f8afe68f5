/**
 * Registers with unique values: most sequential histories are linearizable, and most others are refuted without any
 * search. First the causal patterns, which are the easier ones to follow, then whatever else must come before what.
 */
import type { Json } from "../../proto/json.ts";
import type { Anomaly, CheckResult } from "../../proto/verdict.ts";
import { type FaultSpan, faultSpans } from "../faults.ts";
import type { Recording } from "../history/recording.ts";
import { type CyclicOrder, explainCausal } from "./causal-argument.ts";
import { causality, type Finding } from "./causal-patterns.ts";
import { cycleIn, knots } from "./cycles.ts";
import type { Knowledge } from "./interleaving.ts";
import { mergedOrder } from "./merged-order.ts";
import { type Derived, fits } from "./order-graph.ts";
import { Ways } from "./path.ts";
import { proofOf } from "./proof.ts";
import { readsFrom } from "./reads-from.ts";
import { saturated } from "./saturation.ts";
import { type Sessions, sessionsOf } from "./sessions.ts";
import { SHOWN } from "./shown.ts";
import { explainThinAir } from "./thin-air.ts";
import { zonedOrders } from "./zoned.ts";

export interface Refutation {
  readonly initial: Json;
  readonly anomalies: readonly Anomaly[];
  readonly found: number;
  readonly route: string;
  readonly facts: CheckResult["facts"];
  /** A proof that turned out to be wrong. */
  readonly bug?: string | undefined;
  /** Rows in an order that explains everything. */
  readonly order?: Int32Array;
  /** What the search may rely on, when nothing was left out: by node of these rows. */
  readonly knowledge?: Knowledge & { readonly rows: Int32Array };
}

export function refuteRegister(recording: Recording, initial: Json): Refutation {
  const { columns } = recording;
  const none = { initial, anomalies: [], found: 0, route: "bad patterns", facts: {} };
  const from = readsFrom(columns, initial);
  if ("reason" in from) return none;
  const faults = faultSpans(recording.others);
  if (from.thinAir.length > 0) {
    const shown = from.thinAir.slice(0, SHOWN);
    const anomalies = shown.map((row) => explainThinAir(recording, row, "non-sequential", faults));
    return { ...none, anomalies, found: from.thinAir.length };
  }
  const orders = from.ambiguous === 0 ? zonedOrders(columns, initial) : undefined;
  if (orders !== undefined) return { ...none, order: mergedOrder(columns, orders) };
  const sessions = sessionsOf(from);
  const rows = Int32Array.from({ length: columns.count }, (_, row) => row).filter(
    (row) => from.counts[row] === 1,
  );
  const { source } = sessions;
  const whole = from.ambiguous === 0;
  const know = (clocks: Knowledge["clocks"]) =>
    whole ? { knowledge: { clocks, source, rows } } : {};
  if (!fits(sessions)) return { ...none, ...know(undefined) };
  const patterns = causality(sessions, "ccv").findings;
  if (patterns.length > 0) return told(none, patterns, recording, sessions, faults);
  const { clocks, derived } = saturated(sessions);
  if (clocks !== undefined) return { ...none, ...know(clocks) };
  const cyclic = { ...none, route: "saturation", facts: { derived: derived.length } };
  return told(cyclic, cyclicOrders(sessions, derived), recording, sessions, faults);
}

function cyclicOrders(sessions: Sessions, derived: readonly Derived[]): CyclicOrder[] {
  return knots(sessions, derived).map((knot) => ({
    pattern: "CyclicOrder",
    at: sessions.row[knot[0]?.from ?? 0] as number,
    prove: () => {
      const ways = new Ways(sessions, derived);
      return proofOf(sessions, ways, cycleIn(knot, ways));
    },
  }));
}

function told(
  none: Refutation,
  findings: readonly (Finding | CyclicOrder)[],
  recording: Recording,
  sessions: Sessions,
  faults: readonly FaultSpan[],
): Refutation {
  const { initial } = none;
  const first = [...findings].sort((a, b) => a.at - b.at).slice(0, SHOWN);
  const all = first.map((finding) =>
    explainCausal(recording, sessions, finding, "sequential", initial, faults),
  );
  const anomalies = all.filter((one) => typeof one !== "string");
  const bug = all.find((one) => typeof one === "string");
  return { ...none, anomalies, found: findings.length, bug };
}
