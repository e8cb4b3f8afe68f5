/**
 * How an explanation speaks of one operation, of any object: what it did, who asked and when, in so few characters that
 * a sentence stays one. Histories of other tools have no times and no nodes: there the order of events and the process
 * take their place.
 */
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { seconds } from "../wording.ts";

/** Characters of a value in a sentence, about. */
const WIDEST = 80;
const DEEPEST = 6;

/** A value as JSON; what is longer than a sentence bears is cut off. Never throws, however deep the value is. */
export function brief(value: Json | undefined): string {
  if (value === undefined) return "an unknown value";
  const text = printed(value, DEEPEST, WIDEST + 1);
  return text.length > WIDEST ? `${whole(text, WIDEST - 1)}…` : text;
}

function printed(value: Json, depth: number, room: number): string {
  if (typeof value === "string") return JSON.stringify(whole(value, room));
  if (typeof value !== "object" || value === null) return String(value);
  const list = Array.isArray(value);
  if (depth === 0) return list ? "[…]" : "{…}";
  let text = list ? "[" : "{";
  const entries = list ? (value as readonly Json[]).entries() : Object.entries(value);
  let first = true;
  for (const [name, inner] of entries) {
    if (text.length > room) return text;
    text += `${first ? "" : ","}${list ? "" : `${JSON.stringify(whole(String(name), room))}:`}`;
    text += printed(inner as Json, depth - 1, room - text.length);
    first = false;
  }
  return text + (list ? "]" : "}");
}

/** The beginning of a text, without half a character at its end. */
function whole(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length);
  const code = text.charCodeAt(end - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? end - 1 : end);
}

/** The name of a key, a node or a kind of operation, which a stranger may have chosen, or left out. */
export function plain(text: string): string {
  if (text === "") return "the object";
  const clean = Array.from(whole(text, WIDEST + 1), (one) => (isControl(one) ? "?" : one)).join("");
  return clean.length > WIDEST ? `${whole(clean, WIDEST - 1)}…` : clean;
}

function isControl(character: string): boolean {
  return character < " " || (character >= "\u007f" && character <= "\u009f");
}

/** `1.200 s`, or `event 12`. */
export function begunAt(op: Operation): string {
  return Number.isFinite(op.invokedAt) ? seconds(op.invokedAt) : `event ${op.id}`;
}

/** `1.300 s`, `event 15`, or that nobody knows. */
export function endedAt(op: Operation | undefined): string {
  if (op === undefined) return "no time known";
  if (op.completedAt !== undefined && Number.isFinite(op.completedAt))
    return seconds(op.completedAt);
  return op.completed === undefined ? "no time known" : `event ${op.completed}`;
}

/** `op 12, process 3, n1`: enough to find the operation in the history. */
export function identity(op: Operation): string {
  return `op ${op.id}, process ${op.process}${op.node ? `, ${plain(op.node)}` : ""}`;
}

/** `write 57`, `read of 3`, `cas 1 -> 2`, `dequeue -> 4`. @param tells whether its answer says anything. */
export function phrase(op: Operation, tells: boolean): string {
  const { f, input, output, status } = op;
  const pair = f === "cas" ? pairOf(input) : undefined;
  if (pair !== undefined) {
    const failed = status === "fail" || output === false ? "failed " : "";
    return `${failed}cas ${brief(pair[0])} -> ${brief(pair[1])}`;
  }
  if (f === "read" && input === null) return `read of ${brief(output)}`;
  const answer = tells && output !== undefined ? ` -> ${brief(output)}` : "";
  return `${request(op)}${answer}`;
}

/** What was asked for: `dequeue`, `contains 4`. */
export function request({ f, input }: Operation): string {
  const pair = f === "cas" ? pairOf(input) : undefined;
  if (pair !== undefined) return `cas ${brief(pair[0])} -> ${brief(pair[1])}`;
  return `${plain(f)}${input === null ? "" : ` ${brief(input)}`}`;
}

/** The old and the new value of a compare-and-set. */
export function pairOf(input: Json): readonly [Json, Json] | undefined {
  const [from, to] = Array.isArray(input) && input.length === 2 ? (input as Json[]) : [];
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** `n3 answered a read of x with 1 at 1.600 s`. */
export function answer(op: Operation, key: string): string {
  const asked =
    op.f === "read" && op.input === null
      ? `a read of ${plain(key)}`
      : `${request(op)} on ${plain(key)}`;
  const at = endedAt(op);
  if (op.f === "cas" && pairOf(op.input) !== undefined) {
    const failed = op.status === "fail" || op.output === false;
    return `${op.node ? plain(op.node) : `Process ${op.process}`} had ${asked} ${failed ? "fail" : "succeed"} at ${at}`;
  }
  const what = `with ${brief(op.output)} at ${at}`;
  if (op.node) return `${plain(op.node)} answered ${asked} ${what}`;
  return `Process ${op.process} had ${asked} answered ${what}`;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
