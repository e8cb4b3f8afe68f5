/**
 * No verdict of a procedure counts before other code has checked it: an order is replayed on the model, a certificate
 * is decided anew by trying all orders of its operations, or by the general search where they are too many. What does
 * not pass is `unknown`, and loudly so: it is a bug of ours.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, type Part } from "../history/columns.ts";
import type { Decision, Inapplicable, Invalid, Undecided, Valid } from "../history/decision.ts";
import { type RegisterVerifier, registerVerifier } from "../register/verify.ts";
import { ZONES } from "../register/zones.ts";
import { decide, faultOfCertificate, faultOfOrder, type Model } from "../search/index.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";

/** Trying all orders of more than this many takes seconds. */
const TRIED = 12;
const BUDGET = { steps: 200_000, remembered: 1_000_000, frontierSteps: 200_000, breadth: 20_000 };

type Definite = Exclude<Decision, Inapplicable>;

export function verified(part: Part, model: Model<unknown>, decision: Definite): Definite {
  const fault = faultOf(part, model, decision);
  if (fault === undefined) return decision;
  const claim = decision.verdict === "valid" ? "order" : "refutation";
  const reason = `BUG IN THE CHECKER: the ${claim} that ${decision.route} gave did not pass verification: ${fault}`;
  const window = decision.verdict === "invalid" ? { window: decision.certificate } : {};
  return { verdict: "unknown", route: decision.route, reason, ...window };
}

const REGISTERS = new WeakMap<Columns, RegisterVerifier>();

function registersOf(columns: Columns): RegisterVerifier {
  const known = REGISTERS.get(columns) ?? registerVerifier(columns);
  REGISTERS.set(columns, known);
  return known;
}

function faultOf(part: Part, model: Model<unknown>, decision: Valid | Invalid | Undecided) {
  // A register has a verifier of its own, which needs no object for any operation.
  if (decision.route === ZONES) {
    const [{ columns, rows }, initial] = [part, model.initial as Json];
    if (decision.verdict === "valid")
      return registersOf(columns).faultOfOrder(rows, initial, decision.order);
    if (decision.verdict === "invalid")
      return registersOf(columns).faultOfCertificate(rows, initial, decision.certificate);
  }
  if (decision.verdict === "valid") return faultOfOrder(part, model, decision.order);
  if (decision.verdict === "invalid") return faultOfRefutation(part, model, decision.certificate);
  return undefined;
}

/** What is wrong with the claim that these rows refute the whole part, or `undefined`. */
export function faultOfRefutation(
  part: Part,
  model: Model<unknown>,
  certificate: readonly number[],
): string | undefined {
  const known = new Set(part.rows);
  const foreign = certificate.find((row) => !known.has(row));
  if (foreign !== undefined) return `row ${foreign} is not of this part`;
  const rows = closed(part, model, certificate);
  if (rows.length <= TRIED) return faultOfCertificate(part, model, rows);
  const again = decide({ ...part, rows: Int32Array.from(rows) }, model, BUDGET);
  if (again.verdict === "invalid") return undefined;
  return again.verdict === "valid" ? "its operations have a legal order" : again.reason;
}

/**
 * The certificate with whatever else could have supplied a value that it reads: without the write of a value, a read
 * of it refutes nothing.
 */
function closed(part: Part, model: Model<unknown>, certificate: readonly number[]): number[] {
  const { columns, rows } = part;
  const all = new Set(certificate);
  if (model.touches === undefined) return [...all];
  const read = new Set<string>();
  const note = (row: number): void => {
    const action = actionOfRow(columns, row, model);
    const value = action === undefined ? undefined : model.touches?.(action)?.reads;
    if (value !== undefined) read.add(canonical(value));
  };
  for (const row of certificate) note(row);
  const writes = (row: number): boolean => {
    if (columns.status[row] === FAIL || all.has(row)) return false;
    const action = actionOfRow(columns, row, model);
    if (action === undefined || model.pure(action)) return false;
    const value = model.touches?.(action)?.writes;
    return value !== undefined && read.has(canonical(value));
  };
  for (const row of rows) if (writes(row)) all.add(row);
  return [...all].sort((a, b) => a - b);
}
