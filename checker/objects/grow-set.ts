/**
 * Linearizability of a set that only grows and is read as a whole, where no element is added twice: exact, in the time
 * of all that was read.
 *
 * The answers of the reads must form a chain of inclusions; an element was added between the last answer without it
 * and the first one with it. That leaves one order of blocks (the reads of one answer, the elements that are new in the
 * next), which only has to keep real time. Every contradiction is one of at most two elements and two reads.
 *
 * A certificate may leave out elements, with their adds and in all answers, and reads.
 */
import type { Json } from "../../proto/json.ts";
import { NEVER, type Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { type Acts, actsOf, at, failedRow, inapplicable, invalid, valid } from "./acts.ts";
import { rankOrder } from "./rank-order.ts";

const GROW_SET = "grow-set";
const ADD = 0;

/** One distinct answer, with a read that gave it. */
interface Answer {
  readonly read: number;
  /** The adds of its elements. */
  readonly adds: Int32Array;
  /** Its place in the chain; answers of the same elements share one. */
  place: number;
}

/** `add` (input v) and `read` (output: an array of values in any order). The set is empty at first. */
export function decideGrowSet(part: Part): Decision {
  const acts = actsOf(part, ["add"], ["read"]);
  if (typeof acts === "string") return inapplicable(GROW_SET, acts);
  const adds = new Map<number, number>();
  const no = part.columns.values.find(false);
  for (let op = 0; op < acts.count; op++) {
    if (at(acts.kind, op) !== ADD) continue;
    if (acts.output[op] === no)
      return inapplicable(GROW_SET, "an add says that it changed nothing");
    if (adds.has(at(acts.input, op))) return inapplicable(GROW_SET, "an element is added twice");
    adds.set(at(acts.input, op), op);
  }
  const answers = new Map<number, Answer>();
  // The last read that listed each element.
  const listed = new Int32Array(acts.count).fill(-1);
  for (let op = 0; op < acts.count; op++) {
    if (at(acts.kind, op) === ADD || answers.has(at(acts.output, op))) continue;
    const answer = answerOf(acts, op, adds, listed);
    if (typeof answer === "string") return inapplicable(GROW_SET, answer);
    if ("verdict" in answer) return answer;
    answers.set(at(acts.output, op), answer);
  }
  return chainUp(acts, answers);
}

function answerOf(
  acts: Acts,
  read: number,
  adds: ReadonlyMap<number, number>,
  listed: Int32Array,
): Answer | Decision | string {
  const { values } = acts.part.columns;
  const elements = values.valueOf(at(acts.output, read)) as readonly Json[];
  if (!Array.isArray(elements)) return "a read does not answer an array";
  const found = new Int32Array(elements.length);
  for (let i = 0; i < elements.length; i++) {
    const id = values.find(elements[i] ?? null) ?? -1;
    const add = adds.get(id);
    if (add === undefined) {
      const row = at(acts.row, read);
      const failed = failedRow(acts.part, "add", id);
      return failed === undefined
        ? invalid(GROW_SET, "thin air", [row])
        : invalid(GROW_SET, "aborted read", [row, failed]);
    }
    if (at(listed, add) === read) return "a read lists an element twice";
    listed[add] = read;
    found[i] = add;
  }
  return { read, adds: found, place: -1 };
}

/** Every answer must contain the one before it; `first` is the first place at which an element is seen. */
function chainUp(acts: Acts, answers: ReadonlyMap<number, Answer>): Decision {
  const first = new Int32Array(acts.count).fill(-1);
  const sorted = [...answers.values()].sort((a, b) => a.adds.length - b.adds.length);
  const chain: Answer[] = [];
  let known = 0;
  for (const answer of sorted) {
    const fresh = answer.adds.filter((add) => at(first, add) < 0);
    const last = chain.at(-1);
    if (last !== undefined && answer.adds.length - fresh.length < known) {
      const missing = [...last.adds].find((add) => !answer.adds.includes(add)) ?? 0;
      const ops = [last.read, answer.read, missing, at(fresh, 0)];
      return invalid(
        GROW_SET,
        "split answers",
        ops.map((op) => at(acts.row, op)),
      );
    }
    if (fresh.length > 0 || last === undefined) chain.push(answer);
    answer.place = chain.length - 1;
    known += fresh.length;
    for (const add of fresh) first[add] = answer.place;
  }
  // Adds of place p stand before the reads of place p; what nobody saw stands last, if it happened at all.
  const spot = new Int32Array(acts.count);
  for (let op = 0; op < acts.count; op++) {
    const unseen = at(first, op) < 0;
    if (at(acts.kind, op) !== ADD)
      spot[op] = 2 * (answers.get(at(acts.output, op))?.place ?? 0) + 1;
    else if (unseen && acts.end[op] === NEVER) spot[op] = NEVER;
    else spot[op] = 2 * (unseen ? chain.length : at(first, op));
  }
  return keepTime(acts, chain, spot);
}

/** The only order left, against real time. */
function keepTime(acts: Acts, chain: readonly Answer[], spot: Int32Array): Decision {
  const { begin, end, kind, row } = acts;
  const order = rankOrder(spot).filter((op) => spot[op] !== NEVER);
  let latest = -1;
  for (const op of order) {
    if (latest >= 0 && at(end, op) < at(begin, latest)) {
      const ops = [op, latest];
      const both = `${at(kind, latest) === ADD ? "add" : "read"} ${at(kind, op) === ADD ? "add" : "read"}`;
      const between = chain[at(spot, latest) >> 1];
      if (both === "add add" && between !== undefined) ops.push(between.read);
      const fresh = chain[at(spot, op) >> 1]?.adds.find((add) => at(spot, add) > at(spot, latest));
      if (both === "read read" && fresh !== undefined) ops.push(fresh);
      return invalid(
        GROW_SET,
        CLASSES[both] ?? "out of order",
        ops.map((one) => at(row, one)),
      );
    }
    if (latest < 0 || at(begin, op) > at(begin, latest)) latest = op;
  }
  return valid(
    GROW_SET,
    order.map((op) => at(row, op)),
  );
}

/** What stands earlier in the order, and what had ended before it began. */
const CLASSES: Readonly<Record<string, string>> = {
  "add read": "future read",
  "read add": "lost add",
  "read read": "stale read",
  "add add": "lost add",
};
