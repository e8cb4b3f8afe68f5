/**
 * The orders tried out, in words: which operations can come first, one after the other, and where each way ends. Only
 * the constraints that were named are used, so that every line can be followed.
 */
import { capital } from "../wording.ts";
import { answersFor } from "./answers.ts";
import type { Constraints } from "./constraints.ts";
import type { Core, Step } from "./core.ts";
import { answerOf, type Name } from "./names.ts";
import { listed, plain } from "./words.ts";

/** More lines are not read. */
const MOST_LINES = 7;
/** More operations in a row are not, either. */
const LONGEST = 12;
const MOST_STATES = 400;

interface End {
  readonly path: readonly number[];
  /** Which operations could come next if their answers fitted. */
  readonly stuck: readonly number[];
  readonly state: unknown;
}

/** @returns lines that end in the contradiction. */
export function walk(core: Core, constraints: Constraints, names: readonly Name[]): string[] {
  const anywhere = core.starts.length > 1;
  const last = `No order of the operations on ${plain(core.key)} explains all their answers.`;
  const ends = endsOf(core, constraints);
  const begun = anywhere ? ends?.filter(({ path }) => path.length > 0) : ends;
  const lines = [...new Set(begun?.map((end) => capital(lineOf(core, end, names))))];
  const long = begun?.some(({ path }) => path.length > LONGEST) ?? true;
  if (ends === undefined || long || lines.length > MOST_LINES)
    return [`All orders that respect this were tried${anywhere ? `, ${FROM}` : ""}.`, last];
  if (!anywhere) return [...lines, last];
  if (lines.length === 0) return ["Whatever came before, none of these can come first.", last];
  return [
    "What came before is left open. Where one of these can come first at all:",
    ...lines,
    last,
  ];
}

const FROM = "whatever may have come before";

/** Every way to its end; those that lead to where another one was already are not told again. */
function endsOf(core: Core, { relation }: Constraints): End[] | undefined {
  const { steps, model } = core;
  const count = steps.length;
  const must = (i: number, j: number): boolean => relation[i * count + j] === 1;
  const ends: End[] = [];
  const seen = new Set<string>();
  const open = core.starts.map((state): End => ({ path: [], stuck: [], state })).reverse();
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { path, state } = top;
    const key = `${[...path].sort((a, b) => a - b).join()} ${model.stateKey(state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MOST_STATES) return undefined;
    const ready = [...steps.keys()].filter(
      (i) => !path.includes(i) && steps.every((_, k) => !must(k, i) || path.includes(k)),
    );
    const next = ready.flatMap((i) => {
      const after = model.step(state, (steps[i] as Step).action);
      return after === undefined ? [] : [{ i, after }];
    });
    const eager = next.find(({ i }) => (steps[i] as Step).pure && steps[i]?.optional === false);
    const chosen = eager === undefined ? next.reverse() : [eager];
    for (const { i, after } of chosen) open.push({ path: [...path, i], stuck: [], state: after });
    if (next.length === 0) ends.push({ path, state, stuck: ready });
  }
  return ends;
}

function lineOf(core: Core, { path, stuck, state }: End, names: readonly Name[]): string {
  const due = stuck.filter((i) => core.steps[i]?.optional === false);
  const reasons = listed(due.map((i) => `${names[i]?.short} ${reasonOf(core, i, state)}`));
  if (path.length === 0) return `nothing can come first: ${reasons}.`;
  return `after ${listed(path.map((i) => names[i]?.short ?? ""))}, ${reasons}.`;
}

/** Why the operation cannot happen in this state: the answer that it would have to give. */
function reasonOf(core: Core, i: number, state: unknown): string {
  const step = core.steps[i] as Step;
  const { f } = step.action;
  const other = answersFor({ ...core, states: [state] }, i)[0];
  if (f === "cas") return step.action.output === false ? "would succeed" : "would fail";
  if (f === "acquire") return "would have to wait";
  if (f === "release") return "would have nothing to release";
  if (other === undefined || !step.tells) return "cannot be next";
  return `would have to return ${answerOf(step, other)}`;
}
