/** The changes that are told: few, of different kinds, the smallest of each; and their words. */
import type { Change, Tried } from "./changes.ts";
import type { Core, Step } from "./core.ts";
import { answerOf, type Name } from "./names.ts";
import { begunAt, endedAt } from "./words.ts";

const MOST = 3;

/**
 * One answer, one moment, one operation that had not happened or had happened twice. An answer or a moment of what
 * changes nothing, before those of others; an acknowledgement taken back, before an answer.
 */
export function chosen({ steps }: Pick<Core, "steps">, { changes }: Tried): Change[] {
  const told: Change[] = [];
  const pick = (kinds: readonly Change["kind"][], weight: (change: Change) => number): void => {
    const some = changes.filter(({ kind }) => kinds.includes(kind));
    const [best] = some.sort((a, b) => weight(a) - weight(b));
    if (best !== undefined && told.length < MOST && !told.includes(best)) told.push(best);
  };
  const effect = ({ step }: Change): number => Number(steps[step]?.pure === false);
  pick(["answer"], effect);
  pick(["earlier", "later"], (one) => 2 * shiftOf(one) + effect(one));
  const [first] = told;
  const step = first?.kind === "answer" ? steps[first.step] : undefined;
  const takes = step?.pure === false && step.action.f !== "cas";
  const answers = (one: Change): number => Number(steps[one.step]?.tells === true);
  // What was given out twice may have come twice; who was refused has not happened.
  if (takes) pick(["twice"], answers);
  else if (step?.pure !== false) pick(["absent"], answers);
  if (told.length < 2) pick(["absent"], answers);
  if (told.length < 2) pick(["twice"], answers);
  return told;
}

function shiftOf(change: Change): number {
  return "shift" in change ? change.shift : 0;
}

/** The last line of an argument. */
export function remedyOf(core: Core, tried: Tried, names: readonly Name[]): string {
  const changes = chosen(core, tried);
  if (changes.length > 0) return `It would have been valid had ${wordsOf(core, changes, names)}.`;
  if (!tried.complete)
    return "What would have made it valid is not known: not every change could be tried.";
  return "No single change that was tried (another answer, an earlier or later moment, an operation that did not happen or happened twice) would have made it valid.";
}

function wordsOf(core: Core, changes: readonly Change[], names: readonly Name[]): string {
  let text = "";
  for (const [i, change] of changes.entries()) {
    const same = change.step === changes[i - 1]?.step;
    const who = names[change.step]?.full ?? "";
    const link = i === 0 ? `${who} ` : same ? ", or " : `, or had ${who} `;
    text += link + verbOf(core, change);
  }
  return text;
}

function verbOf({ steps }: Core, change: Change): string {
  const step = steps[change.step] as Step;
  switch (change.kind) {
    case "answer":
      if (step.action.f === "cas") return change.answer === false ? "failed" : "succeeded";
      return `returned ${answerOf(step, change.answer)}`;
    case "earlier":
      return `been invoked before ${endedAt((steps[change.past] as Step).operation)}`;
    case "later": {
      const verb = step.tells ? "answered" : "acknowledged";
      return `been ${verb} only after ${begunAt((steps[change.past] as Step).operation)}`;
    }
    case "absent":
      return "not happened";
    case "twice":
      return "happened twice";
  }
}
