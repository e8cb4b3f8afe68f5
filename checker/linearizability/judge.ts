/**
 * The check `linearizable`: did the operations take effect one at a time, each between its
 * invocation and its completion (Herlihy & Wing 1990)? The property is local, so every key is
 * judged alone: by zones where all written values differ, else by search. Each answer is verified
 * by other means before it counts.
 */
import type { History } from "../../proto/history.ts";
import type { Operation } from "../../proto/operation.ts";
import { type Anomaly, type CheckResult, merge, type Validity } from "../../proto/verdict.ts";
import { extent, type FaultSpan, faultSpans } from "../faults.ts";
import { byKey } from "../keys.ts";
import { modelOf } from "../models/catalogue.ts";
import type { Model } from "../models/model.ts";
import type { LinearizableSpec } from "../spec.ts";
import { counted } from "../wording.ts";
import type { Certificate } from "./certificate.ts";
import { explain } from "./explain.ts";
import { minimise } from "./minimise.ts";
import { search } from "./search.ts";
import { certificateVerifier, faultOfOrder } from "./verify.ts";
import { zones } from "./zones.ts";

/** How many anomalies are told in full; each key that violates is told at least once. */
const SHOWN = 5;

export type KeyVerdict =
  | {
      readonly verdict: "valid";
      readonly engine: Engine;
      readonly order: readonly Operation[];
      readonly steps: number;
    }
  | {
      readonly verdict: "invalid";
      readonly engine: Engine;
      readonly certificates: readonly Certificate[];
      readonly steps: number;
    }
  | { readonly verdict: "unknown"; readonly reason: string; readonly steps: number };

export type Engine = "zones" | "search";

export function judgeLinearizability(
  history: History,
  operations: readonly Operation[],
  check: LinearizableSpec,
): CheckResult {
  const model = modelOf(check.options.model);
  const keys = [...byKey(operations)];
  let budget = check.options.budget;
  const judged = keys.map(([key, ops]) => {
    const verdict = judgeKey(ops, model, budget);
    budget -= verdict.steps;
    return { key, verdict };
  });
  const refuted = judged.flatMap(({ key, verdict }) =>
    verdict.verdict === "invalid" ? [{ key, certificates: verdict.certificates }] : [],
  );
  const found = refuted.reduce((sum, { certificates }) => sum + certificates.length, 0);
  const verdicts = judged.map(({ verdict }) => verdict);
  return {
    check,
    verdict: merge(verdicts.map(({ verdict }) => verdict)),
    reason: reasonOf(judged, operations, model),
    anomalies: anomaliesOf(refuted, faultSpans(history.events)),
    found: found === 0 ? {} : { "non-linearizable": found },
    facts: factsOf(operations, verdicts, check.options.budget - budget),
  };
}

/** Judges one key's operations, in the order of their invocations. */
export function judgeKey(
  operations: readonly Operation[],
  model: Model,
  budget: number,
): KeyVerdict {
  const foreign = operations.find((op) => !model.kinds.includes(op.f));
  if (foreign !== undefined)
    return unknown(
      `op ${foreign.id} is a ${foreign.f}, which the model ${model.name} does not know`,
      0,
    );
  const decided = zones(operations, model.initial);
  if (decided?.linearizable === true) return accepted("zones", decided.order, operations, model, 0);
  if (decided !== undefined) return rejected("zones", decided.certificates, operations, model, 0);
  const result = search(operations, model, budget);
  if (result.found === "nothing within the budget")
    return unknown(
      `the search was stopped after ${counted(result.steps, "step")}: its budget is spent`,
      result.steps,
    );
  if (result.found === "order")
    return accepted("search", result.order, operations, model, result.steps);
  return rejected(
    "search",
    [minimise(operations, result.until, model)],
    operations,
    model,
    result.steps,
  );
}

function unknown(reason: string, steps: number): KeyVerdict {
  return { verdict: "unknown", reason, steps };
}

