/** Whether a few operations on registers are linearizable, by trying all orders. */
import { type Columns, FAIL, INFO, NEVER, OK } from "../../history/columns.ts";

export function verdictOf(columns: Columns): "valid" | "invalid" {
  return columns.keys.every((_, key) => isLinearizable(columns, key)) ? "valid" : "invalid";
}

function isLinearizable(columns: Columns, key: number): boolean {
  const rows = Array.from({ length: columns.count }, (_, row) => row).filter(
    (row) => columns.key[row] === key && columns.status[row] !== FAIL,
  );
  if (rows.length > 30) throw new RangeError("too many operations to try all orders");
  const seen = new Set<string>();
  const visit = (done: number, state: number): boolean => {
    const name = `${done} ${state}`;
    if (seen.has(name)) return false;
    seen.add(name);
    const left = rows.filter((_, i) => (done & (1 << i)) === 0);
    const firstEnd = Math.min(...left.map((row) => columns.completed[row] ?? NEVER));
    if (left.every((row) => columns.status[row] === INFO)) return true;
    return rows.some((row, i) => {
      if ((done & (1 << i)) !== 0 || (columns.invoked[row] ?? 0) > firstEnd) return false;
      const after = step(columns, row, state);
      return after !== undefined && visit(done | (1 << i), after);
    });
  };
  return visit(0, 0);
}

/** The state afterwards: the id of a value. */
function step(columns: Columns, row: number, state: number): number | undefined {
  const f = columns.kinds[columns.f[row] ?? 0];
  const ok = columns.status[row] === OK;
  if (f === "write") return columns.input[row];
  if (f === "read") return !ok || columns.output[row] === state ? state : undefined;
  if (f !== "cas") return state;
  const pair = columns.values.valueOf(columns.input[row] ?? 0);
  if (!Array.isArray(pair) || pair.length !== 2) return state;
  const [from, to] = pair.map((value) => columns.values.find(value) ?? -1 - Number(value));
  if (from === state) return to;
  return ok ? undefined : state;
}
