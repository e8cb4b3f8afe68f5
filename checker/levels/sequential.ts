/**
 * The check `sequential`: is there one order of all operations that keeps each session's own, and in which every answer
 * is right (Lamport, "How to make a multiprocessor computer ...", 1979)? Real time is no part of it.
 *
 * Unlike linearizability it is not local: keys that are each in order may not be so together, so they are judged as one.
 * Deciding it is NP-complete, hence three answers: refuted, by what must come before what or by trying every order of
 * a few; witnessed, by an order that is replayed; or unknown when the budget is spent.
 */
import type { CheckResult } from "../../proto/verdict.ts";
import type { CheckKind } from "../check-kind.ts";
import { faultSpans } from "../faults.ts";
import { type Part, partsByKey } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { objectOf, validateModel } from "../models/catalogue.ts";
import { custom, type ModelSpec, register } from "../models/model-spec.ts";
import { allow } from "../options.ts";
import type { Model } from "../search/index.ts";
import { foreignKinds } from "../search/task.ts";
import { counted } from "../wording.ts";
import { interleave, type Knowledge } from "./interleaving.ts";
import { wholeOption } from "./option-values.ts";
import { explainCore } from "./sequential-argument.ts";
import { coreOf } from "./sequential-core.ts";
import { type Refutation, refuteRegister } from "./sequential-register.ts";
import { bruteSequential, faultOfInterleaving, type Spans } from "./sequential-verify.ts";
import { type Tracks, tracksOf } from "./tracks.ts";

export type SequentialSpec = {
  readonly name: "sequential";
  readonly options: { readonly model: ModelSpec; readonly budget: number };
};

export const SEQUENTIAL_BUDGET = 1_000_000;
/** Configurations that may be tried to verify a refutation. */
const BRUTE = 200_000;

/**
 * `model`: by default registers that hold `null` until they are first written, one a key; or another of ours, or one of
 * your own. `budget` bounds the search for an order, in operations placed beyond those that there are.
 */
export function sequential<State>(
  model: ModelSpec | Model<State> = register(),
  options: { readonly budget?: number } = {},
): SequentialSpec {
  const spec = "step" in model ? custom(model) : model;
  return { name: "sequential", options: { model: spec, budget: SEQUENTIAL_BUDGET, ...options } };
}

export const SEQUENTIAL: CheckKind<SequentialSpec> = {
  name: "sequential",
  finds: ["non-sequential"],
  validate: (spec) => {
    allow(spec, ["model", "budget"]);
    const model = spec.options["model"];
    const budget = wholeOption(spec, "budget", SEQUENTIAL_BUDGET);
    if (model === undefined) return sequential(register(), { budget });
    return sequential(validateModel(model, "the check sequential"), { budget });
  },
  judge: (recording, check) => {
    const { model, spans } = objectOf(check.options.model);
    const { budget } = check.options;
    const registers =
      check.options.model.name === "register"
        ? { initial: check.options.model.initial }
        : undefined;
    return { check, ...judgeSequential(recording, model, spans, budget, registers) };
  },
};

export type SequentialResult = Omit<CheckResult, "check">;

/** For any model. `registers`: when the objects are registers, with what they hold at first. */
export function judgeSequential<State>(
  recording: Recording,
  model: Model<State>,
  spans: Spans,
  budget: number,
  registers?: { readonly initial: Refutation["initial"] },
): SequentialResult {
  const { columns } = recording;
  const whole: Part = { columns, rows: Int32Array.from({ length: columns.count }, (_, i) => i) };
  const foreign = foreignKinds(whole, model);
  if (foreign.length > 0) return unknown(`a ${model.name} has no ${foreign.join(", ")}`);
  if (columns.count === 0) return unknown("the history has no operations");
  const judge = new Judge(recording, model, spans, budget, whole);
  if (registers === undefined) return judge.search();
  const refuted = refuteRegister(recording, registers.initial);
  if (refuted.anomalies.length > 0) return judge.refuted(refuted);
  if (refuted.bug !== undefined) return unknown(refuted.bug);
  if (refuted.order !== undefined) return judge.witnessed(refuted.order, "zones", 0);
  return judge.search(refuted);
}

