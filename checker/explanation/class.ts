/**
 * The class of a violation that only a search found: told from which changes make it legal. An answer that would have
 * been right earlier is stale, one that would be right later comes from the future, one that no state allows from thin
 * air; an acknowledged operation without which all is well is lost; and so on.
 */
import type { Json } from "../../proto/json.ts";
import { FAIL, OK, type Part, UNKNOWN } from "../history/columns.ts";
import { Interner } from "../history/intern.ts";
import { canonical } from "../value.ts";
import type { Change, Tried } from "./changes.ts";
import type { Constraint, Constraints } from "./constraints.ts";
import type { Core, Step } from "./core.ts";
import { writtenIn } from "./projection.ts";
import { possible } from "./reachable.ts";
import { pairOf } from "./words.ts";

/** What was found out about a core. */
export interface Findings {
  readonly core: Core;
  readonly constraints: Constraints;
  readonly tried: Tried;
}

/** Who plays which part: indices into the steps. */
export interface Cast {
  /** Whose answer does not fit. */
  readonly culprit: number | undefined;
  /** What it should have taken into account, or what came only later. */
  readonly other: number | undefined;
  /** Nobody ever saw what `other` did. */
  readonly unseen?: true;
}

export interface Classified extends Cast {
  readonly class: string;
}

export function classify(findings: Findings): Classified {
  for (const rule of RULES) {
    const found = rule(findings);
    if (found !== undefined) return found;
  }
  const culprit = culpritOf(findings);
  return { class: "no legal order", culprit, other: undefined };
}

type Rule = (findings: Findings) => Classified | undefined;

const thinAir: Rule = ({ core }) => {
  const { model, steps, around } = core;
  const culprit = steps.findIndex(
    ({ action, optional, tells }) => tells && !optional && !possible(model, around, action),
  );
  if (culprit < 0 || !isUnheardOf(core, culprit)) return undefined;
  const kind = wasRefused(core, culprit) ? "aborted read" : "thin air";
  return { class: kind, culprit, other: undefined };
};

/** No operation of the whole part leads to it; where they are many, for a value that one of them would have to write. */
function isUnheardOf({ model, steps, part, complete }: Core, step: number): boolean {
  if (complete) return true;
  const reads = model.touches?.((steps[step] as Step).action)?.reads;
  if (reads === undefined) return false;
  const needed = new Interner();
  needed.id(reads);
  return writtenIn(part, needed).size === 0;
}

const doubleGrant: Rule = ({ core: { steps }, tried }) => {
  if (answered(tried).length > 0) return undefined;
  const grants = absentees(tried).filter((step) => steps[step]?.action.f === "acquire");
  const [culprit, other] = [...grants].sort((a, b) => b - a);
  if (culprit !== undefined && other !== undefined)
    return { class: "double grant", culprit, other };
  const release = absentees(tried).find((step) => steps[step]?.action.f === "release");
  return release === undefined
    ? undefined
    : { class: "release without hold", culprit: release, other: undefined };
};

const lostUpdate: Rule = ({ core, tried }) => {
  const updates = [...new Set([...absentees(tried), ...answered(tried)])];
  return sameUpdates(core, updates);
};

/** Two of these steps that replaced the same value. */
export function sameUpdates(
  { steps }: Core,
  among: readonly number[] = [...steps.keys()],
): Classified | undefined {
  const old = (step: number): string | undefined => {
    const { action, pure } = steps[step] as Step;
    const pair = action.f === "cas" && !pure ? pairOf(action.input) : undefined;
    return pair === undefined ? undefined : canonical(pair[0]);
  };
  for (const culprit of among.toSorted((a, b) => b - a)) {
    const value = old(culprit);
    const same = (step: number): boolean => step < culprit && old(step) === value;
    const other = value === undefined ? undefined : among.find(same);
    if (other !== undefined) return { class: "lost update", culprit, other };
  }
  return undefined;
}

