/** One sentence that stands alone, for each class of violation. */

import type { Operation } from "../../proto/operation.ts";
import { NEVER } from "../history/columns.ts";
import { capital, counted } from "../wording.ts";
import type { Classified } from "./class.ts";
import type { Core, Step } from "./core.ts";
import type { Name } from "./names.ts";
import type { Placeable } from "./order-search.ts";
import { answer, begunAt, brief, endedAt, identity, pairOf, plain, request } from "./words.ts";

export function summaryOf(core: Core, found: Classified, names: readonly Name[]): string {
  const { class: what, unseen } = found;
  const culprit = found.culprit === undefined ? undefined : core.steps[found.culprit];
  const other = found.other === undefined ? undefined : core.steps[found.other];
  const gloss = glossOf(what);
  const orders = `No order of ${counted(core.steps.length, "operation")} on ${plain(core.key)} explains their answers${gloss}.`;
  if (culprit === undefined) return orders;
  const { operation } = culprit;
  const answered = answer(operation, core.key);
  switch (what) {
    case "thin air":
      return `${answered}, which nothing that was asked for could lead to.`;
    case "aborted read":
      return `${answered}, though what would explain it had failed.`;
    case "release without hold":
      return `${released(operation, plain(core.key))} at ${endedAt(operation)}, though it was not held.`;
  }
  const name = names[found.other ?? -1]?.short ?? "";
  if (other !== undefined) return twoOf(core, what, culprit, other, name) ?? missing();
  return culprit.tells
    ? `${answered}, which fits no order of ${core.steps.length} operations${gloss}.`
    : orders;

  function missing(): string {
    if (other === undefined || other.optional)
      return `${answered}, which fits no order with ${name}${gloss}.`;
    const done = other.pure ? "answered" : "acknowledged";
    const ended = `though ${name} had been ${done} at ${endedAt(other.operation)}`;
    const never = unseen === true && what.startsWith("lost");
    return `${answered}, ${ended}${never ? "; nobody ever saw it" : ""}.`;
  }
}

function released({ node, process }: Operation, key: string): string {
  if (node) return `${plain(node)} acknowledged a release of ${key}`;
  return `Process ${process} had a release of ${key} acknowledged`;
}

/** Sentences about two operations that are equals. */
function twoOf(
  core: Core,
  what: string,
  culprit: Step,
  other: Step,
  name: string,
): string | undefined {
  const key = plain(core.key);
  const subject = core.key === "" ? capital(key) : key;
  const [later, earlier] = [culprit.operation, other.operation];
  const answered = answer(later, core.key);
  if (what.startsWith("future "))
    return `${answered}, before ${name} was invoked at ${begunAt(earlier)}.`;
  switch (what) {
    case "double grant": {
      const grants = [earlier, later].map((op) => `to process ${op.process} at ${endedAt(op)}`);
      const released = mayHaveReleased(core, earlier, later);
      return `${subject} was granted ${grants.join(" and ")}, ${released ? "too soon for the releases in between" : "with no release in between"}.`;
    }
    case "lost update":
      return lostUpdate(key, culprit, other);
    case "duplicate":
      return `${subject} gave out ${brief(later.output)} twice: at ${endedAt(earlier)} (${identity(earlier)}) and at ${endedAt(later)} (${identity(later)}).`;
    case "phantom":
    case "duplicate append":
      return `${answered}, as if ${name} had happened twice.`;
    case "reorder":
      return later.f === "dequeue"
        ? `${answered}, though ${name} had been acknowledged before ${brief(later.output)} was put in.`
        : `${answered}, though something else had been put in after ${name}, and not been taken out.`;
    default:
      return undefined;
  }
}

/** Was any release in progress from the one grant to the other? */
function mayHaveReleased({ steps, surroundings }: Core, earlier: Operation, later: Operation) {
  const all: readonly Placeable[] = [...steps, ...(surroundings?.meanwhile ?? [])];
  const from = Math.min(earlier.id, later.id);
  const to = Math.max(earlier.completed ?? NEVER, later.completed ?? NEVER);
  return all.some(
    ({ action, invoked, completed }) =>
      action.f === "release" && action.output !== false && invoked < to && completed > from,
  );
}

function lostUpdate(key: string, culprit: Step, other: Step): string {
  const [old] = pairOf(culprit.action.input) ?? [null];
  const both = [other, culprit].map(
    ({ operation }) => `${request(operation)} (${identity(operation)})`,
  );
  return `Two operations on ${key} each replaced the same ${brief(old)}: ${both.join(" and ")}; one update is lost.`;
}

/** What the procedures of single objects mean by their classes, where no culprit is known. */
export function glossOf(what: string): string {
  const gloss = Object.hasOwn(GLOSSES, what) ? GLOSSES[what] : undefined;
  return gloss === undefined ? "" : `: ${gloss}`;
}

const GLOSSES: Readonly<Record<string, string>> = {
  "circular updates": "each of these updates found what another one of them wrote",
  "double grant": "it is held by more at once than it has permits",
  "duplicate add": "an element was added again as if it had not been there",
  "duplicate remove": "an element was removed again as if it had still been there",
  "future pop": "a value was taken before it was put in",
  "future poll": "a value was taken before it was put in",
  "lost update": "two updates replaced the same value",
  "lost value": "a value was passed over and never taken",
  "missed value": "an update did not find a value that was there all along",
  "refused while free": "it was refused though it was free all along",
  duplicate: "the same was given out once too often",
  "false empty": "it was found empty while something was there all along",
  "future dequeue": "a value was taken before it was put in",
  "future update": "an update found a value that was there only later",
  "lost append": "nothing was found where something had been appended",
  "lost increment": "more was added than the reads counted",
  "lost element": "something that was there was not found",
  "moved value": "a value was found at another place than its own",
  phantom: "more was counted than had been added",
  reorder: "they took effect in another order than that of real time",
  "release without hold": "what was released was not held",
  "skipped number": "too few can have come before to reach this number",
  "skipped offset": "too few can have come before to reach this offset",
  "split answers": "each of two answers lacks what the other one has",
  "split chain": "two chains of updates must each come before the other",
  "split offset": "two values stand at the same place",
  "thin air": "a value that nobody put there",
  "went back": "a count fell",
};
