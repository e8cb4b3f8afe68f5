/**
 * Checks what the engines claim, from the recorded operations alone and with other means than
 * theirs. A verdict that does not pass here is worth nothing: the caller turns it into `unknown`.
 */
import type { Operation } from "../../proto/operation.ts";
import type { Model } from "../models/model.ts";
import { canonical } from "../value.ts";
import { bruteLinearizable } from "./brute.ts";
import type { Certificate } from "./certificate.ts";

/**
 * Is `order` a linearization of the operations of one key? @returns what is wrong with it, or
 * `undefined`. Legal in sequence; real time kept (nothing is placed after an operation that was
 * invoked once it was answered); every acknowledged operation present, once; nothing that failed.
 */
export function faultOfOrder(
  order: readonly Operation[],
  operations: readonly Operation[],
  model: Model,
): string | undefined {
  const known = new Set(operations);
  const placed = new Set<Operation>();
  let state = model.initial;
  let latestInvocation = -1;
  for (const op of order) {
    if (!known.has(op) || op.status === "fail") return `op ${op.id} does not belong in the order`;
    if (placed.has(op)) return `op ${op.id} occurs twice`;
    placed.add(op);
    if (op.completed !== undefined && op.completed < latestInvocation)
      return `op ${op.id} is placed after an operation that began once it was over`;
    latestInvocation = Math.max(latestInvocation, op.id);
    const next = model.step(state, op);
    if (next === undefined) return `op ${op.id} cannot have happened where it is placed`;
    state = next;
  }
  const missing = operations.find((op) => op.status === "ok" && !placed.has(op));
  return missing === undefined ? undefined : `op ${missing.id} was acknowledged and is missing`;
}

/** What is wrong with a certificate, or `undefined`. */
export type CertificateVerifier = (certificate: Certificate) => string | undefined;

/**
 * Verifies whether certificates refute the operations of one key. A certificate must be a part of
 * them, closed (each write that could have supplied one of its reads belongs to it), and have no
 * legal order, which is decided anew by trying all.
 */
export function certificateVerifier(
  operations: readonly Operation[],
  model: Model,
): CertificateVerifier {
  const known = new Set(operations);
  const writers = writersOf(operations);
  return (certificate) => {
    const part = new Set(certificate.operations);
    const foreign = certificate.operations.find((op) => !known.has(op));
    if (foreign !== undefined) return `op ${foreign.id} is not of this key`;
    const open = certificate.operations.find((op) => hasWriterOutside(op, part, writers));
    if (open !== undefined)
      return `the read op ${open.id} has a possible writer outside the certificate`;
    const order = bruteLinearizable(certificate.operations, model);
    if (order === undefined) return `${part.size} operations are too many to try all their orders`;
    return order ? "its operations have a legal order" : undefined;
  };
}

function writersOf(operations: readonly Operation[]): Map<string, Operation[]> {
  const writers = new Map<string, Operation[]>();
  for (const op of operations) {
    if (op.f !== "write" || op.status === "fail") continue;
    const value = canonical(op.input);
    const others = writers.get(value);
    if (others === undefined) writers.set(value, [op]);
    else others.push(op);
  }
  return writers;
}

/** A read whose value could have come from a write that is not in the part. */
function hasWriterOutside(
  read: Operation,
  part: ReadonlySet<Operation>,
  writers: ReadonlyMap<string, readonly Operation[]>,
): boolean {
  const end = read.completed;
  if (read.f !== "read" || read.output === undefined || end === undefined) return false;
  const possible = writers.get(canonical(read.output)) ?? [];
  return possible.some((write) => write.id < end && !part.has(write));
}