/** Given out more often than it was put in, or twice where that is once too often. */
const duplicate: Rule = ({ core: { steps }, tried }) => {
  const given = (step: number): string | undefined => {
    const { pure, tells, action } = steps[step] as Step;
    const says = !pure && tells && (action.output ?? null) !== null;
    return says && typeof action.output !== "boolean"
      ? canonical([action.f, action.output ?? null])
      : undefined;
  };
  for (const culprit of answered(tried)) {
    if (given(culprit) === undefined) continue;
    const same = [...steps.keys()].filter((step) => given(step) === given(culprit));
    const value = canonical(steps[culprit]?.action.output ?? null);
    const puts = steps.filter((one) => isPut(one) && canonical(one.action.input) === value);
    if (same.length === 2 && puts.length < 2)
      return { class: "duplicate", culprit, other: same.find((step) => step !== culprit) };
    const again = ({ kind, step }: Change): boolean =>
      kind === "twice" && puts.some((one) => one === steps[step]);
    if (tried.changes.some(again)) return { class: "duplicate", culprit, other: undefined };
  }
  return undefined;
};

/** First in, and not first out; where values repeat, nobody can tell. */
const reorder: Rule = ({ core: { steps }, constraints: { needed } }) => {
  const both = (kind: (step: Step | undefined) => boolean): readonly Constraint[] =>
    needed.filter(({ before, after }) => kind(steps[before]) && kind(steps[after]));
  const [takes, puts] = [both(isTake), both(isPut)];
  const inputs = steps.filter(isPut).map(({ action }) => canonical(action.input));
  const output = (step: number): string => canonical(steps[step]?.action.output ?? null);
  const input = (step: number): string => canonical(steps[step]?.action.input ?? null);
  if (new Set(inputs).size < inputs.length || takes.length === 0) return undefined;
  for (const take of takes)
    for (const put of puts) {
      if (steps[take.before]?.action.f === "poll") continue;
      const crossed =
        steps[take.before]?.action.f === "dequeue"
          ? output(take.before) === input(put.after) && output(take.after) === input(put.before)
          : output(take.before) === input(put.before) && output(take.after) === input(put.after);
      if (crossed) return { class: "reorder", culprit: take.before, other: put.before };
    }
  return undefined;
};

/** An empty answer, or `false`, though something was there. */
const missed: Rule = (findings) => {
  const { steps, part } = findings.core;
  const culprit = culpritOf(findings);
  const step = culprit === undefined ? undefined : steps[culprit];
  if (step === undefined || !isTake(step) || step.action.output !== null) return undefined;
  const lost = absentees(findings.tried).find(
    (put) => isPut(steps[put]) && !isAnswered(part, steps[put]?.action.input),
  );
  const put = lost ?? steps.findIndex((one) => isPut(one) && one.operation.status === "ok");
  const other = put < 0 ? undefined : put;
  if (lost === undefined) return { class: "false empty", culprit, other };
  return { class: "lost element", culprit, other, unseen: true };
};

/** An answer that would have been right at another time. */
const misplaced: Rule = (findings) => {
  const { core, tried, constraints } = findings;
  const culprit = culpritOf(findings);
  if (culprit === undefined) return undefined;
  const moves = tried.changes.filter((one) => one.step === culprit && "shift" in one);
  const [move] = moves.sort((a, b) => ("shift" in a && "shift" in b ? a.shift - b.shift : 0));
  const into = constraints.needed.filter(({ after }) => after === culprit).at(-1)?.before;
  if (move?.kind === "later")
    return { class: `future ${noun(core, culprit)}`, culprit, other: move.past };
  if (move?.kind !== "earlier") return undefined;
  const source = into === undefined ? undefined : core.steps[into];
  if (source?.pure === true) return { class: "new-old inversion", culprit, other: into };
  const lost = absentees(tried).find((step) => !isSeenAfter(core, step));
  if (lost !== undefined && core.steps[culprit]?.pure === true)
    return { class: `lost ${core.steps[lost]?.action.f}`, culprit, other: lost, unseen: true };
  return { class: `stale ${noun(core, culprit)}`, culprit, other: into ?? move.past };
};

/** More than can have happened, or less. */
const miscounted: Rule = ({ core, tried }) => {
  const says = ({ pure, action }: Step): boolean =>
    pure && typeof action.output !== "boolean" && action.output !== null;
  const culprit = answered(tried).find((step) => says(core.steps[step] as Step));
  if (culprit === undefined) return undefined;
  const twice = tried.changes.find(({ kind }) => kind === "twice");
  if (twice !== undefined) {
    const appended = core.steps[twice.step]?.action.f === "append";
    return { class: appended ? "duplicate append" : "phantom", culprit, other: twice.step };
  }
  const [other] = absentees(tried);
  return other === undefined
    ? undefined
    : { class: `lost ${core.steps[other]?.action.f}`, culprit, other };
};

