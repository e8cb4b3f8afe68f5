/**
 * Values that came from nowhere. An operation that needs a value to be there cannot have happened if nobody ever put it
 * there, or only began to once the operation was over. That is seen in one pass, where a search may lose its way among
 * operations that are open for long, and it refutes the whole with one operation or two.
 */
import { FAIL, NEVER, OK, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import type { Action, Model } from "../search/index.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";

export const SOURCES = "sources";

/** What operations of one class need and put there, as canonical texts. */
interface Trade {
  readonly needs: string | undefined;
  readonly puts: string | undefined;
}

/** For models that say what values their operations touch. Answers `invalid` or `inapplicable`. */
export function refuteUnsourced(part: Part, model: Model<unknown>): Decision {
  const no = (reason: string): Decision => ({ verdict: "inapplicable", route: SOURCES, reason });
  if (model.touches === undefined) return no("the model does not say what values are needed");
  const { columns, rows } = part;
  const trades = tradesOf(part, model);
  /** By value: the rows of the first two that may have put it there; an operation is no source of its own need. */
  const sources = new Map<string, number[]>();
  for (const row of rows) {
    if (columns.status[row] === FAIL) continue;
    const trade = trades(row);
    if (trade === "any") return no("an operation may put any value there");
    const value = trade?.puts;
    if (value === undefined) continue;
    const known = sources.get(value);
    if (known === undefined) sources.set(value, [row]);
    else if (known.length < 2) known.push(row);
  }
  for (const row of rows) {
    const trade = columns.status[row] === OK ? trades(row) : undefined;
    if (trade === undefined || trade === "any" || trade.needs === undefined) continue;
    const value = trade.needs;
    const source = sources.get(value)?.find((other) => other !== row);
    const begun = source === undefined ? NEVER : (columns.invoked[source] ?? 0);
    if (begun < (columns.completed[row] ?? 0)) continue;
    const certificate = source === undefined ? [row] : [row, source];
    const what = source === undefined ? "thin air" : "future read";
    return { verdict: "invalid", route: SOURCES, class: what, certificate };
  }
  return no("every value that was needed may have been there");
}

type Known = Trade | "any" | undefined;

/** By row. What the initial state has needs no source. Equal operations are looked at once. */
function tradesOf({ columns }: Part, model: Model<unknown>): (row: number) => Known {
  const known = new Map<number, Known>();
  return (row) => {
    const [f, status] = [columns.f[row] ?? 0, columns.status[row] ?? 0];
    const [input, output] = [columns.input[row] ?? 0, columns.output[row] ?? 0];
    const values = input * (columns.values.size + 1) + output + 1;
    const number = (values * columns.kinds.length + f) * 3 + status;
    const found = known.get(number);
    if (found !== undefined || known.has(number)) return found;
    const trade = tradeOf(actionOfRow(columns, row, model), model);
    known.set(number, trade);
    return trade;
  };
}

function tradeOf(action: Action | undefined, model: Model<unknown>): Known {
  if (action === undefined) return undefined;
  const touch = model.touches?.(action);
  if (touch === undefined) return model.pure(action) ? undefined : "any";
  const text = (value: typeof touch.reads): string | undefined =>
    value === undefined ? undefined : canonical(value);
  // Whatever can happen at first has its value from nobody, or needs none.
  const atFirst = model.step(model.initial, action) !== undefined;
  return { needs: atFirst ? undefined : text(touch.reads), puts: text(touch.writes) };
}
