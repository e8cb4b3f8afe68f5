/**
 * More operations open at once than the search has slots for. If some of them are taken as never
 * returned, fewer are left, and whatever has no order then has none at all; an order that is found
 * then counts only if they are all in it.
 */
import { DEMOTED, KEPT, subtask, type Task } from "./task.ts";

/** The operations that are open when more are than there are slots, for the first time. */
export function crowdIn({ count, optional, invoked, completed }: Task, slots: number): number[] {
  let open: number[] = [];
  for (let op = 0; op < count && open.length <= slots; op++) {
    if (optional[op] === 1) continue;
    open = open.filter((other) => (completed[other] as number) > (invoked[op] as number));
    open.push(op);
  }
  return open;
}

/** Of each crowd, those are taken as never returned that return last. */
export function thinned(task: Task, slots: number): Task {
  const { count, optional, invoked, completed } = task;
  const fate = new Uint8Array(count).fill(KEPT);
  /** Ascending by completion. */
  let open: number[] = [];
  for (let op = 0; op < count; op++) {
    if (optional[op] === 1) continue;
    open = open.filter((other) => (completed[other] as number) > (invoked[op] as number));
    const later = open.findIndex(
      (other) => (completed[other] as number) > (completed[op] as number),
    );
    open.splice(later < 0 ? open.length : later, 0, op);
    if (open.length > slots) fate[open.pop() as number] = DEMOTED;
  }
  return subtask(task, fate);
}
