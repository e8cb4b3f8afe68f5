/** How one explanation calls its operations. */
import type { Json } from "../../proto/json.ts";
import type { Core, Step } from "./core.ts";
import { brief, identity, phrase, plain } from "./words.ts";

export interface Name {
  /** `enqueue 4`, with the number of the operation where two would be alike: for the middle of a thought. */
  readonly short: string;
  /** `enqueue 4 (op 12, process 3, n1)`. */
  readonly full: string;
}

/** By step. */
export function namesOf({ model, steps }: Core): Name[] {
  const phrases = steps.map(({ operation, action, tells }) =>
    model.describe === undefined ? phrase(operation, tells) : plain(model.describe(action)),
  );
  const count = new Map<string, number>();
  for (const text of phrases) count.set(text, (count.get(text) ?? 0) + 1);
  return steps.map(({ operation }, i) => {
    const text = phrases[i] ?? "";
    const short = count.get(text) === 1 ? text : `${text} (op ${operation.id})`;
    return { short, full: `${text} (${identity(operation)})` };
  });
}

/** An answer that the step might have given, with the elements that the core does not speak of. */
export function answerOf({ gone }: Step, answer: Json): string {
  return brief(Array.isArray(answer) ? [...(answer as Json[]), ...gone] : answer);
}
