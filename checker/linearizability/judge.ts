/**
 * The check `linearizable`: did the operations take effect one at a time, each between its invocation and its
 * completion (Herlihy & Wing 1990)? The property is local, so every key is judged alone, unless one object spans them.
 */
import type { Json } from "../../proto/json.ts";
import { type Anomaly, type CheckResult, merge } from "../../proto/verdict.ts";
import { explainViolation } from "../explanation/index.ts";
import { faultSpans } from "../faults.ts";
import { type Columns, FAIL, INFO, OK, type Part, partsByKey } from "../history/columns.ts";
import type { Invalid } from "../history/decision.ts";
import type { Recording } from "../history/recording.ts";
import { objectOf, type SequentialObject } from "../models/catalogue.ts";
import { countViolations, shortestViolations, ZONES } from "../register/zones.ts";
import { counted } from "../wording.ts";
import type { LinearizableSpec } from "./linearizable.ts";
import { type Routed, route } from "./router.ts";
import { verified } from "./verify.ts";

/** How many anomalies are told in full: those of the shortest spans, but one of each key that has any. */
const SHOWN = 5;
/** Of more keys than this not even one each. */
const MOST = 100;
/** The only object of a history without keys. */
const NAMELESS = "it";
/** How many parts a reason names. */
const NAMED = 5;

export function judgeLinearizability(recording: Recording, spec: LinearizableSpec): CheckResult {
  const object = objectOf(spec.options.model);
  const parts = partsOf(recording.columns, object);
  const budget = { steps: spec.options.budget };
  return resultOf(
    recording,
    spec,
    object,
    parts.map((part) => route(part, object, budget)),
  );
}

/** What is judged alone. A history without operations has no parts. */
export function partsOf(columns: Columns, { spans }: SequentialObject): Part[] {
  if (spans === "key") return partsByKey(columns);
  if (columns.count === 0) return [];
  return [{ columns, rows: Int32Array.from({ length: columns.count }, (_, row) => row) }];
}

/** One result of all parts, however they were decided. */
export function resultOf(
  recording: Recording,
  spec: LinearizableSpec,
  object: SequentialObject,
  routed: readonly Routed[],
): CheckResult {
  const found = routed.reduce((sum, one) => sum + violationsOf(one, spec), 0);
  return {
    check: spec,
    verdict: merge(routed.map(({ decision }) => decision.verdict)),
    reason: reasonOf(recording.columns, object, routed),
    anomalies: anomaliesOf(recording, spec, object, routed),
    found: found === 0 ? {} : { "non-linearizable": found },
    facts: factsOf(recording.columns, routed),
  };
}

/** Zones can tell how many there are; all else stops at the first. */
function violationsOf({ part, decision }: Routed, { options }: LinearizableSpec): number {
  if (decision.verdict !== "invalid") return 0;
  if (decision.route !== ZONES || !("initial" in options.model)) return 1;
  return countViolations(part, options.model.initial) ?? 1;
}

function anomaliesOf(
  recording: Recording,
  spec: LinearizableSpec,
  object: SequentialObject,
  routed: readonly Routed[],
): Anomaly[] {
  const { model } = object;
  const faults = faultSpans(recording.others);
  const told = (part: Part, decision: Invalid) => ({
    part,
    decision,
    span: spanOf(part, decision),
  });
  const firsts = routed.flatMap(({ part, decision }) =>
    decision.verdict === "invalid" ? [told(part, decision)] : [],
  );
  const others = routed.flatMap(({ part, decision }) =>
    decision.verdict === "invalid" && decision.route === ZONES && "initial" in spec.options.model
      ? shortestViolations(part, spec.options.model.initial, SHOWN)
          .filter((other) => String(other.certificate) !== String(decision.certificate))
          .filter((other) => verified(part, object, other).verdict === "invalid")
          .map((other) => told(part, other))
      : [],
  );
  firsts.sort((a, b) => a.span - b.span);
  others.sort((a, b) => a.span - b.span);
  const shown = [...firsts.slice(0, MOST), ...others.slice(0, Math.max(0, SHOWN - firsts.length))];
  return shown
    .sort((a, b) => a.span - b.span)
    .map(({ part, decision }) => explainViolation({ recording, part, model, decision, faults }));
}

