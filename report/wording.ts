/**
 * Values, operations and faults in a few words, for labels, titles and cells. Nothing is cut
 * without saying so.
 */
import type { Completion, NoteEvent } from "../proto/history.ts";
import type { Json } from "../proto/json.ts";
import type { Operation } from "../proto/operation.ts";
import type { FaultSpan } from "./recording.ts";
import { duration, instant } from "./time.ts";

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
}

/** At most `limit` characters of a text, and how many there were. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… (${text.length.toLocaleString("en")} characters)`;
}

/**
 * A value as a reader would write it: strings bare where that is unambiguous, everything else as
 * JSON.
 */
export function valueText(value: Json | undefined, limit: number): string {
  if (value === undefined) return "?";
  if (value === null) return "nothing";
  const bare = typeof value === "string" && /^[\w.:/-]+$/.test(value) && !/^-?\d/.test(value);
  return shorten(bare ? value : JSON.stringify(value), limit);
}

/** `write 43 ok`, `read → 43`, `write 43 failed`, `read ?`. */
export function operationLabel(operation: Operation, limit = 24): string {
  const asked = operation.input === null ? "" : ` ${valueText(operation.input, limit)}`;
  const f = shorten(operation.f, limit);
  if (operation.status === "fail") return `${f}${asked} failed`;
  if (operation.status === "info") return `${f}${asked} ?`;
  const echoed = JSON.stringify(operation.output) === JSON.stringify(operation.input);
  const silent = operation.output === null && operation.input !== null;
  if (operation.input !== null && (echoed || silent)) return `${f}${asked} ok`;
  return `${f}${asked} → ${valueText(operation.output, limit)}`;
}

export const STATUS_WORDS: Readonly<Record<Completion, string>> = {
  ok: "ok (confirmed)",
  fail: "fail (certainly did not happen)",
  info: "info (unknown, may happen later)",
};

/** An operation in full, for hovering. */
export function operationTitle(o: Operation): string {
  const place = `client ${o.process} → ${shorten(o.node, 40)}, key ${shorten(o.key, 40)}`;
  const end = o.completedAt === undefined ? "end never known" : instant(o.completedAt);
  const when = `${instant(o.invokedAt)} to ${end}`;
  return `#${o.id} ${operationLabel(o, 60)}; ${place}; ${when}; ${STATUS_WORDS[o.status]}`;
}

/** `offset −500 ms, peers n1`. Numbers whose name ends in Ns or Ms are durations. */
export function optionsText(options: { readonly [option: string]: Json }, limit = 120): string {
  const words = Object.entries(options).map(([name, value]) => {
    if (typeof value === "number" && name.endsWith("Ns")) return `${bare(name)} ${duration(value)}`;
    if (typeof value === "number" && name.endsWith("Ms"))
      return `${bare(name)} ${duration(value * 1e6)}`;
    return `${name} ${valueText(value, limit)}`;
  });
  return shorten(words.join(", "), limit);
}

function bare(name: string): string {
  return name.length > 2 ? name.slice(0, -2) : name;
}

/** `skew offset −500 ms (1.000 s to 3.000 s)`. */
export function faultLabel(fault: FaultSpan): string {
  const options = optionsText(fault.begin?.detail ?? {}, 40);
  const until = fault.end === undefined ? "not ended" : `to ${instant(fault.toNs, 3)}`;
  const effect = fault.begin?.effective === true ? "" : ", no effect shown";
  return `${shorten(fault.f, 16)} ${options} (${instant(fault.fromNs, 3)} ${until}${effect})`;
}

/** What a node remarked, as said by the node. */
export function noteLabel(note: NoteEvent): string {
  switch (note.kind) {
    case "leader-start":
      return `leads epoch ${note.epoch}`;
    case "leader-end":
      return `stops leading epoch ${note.epoch}: ${shorten(note.why, 40)}`;
    case "accept":
      return `accepts epoch ${note.epoch} of ${shorten(note.leader, 16)} (knew ${note.highest})`;
    case "reject":
      return `refuses epoch ${note.epoch} of ${shorten(note.leader, 16)} (knew ${note.highest})`;
    case "stall":
      return `stood still for ${duration(note.ms * 1e6)}`;
    case "clock":
      return `clock set: offset ${duration(note.offsetNs)}, rate ${note.rate}`;
    case "recovered":
      return `recovered ${note.records} records`;
  }
}
