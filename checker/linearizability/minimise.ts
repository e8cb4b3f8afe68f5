/**
 * From a refuted history to a small refuted part of it. Every candidate is closed (the reads in it
 * keep every write that could have supplied them), so that refuting the part refutes the whole;
 * every step is decided anew by search, within a budget, so the result is small but not always
 * smallest.
 */
import type { Operation } from "../../proto/operation.ts";
import type { Model } from "../models/model.ts";
import { canonical } from "../value.ts";
import type { Certificate } from "./certificate.ts";
import { refuteRead } from "./refute-read.ts";
import { search } from "./search.ts";
import { zones } from "./zones.ts";

const STEPS_FOR_ONE = 20_000;
const STEPS_FOR_ALL = 500_000;
/**
 * A decision costs at least the reading of the part, so that attempts over long histories stay
 * bounded as well.
 */
const READINGS_FOR_ALL = 5_000_000;

/** A refuted part of the operations of one register, as refuted up to the event `until`. */
export function minimise(
  operations: readonly Operation[],
  until: number,
  model: Model,
): Certificate {
  const shrunk = shrink(prefix(model.relevant(operations), until), model);
  const decided = zones(shrunk, model.initial);
  const certificate = decided?.linearizable === false ? decided.certificates[0] : undefined;
  // Only the whole history can tell whether the value was written elsewhere: later, or by a write
  // that failed.
  if (certificate?.class === "thin air") return refuteRead(certificate.read, operations);
  if (certificate !== undefined) return certificate;
  return { class: "no legal order", operations: shrunk };
}

/** What had begun by `until`, without the reads that were not answered by then. */
function prefix(operations: readonly Operation[], until: number): Operation[] {
  return operations.filter(
    (op) =>
      op.id < until && (op.f === "write" || (op.completed !== undefined && op.completed <= until)),
  );
}

function shrink(operations: readonly Operation[], model: Model): readonly Operation[] {
  let part = operations;
  let steps = 0;
  let readings = 0;
  const attempt = (smaller: readonly Operation[]): boolean => {
    if (smaller.length === part.length || steps > STEPS_FOR_ALL || readings > READINGS_FOR_ALL)
      return false;
    readings += smaller.length;
    const result = search(smaller, model, STEPS_FOR_ONE);
    steps += result.steps;
    if (result.found !== "none") return false;
    part = prefix(smaller, result.until);
    return true;
  };
  for (const value of new Set(operations.map(valueIn)))
    attempt(part.filter((op) => valueIn(op) !== value));
  // Dropping one operation may make another superfluous: until nothing changes.
  for (let before = -1; before !== part.length; ) {
    before = part.length;
    for (const op of [...part].reverse()) if (part.includes(op)) attempt(without(part, op));
  }
  return part;
}

function valueIn(op: Operation): string {
  return canonical(op.f === "write" ? op.input : (op.output ?? null));
}

/** Without a read; or without a write and the reads that it could have supplied. */
function without(part: readonly Operation[], op: Operation): Operation[] {
  const supplied = (other: Operation): boolean =>
    op.f === "write" &&
    other.f === "read" &&
    valueIn(other) === valueIn(op) &&
    other.completed !== undefined &&
    op.id < other.completed;
  return part.filter((other) => other !== op && !supplied(other));
}
