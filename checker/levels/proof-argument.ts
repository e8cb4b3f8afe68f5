/** A proof in words: the operations with their times, each lemma with what it follows from, and the contradiction. */

import type { Operation } from "../../proto/operation.ts";
import { begunAt, endedAt, plain } from "../explanation/words.ts";
import { capital, named, shown } from "../wording.ts";
import type { Step } from "./path.ts";
import type { Lemma, Proof } from "./proof.ts";

/** Of longer proofs only so many operations and lemmas are told; all were verified. */
const TOLD = 12;

export interface Argument {
  readonly operations: readonly Operation[];
  readonly because: readonly string[];
}

/** `operation` tells the operation of a node. */
export function argumentOf(
  { lemmas, cycle }: Proof,
  operation: (node: number) => Operation,
): Argument {
  const nodes = new Set<number>();
  const lines: string[] = [];
  const numbers = new Map<object, number>();
  const tell = new Teller(operation, numbers, nodes);
  for (const lemma of lemmas) {
    numbers.set(lemma.derived, numbers.size + 1);
    const line = `(${numbers.size}) ${capital(tell.lemma(lemma))}`;
    if (lines.length < TOLD) lines.push(line);
  }
  if (lemmas.length > TOLD) lines.push(`... and ${lemmas.length - TOLD} more of this kind.`);
  lines.push(`Contradiction: ${tell.cycle(cycle)}.`);
  const operations = [...nodes].sort((a, b) => a - b).map(operation);
  operations.sort((a, b) => a.id - b.id);
  const times = operations
    .slice(0, TOLD)
    .map((op) => `${capital(named(op))} of ${plain(op.key)}: ${begunAt(op)} to ${endedAt(op)}.`);
  return { operations, because: [...times, ...lines] };
}

/** How one operation came to know of another, along session order and reads. */
export function wayText(
  operation: (node: number) => Operation,
  from: number,
  steps: readonly Step[],
): string {
  return new Teller(operation, new Map(), new Set()).way(from, steps);
}

class Teller {
  readonly #operation: (node: number) => Operation;
  readonly #numbers: ReadonlyMap<object, number>;
  readonly #nodes: Set<number>;

  constructor(
    operation: (node: number) => Operation,
    numbers: ReadonlyMap<object, number>,
    nodes: Set<number>,
  ) {
    this.#operation = operation;
    this.#numbers = numbers;
    this.#nodes = nodes;
  }

  lemma({ derived: { from, to, via, rule }, way }: Lemma): string {
    const read = this.#operation(via);
    if (rule === "initial")
      return `${this.#name(via)} must come before ${this.#name(to)}: it returned the initial value.`;
    const start = rule === "before" ? from : (way[0]?.from ?? from);
    const known = this.way(start, way);
    const order = `${this.#name(from)} must come before ${this.#name(to)}`;
    return rule === "before"
      ? `${order}: ${known}, which nevertheless returned ${shown(read.output)}.`
      : `${order}: it returned ${shown(read.output)}, which ${this.#name(to)} replaced: ${known}.`;
  }

  cycle(steps: readonly Step[]): string {
    const first = steps[0]?.from ?? 0;
    return `${this.way(first, steps)}, which is where this began`;
  }

  way(from: number, steps: readonly Step[]): string {
    return this.#name(from) + steps.map((step) => this.#step(step)).join("");
  }

  #step({ to, why }: Step): string {
    const name = this.#name(to);
    if (why === "session") return `, then in the same process ${name}`;
    if (why === "read") return `, whose value was returned by ${name}`;
    return `, which must come before ${name} (${this.#numbers.get(why)})`;
  }

  #name(node: number): string {
    this.#nodes.add(node);
    const { f, id, input, output } = this.#operation(node);
    return f === "write"
      ? `write ${shown(input)} (op ${id})`
      : `read of ${shown(output)} (op ${id})`;
  }
}
