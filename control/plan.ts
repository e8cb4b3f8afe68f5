/**
 * The plan of one run: the scenario with everything resolved, as data. The same scenario and seed give the same plan,
 * byte for byte: it holds no time, no path and nothing of this machine.
 */
import { createHash } from "node:crypto";
import * as v from "valibot";
import {
  hasLeader,
  misfit,
  type ResolvedSystem,
  resolveSystem,
  smallestTimeoutMs,
  withMajorities,
} from "../proto/systems.ts";
import { ANOMALIES, type CheckSpec, type Expectation } from "../proto/verdict.ts";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./errors.ts";
import { LEADER, type TargetedFault, type TimelineEntry } from "./faults/fault.ts";
import { type PlannedFault, planFaults } from "./faults/timeline.ts";
import { split } from "./random.ts";
import { type Parameters, references, type Scenario } from "./scenario.ts";
import type { RegistersWorkload } from "./workload/workload.ts";

export const PLAN_SCHEMA = 1;

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  readonly scenario: string;
  readonly claim: string;
  readonly seed: number;
  readonly calm: boolean;
  readonly parameters: Parameters;
  readonly nodes: Readonly<Record<string, ResolvedSystem>>;
  readonly workload: RegistersWorkload;
  readonly workloadStream: number;
  readonly faults: readonly PlannedFault[];
  readonly durationNs: number;
  readonly check: readonly CheckSpec[];
  readonly expect: Expectation;
  /** The smallest timeout of the system's protocol: what a stall of the machine is measured by. */
  readonly protocolTimeoutMs: number;
}

export interface PlanOptions {
  readonly seed: number;
  readonly calm: boolean;
  readonly set: Readonly<Record<string, string>>;
  /** Replaces the scenario's duration. */
  readonly timeLimitNs?: number;
}

const anomaly = v.picklist(ANOMALIES);
const body = v.strictObject({
  claim: v.pipe(v.string(), v.minLength(1)),
  nodes: v.pipe(
    v.record(
      v.pipe(
        v.string(),
        v.regex(/^(?!leader$)[a-z][a-z0-9-]{0,30}$/, "a node's name is like n1, and not leader"),
      ),
      v.strictObject({ system: v.string(), options: v.record(v.string(), v.unknown()) }),
    ),
    v.check((nodes) => Object.keys(nodes).length > 0, "there must be at least one node"),
  ),
  workload: v.strictObject({
    workload: v.literal("registers"),
    keys: whole(1, 10_000),
    clients: whole(1, 1000),
    writes: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    writersPerKey: v.picklist(["any", "one"]),
    failover: v.boolean(),
    timeoutNs: whole(1_000_000, 600e9),
    pace: v.variant("loop", [
      v.strictObject({ loop: v.literal("open"), perSecond: v.pipe(v.number(), v.minValue(0.001)) }),
      v.strictObject({
        loop: v.literal("closed"),
        thinkNs: whole(0, 600e9),
        backoffNs: whole(0, 600e9),
      }),
    ]),
  }),
  faults: v.optional(
    v.custom<(...args: never) => unknown>(
      (value) => typeof value === "function",
      "expected a function from nodes to a list of faults",
    ),
  ),
  duration: v.string(),
  check: v.array(v.strictObject({ name: v.string(), options: v.record(v.string(), v.any()) })),
  expect: v.optional(
    v.union(
      [
        v.literal("valid"),
        v.strictObject({
          invalid: v.pipe(v.array(anomaly), v.minLength(1)),
          also: v.exactOptional(v.array(anomaly)),
        }),
      ],
      `expected "valid" or { invalid: [...], also: [...] } with names among: ${ANOMALIES.join(", ")}`,
    ),
  ),
});

function whole(least: number, most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
}

/**
 * @param scenario its name, as runs are filed under it.
 * @param where the file (and export) for messages.
 * @throws UsageError naming file, field, what it got and what it wants.
 */