function unknown(reason: string, facts: CheckResult["facts"] = {}): SequentialResult {
  return { verdict: "unknown", reason, anomalies: [], found: {}, facts };
}

class Judge<State> {
  readonly #recording: Recording;
  readonly #model: Model<State>;
  readonly #spans: Spans;
  readonly #budget: number;
  readonly #whole: Part;

  constructor(
    recording: Recording,
    model: Model<State>,
    spans: Spans,
    budget: number,
    whole: Part,
  ) {
    this.#recording = recording;
    this.#model = model;
    this.#spans = spans;
    this.#budget = budget;
    this.#whole = whole;
  }

  refuted({ anomalies, found, route, facts }: Refutation): SequentialResult {
    const all = counted(this.#whole.rows.length, "operation");
    const classes = [...new Set(anomalies.map((anomaly) => anomaly.class))].join(", ");
    return {
      verdict: "invalid",
      reason: `${all}: no order explains what the sessions saw (${classes})`,
      anomalies,
      found: { "non-sequential": found },
      facts: { ...this.#facts(route, 0), ...facts },
    };
  }

  witnessed(order: Int32Array, route: string, steps: number): SequentialResult {
    const facts = this.#facts(route, steps);
    const fault = faultOfInterleaving(this.#whole, this.#model, this.#spans, order);
    if (fault !== undefined)
      return unknown(`BUG IN THE CHECKER: the order that was found is wrong: ${fault}`, facts);
    const all = counted(this.#whole.rows.length, "operation");
    const reason = `${all}: an order of all was found that keeps each session's own and that a ${this.#model.name} explains, and replayed`;
    return { verdict: "valid", reason, anomalies: [], found: {}, facts };
  }

  /** Each key by itself first: what has no order alone has none with others. */
  search(known?: Refutation): SequentialResult {
    const { columns } = this.#recording;
    if (known?.knowledge === undefined && this.#spans === "key" && columns.keys.length > 1) {
      const budget = Math.ceil(this.#budget / 2 / columns.keys.length);
      for (const part of partsByKey(columns)) {
        const tracks = tracksOf(part, this.#model, this.#spans);
        const result = interleave(tracks, budget);
        if (result.found === "none" && !tracks.automaton.overflowed)
          return this.#refusal(part, result.steps);
      }
    }
    return this.#all(known?.knowledge);
  }

  #all(known: (Knowledge & { readonly rows: Int32Array }) | undefined): SequentialResult {
    const part = known === undefined ? this.#whole : { ...this.#whole, rows: known.rows };
    const tracks: Tracks = tracksOf(part, this.#model, this.#spans);
    const result = interleave(tracks, this.#budget, known);
    if (tracks.automaton.overflowed || result.found === "budget")
      return unknown(
        `the search was stopped after ${counted(result.steps, "step")}: its budget is spent${result.found === "budget" ? `; at most ${result.placed} of ${tracks.count} operations were placed` : ""}`,
        this.#facts("search", result.steps),
      );
    if (result.found === "order") return this.witnessed(result.order, "search", result.steps);
    return this.#refusal(part, result.steps);
  }

  #refusal(part: Part, steps: number): SequentialResult {
    const facts = this.#facts("search", steps);
    const core: Part = { ...part, rows: coreOf(part, this.#model, this.#spans) };
    const legal = bruteSequential(core, this.#model, this.#spans, BRUTE);
    const few = counted(core.rows.length, "operation");
    if (legal === true)
      return unknown(`BUG IN THE CHECKER: ${few} said to have no order have one`, facts);
    if (legal === undefined)
      return unknown(
        `COULD NOT VERIFY: no order was found, but ${few} are too many to try all of their orders again`,
        facts,
      );
    const anomaly = explainCore(this.#recording, core.rows, faultSpans(this.#recording.others));
    return {
      verdict: "invalid",
      reason: `${counted(part.rows.length, "operation")}: no order explains ${few} of them`,
      anomalies: [anomaly],
      found: { "non-sequential": 1 },
      facts,
    };
  }

  #facts(route: string, steps: number): CheckResult["facts"] {
    const { columns } = this.#recording;
    return {
      operations: columns.count,
      sessions: new Set(columns.process).size,
      keys: columns.keys.length,
      route,
      searchSteps: steps,
    };
  }
}
