/**
 * A register in which some values were written more than once, judged by the others alone: leaving out all operations
 * on some values leaves a legal order of a register legal, so what refutes the rest refutes the whole, at the speed of
 * zones and with a certificate of a few operations. What it cannot refute remains to be searched.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, OK, type Part, UNKNOWN } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { LocalValues } from "../objects/local-values.ts";
import { zones } from "../register/zones.ts";

export const RELAXED = "zones of the values written once";

/** `read` and `write`. Answers `invalid` or `inapplicable`. */
export function refuteByUniqueValues(part: Part, initial: Json): Decision {
  const no = (reason: string): Decision => ({ verdict: "inapplicable", route: RELAXED, reason });
  const { columns, rows } = part;
  const [read, write] = [columns.kinds.indexOf("read"), columns.kinds.indexOf("write")];
  const local = new LocalValues(columns.values, rows.length);
  // The initial value counts as written once, by nobody, before everything.
  const writes: number[] = [];
  writes[local.of(initial)] = 1;
  for (const row of rows) {
    const f = columns.f[row];
    if (f !== read && f !== write) return no(`a register has no ${columns.kinds[f ?? 0]}`);
    if (f !== write || columns.status[row] === FAIL) continue;
    const value = local.ofId(columns.input[row] ?? 0);
    writes[value] = (writes[value] ?? 0) + 1;
  }
  const repeated = (id: number): boolean => (writes[local.ofId(id)] ?? 0) > 1;
  const once = rows.filter((row) => {
    if (columns.f[row] === write) return !repeated(columns.input[row] ?? 0);
    return columns.status[row] === OK && !repeated(columns.output[row] ?? UNKNOWN);
  });
  const decision = zones({ columns, rows: once }, initial);
  if (decision.verdict === "invalid") return { ...decision, route: RELAXED };
  return no("the values that were written once are in order");
}