const RULES: readonly Rule[] = [
  thinAir,
  doubleGrant,
  lostUpdate,
  duplicate,
  reorder,
  missed,
  misplaced,
  miscounted,
];

/** Whose answer does not fit: one that changes nothing, before others; the latest of them. */
export function culpritOf({ core: { steps }, tried }: Findings): number | undefined {
  const all = answered(tried);
  return all.find((step) => steps[step]?.pure === true) ?? all[0];
}

/** Steps that would only have had to answer otherwise, the latest first. */
function answered({ changes }: Tried): number[] {
  return changes.filter(({ kind }) => kind === "answer").map(({ step }) => step);
}

/** Steps that would only have had to not happen, the latest first. */
export function absentees({ changes }: Tried): number[] {
  return changes.filter(({ kind }: Change) => kind === "absent").map(({ step }) => step);
}

function isTake(step: Step | undefined): boolean {
  return ["dequeue", "pop", "poll"].includes(step?.action.f ?? "");
}

function isPut(step: Step | undefined): boolean {
  return ["enqueue", "push", "insert"].includes(step?.action.f ?? "");
}

function noun({ steps }: Core, step: number): string {
  const { f, input } = (steps[step] as Step).action;
  return f === "get" || f === "contains" || (f === "read" && input === null) ? "read" : f;
}

/** Does the answer show what a failed operation would have put there? Sums show nothing. */
function wasRefused({ steps, bystanders, part: { columns, rows } }: Core, step: number): boolean {
  const { output } = (steps[step] as Step).action;
  if (output === undefined || output === null || typeof output === "boolean") return false;
  const tells = (f: string): boolean => typeof output !== "number" || f !== "add";
  if (bystanders.some(({ input, f }) => tells(f) && shows(output, input))) return true;
  const id = columns.values.find(output);
  return rows.some((row) => {
    const f = columns.kinds[columns.f[row] as number] ?? "";
    return columns.status[row] === FAIL && columns.input[row] === id && tells(f);
  });
}

/** Somebody was given this value. */
function isAnswered({ columns, rows }: Part, value: Json | undefined): boolean {
  const id = value === undefined ? UNKNOWN : columns.values.find(value);
  return rows.some((row) => columns.status[row] === OK && columns.output[row] === id);
}

/** Did anybody see what this step put there, or may something else have replaced it? */
function isSeenAfter({ steps, part: { columns, rows } }: Core, step: number): boolean {
  const { action, invoked } = steps[step] as Step;
  if (!SHOWS.has(action.f)) return true;
  const seen = new Map<number, boolean>();
  const input = columns.values.find(action.input);
  return rows.some((row) => {
    const [id, f] = [columns.output[row] as number, columns.kinds[columns.f[row] as number] ?? ""];
    if (columns.invoked[row] === invoked || (columns.completed[row] as number) < invoked)
      return false;
    if (columns.status[row] !== FAIL && REPLACES.has(f)) return true;
    if (columns.status[row] !== OK || id === UNKNOWN) return false;
    const output = columns.values.valueOf(id);
    // What a sum shows, nobody can tell.
    if (typeof output === "number" && action.f === "add") return true;
    if (output === true) return columns.input[row] === input;
    if (!seen.has(id)) seen.set(id, shows(output, action.input));
    return seen.get(id) === true;
  });
}

/** Kinds whose effect can be told from an answer. */
const SHOWS: ReadonlySet<string> = new Set(["write", "put", "append", "add"]);

/** Kinds after which an earlier effect need not show any more. */
const REPLACES: ReadonlySet<string> = new Set(["write", "put", "cas", "swap", "remove"]);

function shows(output: Json, input: Json): boolean {
  if (input === null || input === "") return false;
  if (typeof output === "string" && typeof input === "string") return output.includes(input);
  if (typeof output !== "object" || typeof input !== "object")
    return Array.isArray(output) ? (output as Json[]).includes(input) : output === input;
  return canonical(output) === canonical(input);
}
