/**
 * What the suite knows of an object: its model as users name it, the plain object that the oracle performs, what a small
 * history may contain, and what clients do to it. Everything else is written once for all of them.
 */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import type { ModelSpec } from "../../models/model-spec.ts";
import type { Call, Perform } from "../../objects/testdata/oracle.ts";
import type { Mutation } from "./mutation.ts";

export type Draw = (from: number, to: number) => number;

/** What an operation of a small history may be. */
export interface Act {
  readonly f: string;
  readonly input: Json;
  /** `ok` unless told. */
  readonly status?: "fail" | "info";
  readonly output?: Json;
}

export interface Subject {
  readonly name: string;
  readonly spec: ModelSpec;
  readonly initial: Json;
  readonly perform: Perform;
  /** The kinds whose answer `false` says that the object refused; with `failed`, a failure says it as well. */
  readonly refuses?: { readonly kinds: readonly string[]; readonly failed: boolean };
  /** What an operation does depends on its process. */
  readonly byProcess?: true;
  /** The call as the oracle's object understands it, where the checker's takes more answers than one. */
  readonly plain?: (call: Call) => Call;
  /** What is recorded of an answer, where clients need not record all of it. */
  readonly record?: (draw: Draw, f: string, output: Json) => Json;
  /** Whether the operation, as answered, changes nothing. */
  readonly pure: (op: Pick<Operation, "f" | "input" | "output" | "status">) => boolean;
  /**
   * What an operation may be in histories of up to three operations, and, if that is too much, of four. Closed under
   * exchanging values, where they can be exchanged.
   */
  readonly acts: readonly Act[];
  readonly fewerActs?: readonly Act[];
  /** How its values can be told apart from other numbers, where they can be exchanged for each other. */
  readonly values?: Values;
  /** What a history keeps its legality under, operation by operation; `undefined` leaves it out. */
  readonly restrictions?: readonly ((op: Operation) => Operation | undefined)[];
  readonly workloads: readonly Workload[];
  /** How many times longer than others its histories take. */
  readonly cost?: number;
}

export interface Workload {
  readonly name: string;
  /** What a process does next; `serial` is 1, 2, 3, ..., and the state is the one it will hardly find. */
  readonly invoke: (
    draw: Draw,
    at: { readonly serial: number; readonly process: number; readonly state: Json },
  ) => Pick<Act, "f" | "input">;
  /** Some answer, right or wrong. */
  readonly guess: (draw: Draw, f: string, serial: number) => Json;
  /** The route that decides most of its small histories. */
  readonly route?: string;
  /** Faults whose histories are certainly wrong. */
  readonly mutations?: readonly Mutation[];
  /** How many operations large histories have; 500 unless told, fewer where only the search decides. */
  readonly large?: number;
}

/** Values are the positive numbers in inputs and outputs. */
export interface Values {
  /** Where an operation has its values; in both places unless told. */
  readonly places?: (f: string) => { readonly input: boolean; readonly output: boolean };
  /** An injective function that keeps what the object sees in its values; plain names unless told. */
  readonly rename?: (value: number) => Json;
  /** No two values are exchangeable in small histories, as their order matters. */
  readonly ordered?: true;
  /** The history without all operations on some values; it stays legal if it was. */
  readonly project?: (
    operations: readonly Operation[],
    keep: (value: number) => boolean,
  ) => Operation[];
}

export function pick<T>(draw: Draw, all: readonly T[]): T {
  const one = all[draw(0, all.length - 1)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

/** The values of an operation in the order in which they stand there. */
export function valuesOf(
  { values }: Subject,
  { f, input, output }: Pick<Operation, "f" | "input" | "output">,
): number[] {
  if (values === undefined) return [];
  const { input: inInput, output: inOutput } = values.places?.(f) ?? { input: true, output: true };
  const found: number[] = [];
  const visit = (json: Json | undefined): void => {
    if (typeof json === "number" && json > 0) found.push(json);
    else if (typeof json === "object" && json !== null) Object.values(json).forEach(visit);
  };
  if (inInput) visit(input);
  if (inOutput) visit(output);
  return found;
}

/** Its values by other names. */
export function renamed<Op extends Pick<Operation, "f" | "input" | "output">>(
  { values }: Subject,
  op: Op,
  name: (value: number) => Json,
): Op {
  const { input, output } = values?.places?.(op.f) ?? { input: true, output: true };
  return {
    ...op,
    input: input ? mapped(op.input, name) : op.input,
    output: op.output === undefined || !output ? op.output : mapped(op.output, name),
  };
}

function mapped(json: Json, name: (value: number) => Json): Json {
  if (typeof json === "number") return json > 0 ? name(json) : json;
  if (Array.isArray(json)) return (json as Json[]).map((one) => mapped(one, name));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, mapped(one, name)]));
}

/** Names that are made of parts, and numbers beside texts of the same digits. */
export function compound(value: number): Json {
  const number = 7_000 + (value >> 2);
  const names: readonly Json[] = [
    [`v${value}`, { value, more: [] }],
    { constructor: value },
    number,
    String(number),
  ];
  return names[value % 4] ?? null;
}