/** In events. */
function spanOf({ columns }: Part, { certificate }: Invalid): number {
  const ends = certificate.map((row) =>
    columns.status[row] === INFO ? (columns.invoked[row] ?? 0) : (columns.completed[row] ?? 0),
  );
  return Math.max(...ends) - (columns.invoked[Math.min(...certificate)] ?? 0);
}

function reasonOf(
  columns: Columns,
  { model, spans }: SequentialObject,
  routed: readonly Routed[],
): string {
  if (routed.length === 0) return "the history has no operations";
  const name = ({ part }: Routed): string =>
    spans === "history"
      ? "all keys"
      : columns.keys[columns.key[part.rows[0] ?? 0] ?? 0] || NAMELESS;
  const those = (some: readonly Routed[], say: (one: Routed) => string): string => {
    const more = some.length > NAMED ? ` and ${some.length - NAMED} more` : "";
    return some.slice(0, NAMED).map(say).join("; ") + more;
  };
  const bad = routed.filter(({ decision }) => decision.verdict === "invalid");
  const open = routed.filter(({ decision }) => decision.verdict === "unknown");
  const undecided = those(open, (one) => {
    const of = name(one) === NAMELESS ? "" : `key ${name(one)}: `;
    return one.decision.verdict === "unknown" ? of + one.decision.reason + windowOf(one) : of;
  });
  const all = `${counted(columns.count, "operation")} on ${counted(routed.length, "key")}`;
  if (bad.length > 0) {
    const names = those(bad, name).replaceAll(";", ",");
    return `${all}: no order explains ${names}${open.length === 0 ? "" : `; undecided: ${undecided}`}`;
  }
  if (open.length > 0) return undecided;
  return `${all}: for every key an order was found that a ${model.name} explains, and verified`;
}

/** Where the search got stuck. */
function windowOf({ part: { columns }, decision }: Routed): string {
  const rows = decision.verdict === "unknown" ? (decision.window ?? []) : [];
  if (rows.length === 0) return "";
  const ids = rows.map((row) => columns.invoked[row] ?? 0).sort((a, b) => a - b);
  return ` (undecided: ${counted(ids.length, "operation")} from op ${ids[0]} to op ${ids.at(-1)})`;
}

function factsOf(columns: Columns, routed: readonly Routed[]): CheckResult["facts"] {
  const status = [0, 0, 0];
  for (let row = 0; row < columns.count; row++) {
    const at = columns.status[row] ?? 0;
    status[at] = (status[at] ?? 0) + 1;
  }
  const keysOf = (verdict: string): number =>
    routed.filter(({ decision }) => decision.verdict === verdict).length;
  return {
    operations: columns.count,
    ok: status[OK] ?? 0,
    fail: status[FAIL] ?? 0,
    info: status[INFO] ?? 0,
    keys: routed.length,
    invalidKeys: keysOf("invalid"),
    undecidedKeys: keysOf("unknown"),
    routes: routesOf(routed),
  };
}

/** By which route how many keys were decided, and why no faster one. */
function routesOf(routed: readonly Routed[]): Json {
  const routes = new Map<string, { keys: number; passed: string }>();
  for (const { decision, passed } of routed) {
    const known = routes.get(decision.route);
    if (known === undefined) routes.set(decision.route, { keys: 1, passed: passed.join("; ") });
    else known.keys += 1;
  }
  return Object.fromEntries(
    [...routes].map(([name, { keys, passed }]) => [
      name,
      `${counted(keys, "key")}${passed === "" ? "" : ` (not faster, because ${passed})`}`,
    ]),
  );
}
