/** The explanation of a violation of any object: by experiments on the certificate, or in general words without them. */
import type { Operation } from "../../proto/operation.ts";
import { capital } from "../wording.ts";
import { tryChanges } from "./changes.ts";
import { type Classified, classify, type Findings, sameUpdates } from "./class.ts";
import { type Constraint, type Constraints, constraintsOf } from "./constraints.ts";
import type { Core, Step } from "./core.ts";
import { type Name, namesOf } from "./names.ts";
import { remedyOf } from "./remedy.ts";
import { summaryOf } from "./summary.ts";
import type { Text } from "./text.ts";
import { walk } from "./walk.ts";
import { begunAt, endedAt, identity, phrase } from "./words.ts";

/** @param given what the procedure calls it; `no legal order` when it does not know. */
export function general(core: Core, given: string): Text {
  const tried = tryChanges(core);
  const constraints = constraintsOf(core);
  const findings: Findings = { core, constraints, tried };
  const names = namesOf(core);
  const found = nameOf(findings, given);
  return {
    class: found.class,
    summary: summaryOf(core, found, names),
    argument: [
      ...bystandersOf(core),
      ...few(rest(core, constraints, names), (more) => `${more} more operations belong to this.`),
      ...few(
        linesOf(core, constraints, names),
        (more) => `So must ${more} more pairs, each of which was over before the other began.`,
      ),
      ...meanwhileOf(core),
      ...walk(core, constraints, names),
    ],
    remedy: remedyOf(core, tried, names),
  };
}

/** Lines of one kind that a person reads. */
const MOST_LINES = 10;

function few(lines: readonly string[], more: (count: number) => string): string[] {
  if (lines.length <= MOST_LINES) return [...lines];
  return [...lines.slice(0, MOST_LINES - 1), more(lines.length - MOST_LINES + 1)];
}

function bystandersOf({ bystanders }: Core): string[] {
  return bystanders.map((op) => {
    const name = `${phrase(op, false)} (${identity(op)})`;
    return `${introduced(op, name)} and failed: it did not happen.`;
  });
}

/** Who is in no constraint. */
function rest({ steps }: Core, { needed }: Constraints, names: readonly Name[]): string[] {
  const mentioned = new Set(needed.flatMap(({ before, after }) => [before, after]));
  return steps.flatMap((step, i) =>
    mentioned.has(i) ? [] : [`${introduced(step.operation, names[i]?.full ?? "")}${endOf(step)}.`],
  );
}

function linesOf(core: Core, { needed }: Constraints, names: readonly Name[]): string[] {
  return needed.map((one) => lineOf(core, one, names));
}

/** What else was going on, where other operations are left out. */
function meanwhileOf({ surroundings, steps, part }: Core): string[] {
  const all = steps.length === part.rows.length;
  const at = (rank: number): string =>
    endedAt(steps.find(({ completed }) => completed === rank)?.operation);
  if (surroundings === undefined || all || surroundings.to <= surroundings.from) return [];
  const { meanwhile = [], from, to } = surroundings;
  const span = `from ${at(from)} to ${at(to)}`;
  if (meanwhile.length === 0)
    return [`Nothing else that bears on these answers was in progress ${span}.`];
  const many =
    meanwhile.length === 1 ? "One other operation was" : `${meanwhile.length} others were`;
  return [`${many} in progress ${span}; with them there is no order either.`];
}

/** The procedures of single objects know their classes; experiments tell who plays which part. */
function nameOf(findings: Findings, given: string): Classified {
  const found = classify(findings);
  const { steps } = findings.core;
  const renamed = renamedOf(given);
  const finer = renamed === "false empty" && found.class === "lost element";
  if (given === "no legal order" || renamed === found.class || finer) return found;
  const updates = renamed === "lost update" ? sameUpdates(findings.core) : undefined;
  if (updates !== undefined) return updates;
  const empty = steps.findIndex((one) => one.tells && one.action.output === null);
  if (renamed === "false empty" && found.culprit === undefined && empty >= 0)
    return { class: renamed, culprit: empty, other: undefined };
  const same = familyOf(renamed) === familyOf(found.class);
  return { ...found, class: renamed, other: same ? found.other : undefined };
}

/** What is missing in an answer, in one of many words; all others by themselves. */
function familyOf(kind: string): string {
  return /^(stale|lost|false empty|missed)/.test(kind) ? "missing" : (kind.split(" ")[0] ?? kind);
}

/** One name for the same thing, whoever found it. */
export function renamedOf(given: string): string {
  return (
    RENAMED.get(given) ?? given.replace(/^duplicate (dequeue|pop|poll|number|offset)$/, "duplicate")
  );
}

const RENAMED: ReadonlyMap<string, string> = new Map([
  ["held at once", "double grant"],
  ["out of order", "reorder"],
  ["missed element", "lost element"],
  ["empty while not", "false empty"],
  ["phantom increment", "phantom"],
]);

function introduced(op: Operation, name: string): string {
  return `${capital(name)} was invoked at ${begunAt(op)}`;
}

function endOf({ operation, optional, tells }: Step): string {
  if (optional) return "; its outcome is unknown: it happened some time later, or not at all";
  return ` and ${tells ? "answered" : "acknowledged"} at ${endedAt(operation)}`;
}

function lineOf({ steps }: Core, { before, after }: Constraint, names: readonly Name[]): string {
  const [a, b] = [steps[before] as Step, steps[after] as Step];
  const ended = `${a.tells ? "answered" : "acknowledged"} at ${endedAt(a.operation)}`;
  return (
    `${capital(names[before]?.full ?? "")} must come before ${names[after]?.full}: ` +
    `the former was ${ended}, the latter invoked only afterwards, at ${begunAt(b.operation)}.`
  );
}
