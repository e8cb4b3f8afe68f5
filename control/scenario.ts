/**
 * `defineScenario`: the authors' door. A scenario is a value: a claim, a cluster, a workload, a timeline of faults,
 * checks and an expectation. Its types refuse a node that does not exist, a duration without a unit and a misspelt
 * anomaly; plan.ts validates all of it again at run time, since a scenario file is run without being type-checked.
 *
 *     const replica = node("register", { conflicts: "last-write-wins" });
 *     export default defineScenario({
 *       claim: "An acknowledged write is not undone by an older one.",
 *       nodes: { n1: replica, n2: replica, n3: replica },
 *       workload: registers({ keys: 3, clients: 6, rate: "200/s", writes: 0.4 }),
 *       faults: ({ n3 }) => [during("1s", "3s", skew(n3, "-500ms"))],
 *       duration: "4s",
 *       check: [linearizable(register()), lostWrites()],
 *       expect: { invalid: ["lost-write"], also: ["non-linearizable"] },
 *     });
 */
import type { SystemInput, SystemName } from "../proto/systems.ts";
import type { CheckSpec, Expectation } from "../proto/verdict.ts";
import {
  type Duration,
  type PartsPerMillion,
  parseDuration,
  parsePartsPerMillion,
  parseRate,
  type Rate,
} from "./duration.ts";
import { type Fault, LEADER, type TargetedFault, type TimelineEntry } from "./faults/fault.ts";
import type { RegistersWorkload } from "./workload/workload.ts";

/** A node's system and options, as written. */
export interface NodeSpec {
  readonly system: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A node that the scenario has, or whoever leads when the fault begins. */
export interface NodeReference {
  readonly name: string;
}

export interface ScenarioBody<Name extends string> {
  /** What is claimed of the system, in a sentence: the verdict is about this. */
  readonly claim: string;
  readonly nodes: Readonly<Record<Name, NodeSpec>>;
  readonly workload: RegistersWorkload;
  /** Left out, or run with `--calm`: no faults. */
  readonly faults?: (
    nodes: Readonly<Record<Name | typeof LEADER, NodeReference>>,
  ) => readonly TimelineEntry[];
  /** How long the workload is driven. */
  readonly duration: Duration;
  readonly check: readonly CheckSpec[];
  /** Default: `valid`. */
  readonly expect?: Expectation;
}

/** What `--set` may vary, with its default. */
export type Parameters = Readonly<Record<string, number | string | boolean>>;

const BRAND = Symbol.for("testbed.scenario");

export interface Scenario {
  readonly [BRAND]: true;
  readonly parameters: Parameters;
  readonly build: (parameters: Parameters) => ScenarioBody<string>;
}

/** A scenario, or a scenario with parameters that `--set name=value` varies. */
export function defineScenario<const Name extends string>(body: ScenarioBody<Name>): Scenario;
export function defineScenario<const P extends Parameters, const Name extends string>(
  parameters: P,
  build: (parameters: { readonly [K in keyof P]: Widen<P[K]> }) => ScenarioBody<Name>,
): Scenario;
export function defineScenario(
  first: ScenarioBody<string> | Parameters,
  build?: (parameters: never) => ScenarioBody<string>,
): Scenario {
  return build === undefined
    ? { [BRAND]: true, parameters: {}, build: () => first as ScenarioBody<string> }
    : { [BRAND]: true, parameters: first as Parameters, build: build as Scenario["build"] };
}

type Widen<T> = T extends number ? number : T extends boolean ? boolean : string;

export function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** One node of a system. Unknown options do not compile, and are refused at run time. */
export function node<S extends SystemName>(system: S, options: SystemInput<S> = {}): NodeSpec {
  return { system, options: { ...options } };
}

export interface RegistersOptions {
  readonly keys: number;
  readonly clients: number;
  /** The share of writes, 0 to 1. Default: 0.5. */
  readonly writes?: number;
  /** With a rate the loop is open: operations fall due whether or not the system keeps up. */
  readonly rate?: Rate;
  /** Without a rate each client asks again after its answer, after a pause of this mean. Default: at once. */
  readonly think?: Duration;
  /** Closed loop: the mean pause after a refusal. Default: "20ms". */
  readonly backoff?: Duration;
  /** `one`: one client alone writes each key; needs a closed loop and as many keys as clients. Default: any. */
  readonly writersPerKey?: "any" | "one";
  /** A client whose node certainly did not serve it asks the next one. Default: it records the failure. */
  readonly failover?: boolean;
  /** How long a client waits before it calls the outcome unknown. Default: "1s". */
  readonly timeout?: Duration;
}

/** Reads and writes of unique values. Client i talks to node i mod n. */
export function registers(options: RegistersOptions): RegistersWorkload {
  refuseUnknown(options);
  const { keys, clients, writes = 0.5, rate, think = "0ms", backoff = "20ms" } = options;
  return {
    workload: "registers",
    keys,
    clients,
    writes,
    writersPerKey: options.writersPerKey ?? "any",
    failover: options.failover ?? false,
    timeoutNs: field("workload.timeout", () => parseDuration(options.timeout ?? "1s")),
    pace:
      rate === undefined
        ? {
            loop: "closed",
            thinkNs: field("workload.think", () => parseDuration(think)),
            backoffNs: field("workload.backoff", () => parseDuration(backoff)),
          }
        : { loop: "open", perSecond: field("workload.rate", () => parseRate(rate)) },
  };
}

const REGISTERS_OPTIONS = [
  "keys",
  "clients",
  "writes",
  "rate",
  "think",
  "backoff",
  "writersPerKey",
  "failover",
  "timeout",
] as const satisfies readonly (keyof RegistersOptions)[];

/** A scenario is run without being type-checked: a misspelt option must not become a default. */
function refuseUnknown(options: RegistersOptions): void {
  for (const name of Object.keys(options))
    if (!REGISTERS_OPTIONS.some((known) => known === name))
      throw new Error(
        `workload: registers has no option ${name}; it has: ${REGISTERS_OPTIONS.join(", ")}`,
      );
}

function field<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}

