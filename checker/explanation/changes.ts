/**
 * What would have made the operations of a certificate legal: one thing changed, tried out. Another answer; a later
 * completion or an earlier invocation, by as little as helps; an acknowledged operation that had not happened; one that
 * had happened twice.
 */
import type { Json } from "../../proto/json.ts";
import { NEVER } from "../history/columns.ts";
import { answersFor } from "./answers.ts";
import type { Core, Step } from "./core.ts";
import { hasOrder, type Placeable } from "./order-search.ts";

/** `step` and `past` are indices into the steps of the core. */
export type Change =
  | { readonly kind: "answer"; readonly step: number; readonly answer: Json }
  /** Invoked before `past` was over; `shift`: by how many events. */
  | {
      readonly kind: "earlier";
      readonly step: number;
      readonly past: number;
      readonly shift: number;
    }
  /** Over only when `past` had been invoked. */
  | { readonly kind: "later"; readonly step: number; readonly past: number; readonly shift: number }
  | { readonly kind: "absent"; readonly step: number }
  | { readonly kind: "twice"; readonly step: number };

export interface Tried {
  /** Each makes the core legal. At most one of each kind for a step. */
  readonly changes: readonly Change[];
  /** The budget sufficed for all of them. */
  readonly complete: boolean;
}

/** The operations with the change made. */
export function applied(steps: readonly Placeable[], change: Change): Placeable[] {
  const { step } = change;
  const one = steps[step];
  if (one === undefined) throw new RangeError(`there is no step ${step}`);
  switch (change.kind) {
    case "answer":
      return steps.with(step, { ...one, action: { ...one.action, output: change.answer } });
    case "earlier":
      return steps.with(step, { ...one, invoked: steps[change.past]?.completed ?? NEVER });
    case "later":
      return steps.with(step, { ...one, completed: steps[change.past]?.invoked ?? NEVER });
    case "absent":
      return steps.toSpliced(step, 1);
    case "twice":
      return [...steps, { ...one, action: { ...one.action, output: undefined } }];
  }
}

/** Steps of which all changes are tried; of more, the search ends with a few of each kind. */
const FEW = 10;
const ENOUGH = 3;

export function tryChanges(core: Core): Tried {
  const experiments = new Experiments(core);
  // Who answered last is most often at fault, and most of what is found there is what people ask for first.
  const order = [...core.steps.keys()].sort((a, b) => endOf(core, b) - endOf(core, a) || b - a);
  for (const step of order) experiments.tryAnswers(step);
  for (const step of order) experiments.tryTimes(step);
  for (const step of order) experiments.tryEffects(step);
  return { changes: experiments.found, complete: experiments.complete };
}

function endOf({ steps }: Core, step: number): number {
  return steps[step]?.completed ?? 0;
}

class Experiments {
  readonly found: Change[] = [];
  complete = true;
  readonly #core: Core;
  /** What must be left for the constraints. */
  readonly #reserve: number;

  constructor(core: Core) {
    this.#core = core;
    this.#reserve = core.meter.left / 3;
  }

  tryAnswers(step: number): void {
    const { steps } = this.#core;
    const one = steps[step] as Step;
    if (this.#has("answer")) return;
    if (one.optional || one.action.output === undefined) return;
    if (!one.tells && one.action.f !== "cas") return;
    const forgotten = { ...one.action, output: undefined };
    if (!this.#isLegal(steps.with(step, { ...one, action: forgotten }))) return;
    for (const answer of answersFor(this.#core, step))
      if (this.#attempt({ kind: "answer", step, answer })) return;
  }

  tryTimes(step: number): void {
    const { steps } = this.#core;
    const one = steps[step] as Step;
    if (this.#has("earlier", "later")) return;
    const others = [...steps.keys()].filter((other) => isOther(one, steps[other]));
    const before = others.filter((other) => (steps[other] as Step).completed < one.invoked);
    const after = others.filter((other) => (steps[other] as Step).invoked > one.completed);
    before.sort((a, b) => (steps[b] as Step).completed - (steps[a] as Step).completed);
    after.sort((a, b) => (steps[a] as Step).invoked - (steps[b] as Step).invoked);
    this.#nearest(before, (past) => {
      const shift = one.invoked - (steps[past] as Step).completed;
      return { kind: "earlier", step, past, shift };
    });
    if (one.optional) return;
    this.#nearest(after, (past) => {
      const shift = (steps[past] as Step).invoked - one.completed;
      return { kind: "later", step, past, shift };
    });
  }

  tryEffects(step: number): void {
    const one = this.#core.steps[step] as Step;
    if (one.operation.status !== "ok" || one.pure) return;
    if (!this.#has("absent")) this.#attempt({ kind: "absent", step });
    if (!this.#has("twice")) this.#attempt({ kind: "twice", step });
  }

  #has(...kinds: Change["kind"][]): boolean {
    if (this.#core.steps.length <= FEW) return false;
    return this.found.filter(({ kind }) => kinds.includes(kind)).length >= ENOUGH;
  }

  /** The more overlap, the more orders: when the farthest does not help, none does. */
  #nearest(pasts: readonly number[], changeOf: (past: number) => Change): void {
    const last = pasts.at(-1);
    if (last === undefined || !this.#isLegal(applied(this.#core.steps, changeOf(last)))) return;
    for (const past of pasts) if (this.#attempt(changeOf(past))) return;
  }

  #attempt(change: Change): boolean {
    const legal = this.#isLegal(applied(this.#core.steps, change));
    if (legal) this.found.push(change);
    return legal;
  }

  /** With all that was going on meanwhile, too. */
  #isLegal(ops: readonly Placeable[]): boolean {
    const { model, starts, meter, surroundings } = this.#core;
    const others = surroundings?.meanwhile ?? [];
    if (meter.left < this.#reserve) this.complete = false;
    if (meter.left < this.#reserve) return false;
    const legal = hasOrder([...ops, ...others], model, starts, meter);
    if (legal === undefined) this.complete = false;
    return legal === true && (others.length === 0 || hasOrder(ops, model, starts, meter) === true);
  }
}

/** A process does one thing at a time: its own operations are not moved over each other. */
function isOther(one: Step, other: Step | undefined): boolean {
  return other !== undefined && other.operation.process !== one.operation.process;
}
