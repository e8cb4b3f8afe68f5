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
  readonly #order: Int32Array;
  #placed = 0;
  readonly #done: Uint8Array;
  /** The mandatory operation in each slot that is invoked and has not responded; -1: none. */
  readonly #open: Int32Array;
  /** Of what vanished, by the operation that hid it: the latest, and by that one the one before. */
  readonly #hidden = new Map<number, number>();
  readonly #groupsUsed: number[];
  #state: number;
  /** The latest blind operation that happened: whatever vanishes now was open by then. */
  #hider = -1;

  constructor(task: Task, line: Timeline) {
    this.#task = task;
    this.#line = line;
    this.#order = new Int32Array(task.count);
    this.#done = new Uint8Array(task.count);
    this.#open = new Int32Array(line.slots).fill(-1);
    this.#groupsUsed = line.groups.map(() => 0);
    this.#state = task.automaton.initial;
  }

  run({ layers, moves }: Path): Int32Array {
    const { optional } = this.#task;
    const { begun, slotOf, slotOfResponder } = this.#line;
    let [step, op] = [0, 0];
    for (let layer = 0; layer < this.#line.layers; layer++) {
      for (; op < (begun[layer] as number); op++)
        if (optional[op] === 0) this.#open[slotOf[op] as number] = op;
      this.#eager();
      for (; layers[step] === layer; step++) this.#move(layer, moves[step] as number);
      this.#open[slotOfResponder[layer] as number] = -1;
    }
    return this.#withHidden();
  }

  #eager(): void {
    const { automaton, classes } = this.#task;
    for (const op of this.#open) {
      if (op < 0 || this.#done[op] === 1) continue;
      const cls = classes[op] as number;
      if (automaton.isPure(cls) && automaton.step(this.#state, cls) === this.#state)
        this.#place(op);
    }
  }

  #move(layer: number, move: number): void {
    if (move === VANISH) {
      this.#hide(this.#line.responder[layer] as number);
      return;
    }
    const op = move >= FROM_GROUP ? this.#nextOf(move - FROM_GROUP) : (this.#open[move] as number);
    if (this.#done[op] === 1) return;
    const cls = this.#task.classes[op] as number;
    this.#state = this.#task.automaton.step(this.#state, cls);
    this.#place(op);
    if (this.#task.automaton.isBlind(cls)) this.#hider = op;
    this.#eager();
  }

  #place(op: number): void {
    this.#done[op] = 1;
    this.#order[this.#placed++] = op;
  }

  #hide(op: number): void {
    const others = this.#hidden.get(this.#hider);
    if (others !== undefined) this.#hidden.set(op, others);
    this.#hidden.set(this.#hider, op);
  }

  /** Rows in order, what vanished included. */
  #withHidden(): Int32Array {
    const { rows, count } = this.#task;
    const all = new Int32Array(count);
    let at = 0;
    for (const op of this.#order.subarray(0, this.#placed)) {
      // What vanished did not happen, so that it hides nothing itself: its entry is a link.
      let hidden = this.#hidden.get(op);
      for (; hidden !== undefined; hidden = this.#hidden.get(hidden))
        all[at++] = rows[hidden] as number;
      all[at++] = rows[op] as number;
    }
    return all.slice(0, at);
  }

  #nextOf(index: number): number {
    const used = this.#groupsUsed[index] ?? 0;
    this.#groupsUsed[index] = used + 1;
    return this.#line.groups[index]?.ops[used] ?? -1;
  }
}
