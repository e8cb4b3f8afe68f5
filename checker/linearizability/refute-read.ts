/**
 * Why a read cannot be right whatever the order: nothing that happened before its answer could have
 * supplied it.
 */
import type { Operation } from "../../proto/operation.ts";
import { canonical } from "../value.ts";
import type { Certificate } from "./certificate.ts";

/**
 * `read` returned a value that no effective write invoked before its completion had; `operations`
 * are its key's.
 */
export function refuteRead(read: Operation, operations: readonly Operation[]): Certificate {
  const value = canonical(read.output ?? null);
  const writes = operations.filter((op) => op.f === "write" && canonical(op.input) === value);
  const failed = writes.find((op) => op.status === "fail");
  const later = writes.find((op) => op.status !== "fail");
  if (failed !== undefined)
    return { class: "aborted read", read, write: failed, operations: [failed, read] };
  if (later !== undefined)
    return { class: "future read", read, write: later, operations: [read, later] };
  return { class: "thin air", read, operations: [read] };
}
