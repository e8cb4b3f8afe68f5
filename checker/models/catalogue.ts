/** From a model as data to the object that is judged: the one place that knows which models there are. */
import type { Json } from "../../proto/json.ts";
import { InvalidCheckError } from "../check-kind.ts";
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { miscounts, missteps } from "../linearizability/counting.ts";
import { splitByElement } from "../linearizability/elements.ts";
import { refuteByUniqueValues } from "../linearizability/relaxed.ts";
import {
  decideChains,
  decideCounter,
  decideFetchAndAdd,
  decideGrowSet,
  decideLock,
  decideLog,
  decidePriorityQueue,
  decideQueue,
  decideSetElement,
  decideStack,
} from "../objects/index.ts";
import { zones } from "../register/zones.ts";
import type { Model } from "../search/index.ts";
import * as models from "../search/index.ts";
import { type ModelSpec, modelBehind } from "./model-spec.ts";

/** An exact decision for histories that meet its condition; `inapplicable` for others. */
export type Procedure = (part: Part) => Decision;

export interface SequentialObject {
  readonly model: Model<unknown>;
  /** The fastest first. What none of them can decide is searched. */
  readonly procedures: readonly Procedure[];
  /** Whether every key is an object of its own, or all keys together are one. */
  readonly spans: "key" | "history";
  /** One that allows more, and is refuted sooner: what it refutes is refuted. */
  readonly relaxed?: Model<unknown>;
  /** True when counting shows that these rows refute the part; false says nothing. */
  readonly recount?: (part: Part, certificate: readonly number[]) => boolean;
  /** The parts of a part that can be searched alone, where there are any. */
  readonly split?: (part: Part) => Part[] | undefined;
}

interface Kind<Spec extends ModelSpec> {
  /** The options, each with what it must be. @throws InvalidCheckError */
  readonly options: { readonly [Option in Exclude<keyof Spec, "name">]: Validator };
  object(spec: Spec): SequentialObject;
}

type Validator = (value: Json | undefined, where: string) => Json;

const KINDS: { readonly [Name in ModelSpec["name"]]: Kind<Extract<ModelSpec, { name: Name }>> } = {
  register: {
    options: { initial: anything },
    object: ({ initial }) =>
      keyed(models.register(initial), [
        (part) => zones(part, initial),
        (part) => refuteByUniqueValues(part, initial),
      ]),
  },
  "cas-register": {
    options: { initial: anything, failures: oneOf("ignored", "observed") },
    object: ({ initial, failures }) =>
      keyed({ ...models.rmwRegister(initial, { failures }), name: "cas-register" }, [
        (part) => zones(part, initial),
        (part) => decideChains(part, initial, { failures }),
      ]),
  },
  "multi-register": {
    options: { initial: anObject },
    object: ({ initial }) => whole(models.multiRegister(initial)),
  },
  transactions: {
    options: { initial: anObject },
    object: ({ initial }) => whole(models.transactions(initial)),
  },
  "key-value": {
    options: {
      initial: (value = "", where) => must(value, typeof value === "string", "a text", where),
    },
    object: ({ initial }) => keyed(models.keyValue(initial), []),
  },
  counter: {
    options: { initial: wholeNumber(0), sums: flag },
    object: ({ initial, sums }) => ({
      ...keyed(models.counter(initial, { sums }), [
        (part) => decideCounter(part, initial, { sums }),
      ]),
      recount: (part, certificate) => miscounts(part, initial, certificate),
    }),
  },
  "fetch-and-add": {
    options: { initial: wholeNumber(0) },
    object: ({ initial }) => ({
      ...keyed(models.fetchAndAdd(initial), [(part) => decideFetchAndAdd(part, initial)]),
      recount: (part, certificate) => missteps(part, initial, certificate),
    }),
  },
  set: {
    options: {},
    object: () => ({
      ...keyed(models.set(), [decideSetElement, decideGrowSet]),
      split: splitByElement,
    }),
  },
  queue: { options: {}, object: () => keyed(models.queue(), [decideQueue]) },
  stack: { options: {}, object: () => keyed(models.stack(), [decideStack]) },
  "priority-queue": {
    options: {},
    object: () => keyed(models.priorityQueue(), [decidePriorityQueue]),
  },
  log: { options: {}, object: () => keyed(models.log(), [decideLog]) },
  mutex: {
    options: {
      held: flag,
    },
    object: ({ held }) =>
      keyed(models.mutex(held), held ? [] : [(part) => decideLock(part, { ownerless: true })]),
  },
  semaphore: {
    options: { permits: wholeNumber() },
    object: ({ permits }) => ({
      ...keyed(models.semaphore(permits), [(part) => decideLock(part, { permits })]),
      relaxed: models.permits(permits),
    }),
  },
  "rw-lock": {
    options: {},
    object: () => keyed(models.rwLock(), [(part) => decideLock(part, { shared: true })]),
  },
  custom: {
    options: {
      model: (value, where) => must(value, typeof value === "string", "a model's name", where),
    },
    object: (spec) => {
      const model = modelBehind(spec);
      if (model === undefined)
        throw new InvalidCheckError(
          `the model ${spec.model} is code, and this code is not at hand: judge by the scenario file that has it`,
        );
      return model.spans === "history" ? whole(model) : keyed(model, []);
    },
  },
};