function accepted(
  engine: Engine,
  order: readonly Operation[],
  operations: readonly Operation[],
  model: Model,
  steps: number,
): KeyVerdict {
  const fault = faultOfOrder(order, operations, model);
  if (fault === undefined) return { verdict: "valid", engine, order, steps };
  return unknown(`BUG IN THE CHECKER: the witness of ${engine} is wrong: ${fault}`, steps);
}

function rejected(
  engine: Engine,
  certificates: readonly Certificate[],
  operations: readonly Operation[],
  model: Model,
  steps: number,
): KeyVerdict {
  const faults = certificates.map(certificateVerifier(operations, model));
  const sound = certificates.filter((_, i) => faults[i] === undefined);
  if (sound.length > 0) return { verdict: "invalid", engine, certificates: sound, steps };
  const fault = faults.find((text) => text !== undefined);
  return unknown(
    `COULD NOT VERIFY: ${engine} found a violation, but its certificate is not proven: ${fault}`,
    steps,
  );
}

/** The shortest certificate of each key, then the shortest of the rest. */
function anomaliesOf(
  refuted: readonly { readonly key: string; readonly certificates: readonly Certificate[] }[],
  faults: readonly FaultSpan[],
): Anomaly[] {
  const firsts: { key: string; certificate: Certificate }[] = [];
  const rest: { key: string; certificate: Certificate }[] = [];
  for (const { key, certificates } of refuted) {
    const [shortest, ...others] = [...certificates].sort((a, b) => spanOf(a) - spanOf(b));
    if (shortest !== undefined) firsts.push({ key, certificate: shortest });
    rest.push(...others.map((certificate) => ({ key, certificate })));
  }
  rest.sort((a, b) => spanOf(a.certificate) - spanOf(b.certificate));
  return [...firsts, ...rest.slice(0, Math.max(0, SHOWN - firsts.length))]
    .sort((a, b) => spanOf(a.certificate) - spanOf(b.certificate))
    .map(({ key, certificate }) => explain(key, certificate, faults));
}

function spanOf({ operations }: Certificate): number {
  const { from, to } = extent(operations);
  return to - from;
}

function reasonOf(
  judged: readonly { readonly key: string; readonly verdict: KeyVerdict }[],
  operations: readonly Operation[],
  model: Model,
): string {
  const bad = judged.filter(({ verdict }) => verdict.verdict === "invalid");
  const open = judged.flatMap(({ key, verdict }) =>
    verdict.verdict === "unknown" ? [`key ${key}: ${verdict.reason}`] : [],
  );
  if (judged.length === 0) return "the history has no operations";
  const all = `${counted(operations.length, "operation")} on ${counted(judged.length, "key")}`;
  const undecided = open.length === 0 ? "" : `; undecided: ${open.join("; ")}`;
  if (bad.length > 0)
    return `${all}: no order explains ${bad.map(({ key }) => key).join(", ")}${undecided}`;
  if (open.length > 0) return open.join("; ");
  return `${all}: for every key an order was found that a ${model.name} explains, and verified`;
}

function factsOf(
  operations: readonly Operation[],
  verdicts: readonly KeyVerdict[],
  steps: number,
): CheckResult["facts"] {
  const withStatus = (status: Operation["status"]): number =>
    operations.filter((op) => op.status === status).length;
  const decidedBy = (engine: Engine): number =>
    verdicts.filter((verdict) => verdict.verdict !== "unknown" && verdict.engine === engine).length;
  const keysOf = (validity: Validity): number =>
    verdicts.filter(({ verdict }) => verdict === validity).length;
  return {
    operations: operations.length,
    ok: withStatus("ok"),
    fail: withStatus("fail"),
    info: withStatus("info"),
    keys: verdicts.length,
    invalidKeys: keysOf("invalid"),
    undecidedKeys: keysOf("unknown"),
    keysByZones: decidedBy("zones"),
    keysBySearch: decidedBy("search"),
    searchSteps: steps,
  };
}
