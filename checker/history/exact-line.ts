/**
 * The exact reader for single lines: every line that the scanner does not know goes through the history's own codec,
 * so that the fast road accepts nothing that the codec refuses, and refuses it with the same words.
 */
import { type Event, type Header, HISTORY_SCHEMA } from "../../proto/history.ts";
import { decodeHistory, encodeLine, HistoryFormatError } from "../../proto/history-codec.ts";

const HEAD = encodeLine({
  testbed: "history",
  schema: HISTORY_SCHEMA,
  scenario: "",
  seed: 0,
  versions: {},
});

/** @throws HistoryFormatError */
export function decodeHeaderLine(text: string): Header {
  return decodeHistory(`${text}\n`).header;
}

/** The event on the line `index + 2` of a file. @throws HistoryFormatError */
export function decodeEventLine(text: string, index: number): Event {
  const own = indexIn(text);
  if (own === undefined) return decodeAlone(text, index);
  // Of two fields with the same name the later one counts: alone in its history, the event has the index 0.
  const event = decodeAlone(`${text.trimEnd().slice(0, -1)},"index":0}`, index);
  if (own !== index)
    throw new HistoryFormatError(
      index + 2,
      `index ${own}; ${index} was expected: a line is missing or out of order`,
    );
  return { ...event, index: own };
}

/** The index that the line gives, when it is one. */
function indexIn(text: string): number | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (!Object.hasOwn(value, "index")) return undefined;
  const { index } = value as { readonly index: unknown };
  return Number.isSafeInteger(index) && Number(index) >= 0 ? Number(index) : undefined;
}

function decodeAlone(text: string, index: number): Event {
  try {
    const [event] = decodeHistory(`${HEAD}${text}\n`).events;
    if (event !== undefined) return event;
  } catch (error) {
    if (!(error instanceof HistoryFormatError)) throw error;
    throw new HistoryFormatError(index + 2, error.message.slice(`line ${error.line}: `.length));
  }
  throw new Error("a history of one event has none");
}