export function makePlan(
  scenario: string,
  where: string,
  value: Scenario,
  options: PlanOptions,
): Plan {
  try {
    return resolve(scenario, value, options);
  } catch (error) {
    throw new UsageError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Identity of what was planned: runs with the same hash and seed are runs of the same thing. */
export function planHash(plan: Plan): string {
  return createHash("sha256").update(planText(plan)).digest("hex").slice(0, 16);
}

function resolve(scenario: string, value: Scenario, options: PlanOptions): Plan {
  const parameters = setParameters(value.parameters, options.set);
  const built = value.build(parameters);
  const checked = v.safeParse(body, built);
  if (!checked.success) throw new Error(describe(checked.issues[0]));
  const parsed = checked.output;
  const names = Object.keys(parsed.nodes);
  const { clients, keys, writersPerKey, pace } = parsed.workload;
  if (writersPerKey === "one" && pace.loop === "open")
    throw new Error(
      "workload: one writer a key needs a closed loop: leave out the rate (which client is free decides who writes)",
    );
  if (writersPerKey === "one" && keys < clients)
    throw new Error(
      `workload: one writer a key needs as many keys as clients, got ${keys} and ${clients}`,
    );
  const nodes = Object.fromEntries(
    Object.entries(parsed.nodes).map(([name, spec]) => [
      name,
      atField(`nodes.${name}`, () =>
        resolveSystem(spec.system, withMajorities(spec.system, spec.options, names.length)),
      ),
    ]),
  );
  const wrong = misfit(nodes);
  if (wrong !== undefined) throw new Error(`nodes: ${wrong}`);
  const durationNs =
    options.timeLimitNs ?? atField("duration", () => parseDuration(parsed.duration));
  if (durationNs <= 0) throw new Error("duration: must be positive");
  const timeline = options.calm
    ? []
    : atField("faults", () => timelineOf(built.faults?.(references(names)) ?? []));
  if (
    !Object.values(nodes).some(hasLeader) &&
    timeline.some(({ fault }) => fault.target === LEADER)
  )
    throw new Error("faults: nobody leads in this system; name the node instead of the leader");
  return {
    schema: PLAN_SCHEMA,
    scenario,
    claim: parsed.claim,
    seed: options.seed,
    calm: options.calm,
    parameters,
    nodes,
    workload: parsed.workload,
    workloadStream: split(options.seed, "workload"),
    faults: atField("faults", () =>
      planFaults(timeline, names, durationNs, split(options.seed, "nemesis")),
    ),
    durationNs,
    check: parsed.check,
    expect: options.calm ? "valid" : (parsed.expect ?? "valid"),
    protocolTimeoutMs: Math.min(...Object.values(nodes).map(smallestTimeoutMs)),
  };
}

/** A scenario is run without being type-checked: what it gives as its timeline may be anything. */
function timelineOf(given: readonly TimelineEntry[]): readonly TimelineEntry[] {
  if (!Array.isArray(given)) throw new Error("wants a list: faults: ({ n1 }) => [during(...)]");
  for (const entry of given as readonly (TimelineEntry | TargetedFault)[])
    if (!("when" in entry))
      throw new Error(
        `${entry.fault} of ${entry.target} has no time; write during("1s", "2s", ${entry.fault}(...))`,
      );
  return given;
}

function setParameters(defaults: Parameters, set: Readonly<Record<string, string>>): Parameters {
  const parameters: Record<string, number | string | boolean> = { ...defaults };
  for (const [name, text] of Object.entries(set)) {
    const standard = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    if (standard === undefined) {
      const known = Object.keys(defaults).join(", ");
      throw new Error(
        `has no parameter ${name}; ${known === "" ? "it has none" : `it has: ${known}`}`,
      );
    }
    parameters[name] = convert(name, text, standard);
  }
  return parameters;
}

function convert(
  name: string,
  text: string,
  standard: number | string | boolean,
): number | string | boolean {
  if (typeof standard === "string") return text;
  if (typeof standard === "boolean") {
    if (text !== "true" && text !== "false")
      throw new Error(`parameter ${name}: got ${text}, wants true or false`);
    return text === "true";
  }
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number))
    throw new Error(`parameter ${name}: got ${text}, wants a number`);
  return number;
}

function atField<T>(field: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${field}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? "scenario"}: ${issue.message}`;
}
