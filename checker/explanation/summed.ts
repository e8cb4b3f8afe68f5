/** A violation without experiments: too many operations, or an object that no model was given for. */
import type { Operation } from "../../proto/operation.ts";
import { capital, counted } from "../wording.ts";
import { renamedOf } from "./general.ts";
import { glossOf } from "./summary.ts";
import type { Text } from "./text.ts";
import { begunAt, endedAt, identity, phrase, plain } from "./words.ts";

/** Operations that are told one by one. */
const TOLD = 12;

/** @param all how many operations the certificate has. */
export function summed(
  given: string,
  key: string,
  operations: readonly Operation[],
  all: number,
): Text {
  const kind = renamedOf(given);
  const told = operations.slice(0, TOLD);
  const rest = all - told.length;
  const more = rest > 0 ? [`${rest} more operations belong to this.`] : [];
  return {
    class: kind,
    summary: `No order of ${counted(all, "operation")} on ${plain(key)} explains their answers${glossOf(kind)}.`,
    argument: [
      ...told.map(lineOf),
      ...more,
      "An operation that was answered before another was invoked must come before it.",
      "No order that respects this explains all their answers.",
    ],
    remedy: "What would have made it valid was not tried out.",
  };
}

function lineOf(op: Operation): string {
  const begun = `${capital(phrase(op, true))} (${identity(op)}) was invoked at ${begunAt(op)}`;
  if (op.status === "info") return `${begun}; its outcome is unknown.`;
  return `${begun} and ${op.status === "ok" ? "answered" : "failed"} at ${endedAt(op)}.`;
}