/** The fault begins and ends at these times of the run. */
export function during(from: Duration, to: Duration, fault: TargetedFault): TimelineEntry {
  return field("faults: during", () => ({
    when: "during",
    fromNs: parseDuration(from),
    toNs: parseDuration(to),
    fault,
  }));
}

/** The fault begins at this time and lasts to the end of the run. */
export function at(time: Duration, fault: TargetedFault): TimelineEntry {
  return field("faults: at", () => ({ when: "at", atNs: parseDuration(time), fault }));
}

/** The fault begins again in every period, each time for a while, jittered by the seed. */
export function every(
  period: Duration,
  fault: TargetedFault,
  lasting: { readonly for: Duration },
): TimelineEntry {
  if (lasting?.for === undefined)
    throw new Error('faults: every wants to know for how long, as in { for: "500ms" }');
  return field("faults: every", () => ({
    when: "every",
    periodNs: parseDuration(period),
    forNs: parseDuration(lasting.for),
    fault,
  }));
}

/** Stops the process in mid-flight (SIGSTOP), as a long collection of garbage or a moved virtual machine does. */
export function pause(node: NodeReference): TargetedFault {
  return on(node, { fault: "pause" });
}

/** Kills the process (SIGKILL); at the end of the fault it is started again with its data. */
export function kill(node: NodeReference): TargetedFault {
  return on(node, { fault: "kill" });
}

/** Puts the node's wall clock this far from the truth: `"-500ms"` is half a second behind. */
export function skew(node: NodeReference, offset: Duration): TargetedFault {
  const offsetNs = field("faults: skew", () => parseDuration(offset));
  return on(node, { fault: "skew", offsetNs });
}

/** Lets the node's wall clock jump once, from whatever it shows. */
export function step(node: NodeReference, by: Duration): TargetedFault {
  const byNs = field("faults: step", () => parseDuration(by));
  return on(node, { fault: "step", byNs });
}

/** Lets the node's wall clock run too fast or too slow: `"200ppm"` gains 17 seconds a day. */
export function drift(node: NodeReference, rate: PartsPerMillion): TargetedFault {
  const ppm = field("faults: drift", () => parsePartsPerMillion(rate));
  return on(node, { fault: "drift", ppm });
}

function on(node: NodeReference | undefined, fault: Fault): TargetedFault {
  if (typeof node?.name !== "string")
    throw new Error(
      `faults: ${fault.fault} wants a node, as in faults: ({ n1 }) => [...]; got ${JSON.stringify(node)}`,
    );
  return { ...fault, target: node.name };
}

/**
 * The references that a scenario's `faults` is given.
 * @throws Error when a name is taken from them that is no node's: scenario files are run without being type-checked.
 */
export function references(names: readonly string[]): Record<string, NodeReference> {
  const known = Object.fromEntries([...names, LEADER].map((name) => [name, { name }]));
  return new Proxy(known, {
    get(all, name) {
      if (typeof name === "string" && !Object.hasOwn(all, name))
        throw new Error(`there is no such node: ${name}; there are ${names.join(", ")}`);
      return Reflect.get(all, name);
    },
  });
}
