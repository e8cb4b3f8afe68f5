/** Histories of any object told by hand: operations as intervals in milliseconds, put in order by their times. */
import type { Completion, Event, History, Unindexed } from "../../../proto/history.ts";
import type { Json } from "../../../proto/json.ts";
import type { Anomaly } from "../../../proto/verdict.ts";
import { faultSpans } from "../../faults.ts";
import type { Part } from "../../history/columns.ts";
import type { Decision } from "../../history/decision.ts";
import { type Recording, recordingOf } from "../../history/recording.ts";
import type { Model } from "../../search/model.ts";
import { explainViolation } from "../violation.ts";

export interface Act {
  readonly f: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly from: number;
  readonly to?: number;
  /** Also the number of its node, unless told. */
  readonly process: number;
  readonly node?: string;
  readonly status?: Completion;
  readonly key?: string;
}

export function historyOf(acts: readonly Act[], others: readonly Unindexed<Event>[] = []): History {
  const events: Unindexed<Event>[] = acts.flatMap((act) => {
    const { f, process, input = null, output = null, status = "ok", key = "x" } = act;
    const base = { process, f, key, node: act.node ?? `n${process}` };
    const invoke = { ...base, type: "invoke" as const, time: act.from * 1e6, value: input };
    if (status === "info" || act.to === undefined) return [invoke];
    const value = status === "ok" ? output : input;
    return [invoke, { ...base, type: status, time: act.to * 1e6, value }];
  });
  const sorted = [...events, ...others].sort((a, b) => a.time - b.time);
  return {
    header: { testbed: "history", schema: 1, scenario: "told", seed: 1, versions: {} },
    events: sorted.map((event, index) => ({ ...event, index }) as Event),
  };
}

export function wholeOf(recording: Recording): Part {
  const { columns } = recording;
  return { columns, rows: Int32Array.from({ length: columns.count }, (_, row) => row) };
}

/** @throws Error when the procedure does not say `invalid`. */
export function explained<State>(
  history: History,
  model: Model<State>,
  decide: (part: Part) => Decision,
): Anomaly {
  const recording = recordingOf(history);
  const part = wholeOf(recording);
  const decision = decide(part);
  if (decision.verdict !== "invalid") throw new Error(`was ${JSON.stringify(decision)}`);
  const faults = faultSpans(history.events);
  return explainViolation({ recording, part, model, decision, faults });
}

/** The anomaly as a person reads it. */
export function textOf({ class: kind, summary, because }: Anomaly): string[] {
  return [`${kind}: ${summary}`, ...because];
}
