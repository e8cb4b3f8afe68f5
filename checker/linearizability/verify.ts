/**
 * No verdict of a procedure counts before other code has checked it: an order is replayed on the model, a certificate
 * is decided anew by trying all orders of its operations, or by the general search where they are too many. What does
 * not pass is `unknown`, and loudly so: it is a bug of ours.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, INFO, NEVER, type Part } from "../history/columns.ts";
import type { Decision, Inapplicable } from "../history/decision.ts";
import type { SequentialObject } from "../models/catalogue.ts";
import { type RegisterVerifier, registerVerifier } from "../register/verify.ts";
import { ZONES } from "../register/zones.ts";
import {
  type BruteOperation,
  bruteLinearizable,
  bruteOperations,
  decide,
  faultOfCertificate,
  faultOfOrder,
  type Model,
} from "../search/index.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";

/** Trying all orders of more than this many takes seconds. */
const TRIED = 12;
/** More that was taken without an answer is not looked at. */
const MOST_TAKEN = 200;
/** A longer proof is not decided again. */
const SEARCHED = 2_000;
const BUDGET = { steps: 200_000, remembered: 1_000_000, frontierSteps: 200_000, breadth: 20_000 };

type Definite = Exclude<Decision, Inapplicable>;

export function verified(part: Part, object: SequentialObject, decision: Definite): Definite {
  const fault = faultOf(part, object, decision);
  if (fault === undefined) return decision;
  const claim = decision.verdict === "valid" ? "order" : "refutation";
  const reason =
    typeof fault === "string"
      ? `BUG IN THE CHECKER: the ${claim} that ${decision.route} gave did not pass verification: ${fault}`
      : `${decision.route} refuted it, but this could not be verified: ${fault.unproven}`;
  const window = decision.verdict === "invalid" ? { window: decision.certificate } : {};
  return { verdict: "unknown", route: decision.route, reason, ...window };
}

/** What is wrong with an answer, or why nobody knows; `undefined` when it is right. */
type Fault = string | { readonly unproven: string } | undefined;

const REGISTERS = new WeakMap<Columns, RegisterVerifier>();

function registersOf(columns: Columns): RegisterVerifier {
  const known = REGISTERS.get(columns) ?? registerVerifier(columns);
  REGISTERS.set(columns, known);
  return known;
}

function faultOf(part: Part, object: SequentialObject, decision: Definite): Fault {
  const { model } = object;
  // A register has a verifier of its own, which needs no object for any operation.
  if (decision.route === ZONES) {
    const [{ columns, rows }, initial] = [part, model.initial as Json];
    if (decision.verdict === "valid")
      return registersOf(columns).faultOfOrder(rows, initial, decision.order);
    if (decision.verdict === "invalid")
      return registersOf(columns).faultOfCertificate(rows, initial, decision.certificate);
  }
  if (decision.verdict === "valid") return faultOfOrder(part, model, decision.order);
  if (decision.verdict === "invalid") return faultOfRefutation(part, object, decision.certificate);
  return undefined;
}

/** What is wrong with the claim that these rows refute the whole part. */
export function faultOfRefutation(
  part: Part,
  object: SequentialObject,
  certificate: readonly number[],
): Fault {
  const { model, relaxed, recount } = object;
  const known = new Set(part.rows);
  const foreign = certificate.find((row) => !known.has(row));
  if (foreign !== undefined) return `row ${foreign} is not of this part`;
  if (recount?.(part, certificate) === true) return undefined;
  const prefix = prefixOf(part, model, certificate);
  if (prefix !== undefined && bruteLinearizable(prefix, model, model.initial))
    return "what had happened by then has a legal order";
  const rows = closed(part, model, certificate);
  if (rows.length <= TRIED) return faultOfCertificate(part, model, rows);
  if (rows.length > SEARCHED) return { unproven: `its proof has ${rows.length} operations` };
  const core = { ...part, rows: Int32Array.from(rows) };
  if (relaxed !== undefined && decide(core, relaxed, BUDGET).verdict === "invalid")
    return undefined;
  const again = decide(core, model, BUDGET);
  if (again.verdict === "invalid") return undefined;
  return again.verdict === "valid"
    ? "its operations have a legal order"
    : { unproven: again.reason };
}

/**
 * All that had begun when the last of these was over, where that is little: what refutes the whole has refuted it by
 * then. What was not over by then need not have happened.
 */
function prefixOf(
  { columns, rows }: Part,
  model: Model<unknown>,
  certificate: readonly number[],
): BruteOperation[] | undefined {
  const end = Math.max(...certificate.map((row) => columns.completed[row] ?? 0));
  const begun: number[] = [];
  // Rows stand in the order of their invocations.
  for (const row of rows) {
    if ((columns.invoked[row] ?? 0) > end) break;
    if (begun.length === TRIED) return undefined;
    begun.push(row);
  }
  const prefix = { columns, rows: Int32Array.from(begun) };
  return bruteOperations(prefix, model).map((op) =>
    op.completed > end ? { ...op, optional: true, completed: NEVER } : op,
  );
}

/**
 * The certificate with whatever else could have supplied a value that it reads, or taken one away: without the write of
 * a value, a read of it refutes nothing.
 */
function closed(part: Part, model: Model<unknown>, certificate: readonly number[]): number[] {
  const { columns, rows } = part;
  const all = new Set(certificate);
  if (model.touches === undefined) return [...all];
  const read = new Set<string>();
  let empty = false;
  const note = (row: number): void => {
    const action = actionOfRow(columns, row, model);
    const touch = action === undefined ? undefined : model.touches?.(action);
    if (touch?.reads !== undefined) read.add(canonical(touch.reads));
    else if (touch !== undefined && touch.writes === undefined) empty = true;
  };
  for (const row of certificate) note(row);
  const end = Math.max(...certificate.map((row) => columns.completed[row] ?? 0));
  let taken = 0;
  const writes = (row: number): boolean => {
    if (columns.status[row] === FAIL || all.has(row)) return false;
    const action = actionOfRow(columns, row, model);
    if (action === undefined || model.pure(action)) return false;
    const touch = model.touches?.(action);
    // Who took something without an answer may have taken what should have been found.
    if (columns.status[row] === INFO && touch?.reads === undefined && touch?.writes === undefined)
      return empty && (columns.invoked[row] ?? 0) < end && taken++ < MOST_TAKEN;
    return touch?.writes !== undefined && read.has(canonical(touch.writes));
  };
  for (const row of rows) if (writes(row)) all.add(row);
  return [...all].sort((a, b) => a - b);
}
