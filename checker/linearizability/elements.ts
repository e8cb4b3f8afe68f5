/**
 * A set whose operations are about one element each is as many objects as there are elements: whether an element is
 * there depends on nothing but what was done with it. Linearizability is local (Herlihy & Wing 1990, section 3.3), so
 * each element is decided alone, with two states instead of as many as there are subsets.
 */
import { INFO, NEVER, type Part } from "../history/columns.ts";
import type { Decision, Invalid, Undecided } from "../history/decision.ts";

/** One part an element; `undefined` when an operation is about more than one, as a read of the whole set is. */
export function splitByElement({ columns, rows }: Part): Part[] | undefined {
  const whole = columns.kinds.indexOf("read");
  const elements = new Map<number, number[]>();
  for (const row of rows) {
    if (columns.f[row] === whole) return undefined;
    const element = columns.input[row] ?? 0;
    const same = elements.get(element);
    if (same === undefined) elements.set(element, [row]);
    else same.push(row);
  }
  return [...elements.values()].map((some) => ({ columns, rows: Int32Array.from(some) }));
}

/**
 * The decision on the whole from those on its parts. Their orders are merged by instants: an operation takes effect
 * when the last of those up to it in its own order has begun, which is never after its end.
 */
export function mergeDecisions(parts: readonly Part[], decisions: readonly Decision[]): Decision {
  const bad = decisions.find((one): one is Invalid => one.verdict === "invalid");
  if (bad !== undefined) return bad;
  const open = decisions.find((one): one is Undecided => one.verdict === "unknown");
  if (open !== undefined) return open;
  const placed: { row: number; instant: number }[] = [];
  for (const [at, decision] of decisions.entries()) {
    const columns = parts[at]?.columns;
    if (decision.verdict === "inapplicable" || columns === undefined) return decision;
    let instant = -1;
    if (decision.verdict === "valid")
      for (const row of decision.order) {
        instant = Math.max(instant, columns.invoked[row] ?? 0);
        const end = columns.status[row] === INFO ? NEVER : (columns.completed[row] ?? NEVER);
        if (instant > end) throw new Error("an order that is no linearization cannot be merged");
        placed.push({ row, instant });
      }
  }
  // A stable sort: within an element the order is kept.
  placed.sort((a, b) => a.instant - b.instant);
  const route = decisions[0]?.route ?? "search";
  const order = Int32Array.from(placed, ({ row }) => row);
  return { verdict: "valid", route: `${route}, element by element`, order };
}
