/**
 * From the way that a search took to an order of rows. A pure operation stands where it was first
 * legal, an operation that vanished just before the blind one that hid it.
 */
import { FROM_GROUP, type Path, VANISH } from "./path.ts";
import type { Task } from "./task.ts";
import type { Timeline } from "./timeline.ts";

export function orderOf(task: Task, line: Timeline, path: Path): Int32Array {
  return new Replay(task, line).run(path);
}

class Replay {
  readonly #task: Task;
  readonly #line: Timeline;
  readonly #order: number[] = [];
  readonly #done: Uint8Array;
  /** Mandatory operations that are invoked and have not responded. */
  readonly #open = new Set<number>();
  readonly #vanishedBefore = new Map<number, number[]>();
  readonly #groupsUsed: number[];
  #state: number;
  /** The latest blind operation that happened: whatever vanishes now was open by then. */
  #hider = -1;

  constructor(task: Task, line: Timeline) {
    this.#task = task;
    this.#line = line;
    this.#done = new Uint8Array(task.count);
    this.#groupsUsed = line.groups.map(() => 0);
    this.#state = task.automaton.initial;
  }

  run({ layers, moves }: Path): Int32Array {
    const { optional, rows } = this.#task;
    let [step, begun] = [0, 0];
    for (let layer = 0; layer < this.#line.layers; layer++) {
      for (; begun < (this.#line.begun[layer] as number); begun++)
        if (optional[begun] === 0) this.#open.add(begun);
      this.#eager();
      for (; layers[step] === layer; step++) this.#move(layer, moves[step] as number);
      this.#open.delete(this.#line.responder[layer] as number);
    }
    const order = this.#order.flatMap((op) => [...(this.#vanishedBefore.get(op) ?? []), op]);
    return Int32Array.from(order, (op) => rows[op] as number);
  }

  #eager(): void {
    const { automaton, classes } = this.#task;
    for (const op of this.#open) {
      const cls = classes[op] as number;
      if (this.#done[op] === 1 || !automaton.isPure(cls)) continue;
      if (automaton.step(this.#state, cls) === this.#state) this.#place(op);
    }
  }

  #move(layer: number, move: number): void {
    if (move === VANISH) {
      this.#hide(this.#line.responder[layer] as number);
      return;
    }
    const op = move >= FROM_GROUP ? this.#nextOf(move - FROM_GROUP) : this.#inSlot(move);
    if (this.#done[op] === 1) return;
    const cls = this.#task.classes[op] as number;
    this.#state = this.#task.automaton.step(this.#state, cls);
    this.#place(op);
    if (this.#task.automaton.isBlind(cls)) this.#hider = op;
    this.#eager();
  }

  #place(op: number): void {
    this.#done[op] = 1;
    this.#order.push(op);
  }

  #hide(op: number): void {
    const others = this.#vanishedBefore.get(this.#hider) ?? [];
    others.push(op);
    this.#vanishedBefore.set(this.#hider, others);
  }

  #nextOf(index: number): number {
    const used = this.#groupsUsed[index] ?? 0;
    this.#groupsUsed[index] = used + 1;
    return this.#line.groups[index]?.ops[used] ?? -1;
  }

  #inSlot(slot: number): number {
    for (const op of this.#open) if (this.#line.slotOf[op] === slot) return op;
    return -1;
  }
}