export const MODELS: readonly ModelSpec["name"][] = Object.keys(KINDS).filter(isName);

/** @throws InvalidCheckError when the spec is custom and nobody has its model. */
export function objectOf<Name extends ModelSpec["name"]>(
  spec: Extract<ModelSpec, { name: Name }>,
): SequentialObject {
  const kind: Kind<Extract<ModelSpec, { name: Name }>> = KINDS[spec.name as Name];
  return kind.object(spec);
}

/** The kinds of operation that a model knows. @throws InvalidCheckError */
export function kindsOf(model: Json): readonly string[] {
  return objectOf(validateModel(model, "this check")).model.kinds;
}

/** What somebody wrote, as a spec. @throws InvalidCheckError naming the model or the option that is wrong. */
export function validateModel(value: Json | undefined, where: string): ModelSpec {
  const name = isRecord(value) ? value["name"] : undefined;
  if (!isRecord(value) || typeof name !== "string" || !isName(name))
    throw new InvalidCheckError(
      `${where} needs the option model, one of ${MODELS.join(", ")}; it has ${JSON.stringify(name ?? value)}`,
    );
  const known: Readonly<Record<string, Validator>> = KINDS[name].options;
  const unknown = Object.keys(value).find((key) => key !== "name" && !Object.hasOwn(known, key));
  if (unknown !== undefined) {
    const all = Object.keys(known);
    throw new InvalidCheckError(
      `the model ${name} has no option ${JSON.stringify(unknown)}; it has ${all.length === 0 ? "none" : all.join(" and ")}`,
    );
  }
  if (modelBehind(value) !== undefined) return value as ModelSpec;
  const entries = Object.entries(known).map(([option, validate]) => [
    option,
    validate(value[option], `the option ${option} of the model ${name}`),
  ]);
  return { name, ...Object.fromEntries(entries) };
}

function keyed<State>(model: Model<State>, procedures: readonly Procedure[]): SequentialObject {
  return { model: model as Model<unknown>, procedures, spans: "key" };
}

function whole<State>(model: Model<State>): SequentialObject {
  return { model: model as Model<unknown>, procedures: [], spans: "history" };
}

function anything(value: Json = null): Json {
  return value;
}

function flag(value: Json = false, where: string): Json {
  return must(value, typeof value === "boolean", "true or false", where);
}

function anObject(value: Json = {}, where: string): Json {
  return must(value, isRecord(value), "an object", where);
}

function oneOf(first: string, ...others: readonly string[]): Validator {
  const all = [first, ...others];
  return (value = first, where) =>
    must(
      value,
      typeof value === "string" && all.includes(value),
      `one of ${all.join(", ")}`,
      where,
    );
}

function wholeNumber(otherwise?: number): Validator {
  return (value = otherwise ?? null, where) =>
    must(value, Number.isSafeInteger(value) && Number(value) >= 0, "a whole number", where);
}

function must(value: Json | undefined, holds: boolean, what: string, where: string): Json {
  if (holds && value !== undefined) return value;
  throw new InvalidCheckError(`${where} must be ${what}, not ${JSON.stringify(value)}`);
}

function isName(name: string): name is ModelSpec["name"] {
  return Object.hasOwn(KINDS, name);
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
