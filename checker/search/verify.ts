/**
 * Checks what the engines claim with other means than theirs: an order by replaying it on the
 * model itself, a refutation by trying all orders. A verdict that does not pass is worth nothing.
 */
import { FAIL, INFO, NEVER, OK, type Part } from "../history/columns.ts";
import { BRUTE_LIMIT, type BruteOperation, bruteLinearizable } from "./brute.ts";
import type { Model } from "./model.ts";
import { actionOfRow } from "./task.ts";

/**
 * Is `order` a linearization of the part? @returns what is wrong with it, or `undefined`. Legal in
 * sequence; real time kept (nothing is placed after what was invoked once it had returned); all
 * that was acknowledged is there, once, and so are the observations of what failed.
 */
export function faultOfOrder<State>(
  { columns, rows }: Part,
  model: Model<State>,
  order: Int32Array,
): string | undefined {
  const due = dueOf(columns.count, rows);
  let state = model.initial;
  let latest = -1;
  for (const row of order) {
    if (!due.take(row)) return `row ${row} does not belong there or occurs twice`;
    const invoked = columns.invoked[row] as number;
    const completed = columns.status[row] === INFO ? NEVER : (columns.completed[row] as number);
    if (completed < latest)
      return `row ${row} is placed after an operation that began once it was over`;
    latest = Math.max(latest, invoked);
    const action = actionOfRow(columns, row, model);
    if (action === undefined) return `row ${row} did not happen`;
    const next = model.step(state, action);
    if (next === undefined) return `row ${row} cannot have happened where it is placed`;
    state = next;
  }
  for (const row of rows) {
    if (!due.has(row)) continue;
    const status = columns.status[row];
    if (status === OK || (status === FAIL && actionOfRow(columns, row, model) !== undefined))
      return `row ${row} happened and is missing`;
  }
  return undefined;
}

interface Due {
  has(row: number): boolean;
  /** @returns false when it was not due. */
  take(row: number): boolean;
}

/** A byte for each row of the history would cost each of many keys as much as all of them. */
function dueOf(count: number, rows: Int32Array): Due {
  if (rows.length < count / 16) {
    const left = new Set(rows);
    return { has: (row) => left.has(row), take: (row) => left.delete(row) };
  }
  const left = new Uint8Array(count);
  for (const row of rows) left[row] = 1;
  return {
    has: (row) => left[row] === 1,
    take: (row) => {
      const was = left[row] === 1;
      if (was) left[row] = 0;
      return was;
    },
  };
}

/**
 * Have the rows of a certificate no legal order by themselves? @returns what is wrong with it, or
 * `undefined`. For certificates of a few operations.
 */
export function faultOfCertificate<State>(
  part: Part,
  model: Model<State>,
  certificate: readonly number[],
): string | undefined {
  const known = new Set(part.rows);
  const foreign = certificate.find((row) => !known.has(row));
  if (foreign !== undefined) return `row ${foreign} is not of this part`;
  if (certificate.length > BRUTE_LIMIT) return "too many operations to try all their orders";
  const operations = bruteOperations({ ...part, rows: Int32Array.from(certificate) }, model);
  return bruteLinearizable(operations, model, model.initial)
    ? "its operations have a legal order"
    : undefined;
}

/** The operations of a part as recorded. */
export function bruteOperations<State>(
  { columns, rows }: Part,
  model: Model<State>,
): BruteOperation[] {
  return [...rows].flatMap((row) => {
    const action = actionOfRow(columns, row, model);
    if (action === undefined) return [];
    const optional = columns.status[row] === INFO;
    const completed = optional ? NEVER : (columns.completed[row] as number);
    return [{ action, invoked: columns.invoked[row] as number, completed, optional }];
  });
}
