/**
 * JSON lines: one event a line.
 *
 *     {"process":0,"type":"invoke","f":"write","key":"x","value":4,"time":1200,"index":0,"node":"n1"}
 *
 * `process`, `type`, `f` and, unless it failed, `value` must be there; `key`, `time`, `index`, `node` and `error` may
 * be. The order of the lines is the order of the events. A process is a number or a name; `nemesis` is no client.
 */
import type { Json } from "../../proto/json.ts";
import { NEMESIS } from "./foreign-event.ts";
import type { Joining } from "./joining.ts";
import { parseJson } from "./json-line.ts";
import {
  Distinct,
  eventType,
  fail,
  indexOf,
  keyedValue,
  processOf,
  timeOf,
  told,
} from "./values.ts";

export class JsonlReader {
  readonly #joining: Joining;
  readonly #keyed: boolean;
  readonly #keys = new Distinct();
  /** Whether invocations have keys: all of them or none. */
  #hasKeys: boolean | undefined;

  constructor(joining: Joining, keyed: boolean) {
    this.#joining = joining;
    this.#keyed = keyed;
  }

  /** @throws FieldError, SyntaxError, HistoryFormatError, MalformedHistoryError */
  take(text: string, line: number): void {
    if (text.trim() === "") return;
    const event = parseJson(text);
    if (typeof event !== "object" || event === null || Array.isArray(event))
      fail(`an object was expected, not ${told(event)}`);
    const fields = event as { readonly [field: string]: Json | undefined };
    const { error, node = "", time, index } = fields;
    const f = fields["f"];
    if (typeof f !== "string") fail(`the operation f ${told(f)} is no name`);
    const process = processOf(fields["process"]);
    if (process === NEMESIS || process === `:${NEMESIS}`) {
      const what = { line, time: timeOf(time), type: told(fields["type"]), f };
      this.#joining.takeNemesis({ ...what, value: fields["value"] ?? null }, indexOf(index));
      return;
    }
    const type = eventType(fields["type"]);
    if (fields["value"] === undefined && (type === "invoke" || type === "ok"))
      fail("the event has no value");
    if (typeof node !== "string") fail(`the node ${told(node)} is no name`);
    if (type === "invoke") {
      const has = fields["key"] !== undefined;
      this.#hasKeys ??= has;
      if (has !== this.#hasKeys) fail("some invocations have a key and others have none");
    }
    const [key, value] = this.#keyAndValue(fields, type === "invoke" || type === "ok");
    this.#joining.take({
      line,
      type,
      process,
      f,
      key,
      value,
      time: timeOf(time),
      index: indexOf(index),
      node,
      error: errorOf(error),
      own: undefined,
    });
  }

  /** What failed or is not known may hold an error instead of a value. */
  #keyAndValue(
    { key, value = null }: { readonly [field: string]: Json | undefined },
    told: boolean,
  ): readonly [string | undefined, Json] {
    if (!this.#keyed) return [key === undefined ? undefined : this.#keys.key(key), value];
    if (key !== undefined) fail("the event has a key, and keyed asks for it in the value");
    if (!told && !(Array.isArray(value) && value.length === 2)) return [undefined, null];
    const [own, inner] = keyedValue(value);
    return [this.#keys.key(own), inner];
  }
}

function errorOf(error: Json | undefined): string | undefined {
  if (error === undefined || error === null) return undefined;
  return typeof error === "string" ? error : JSON.stringify(error);
}
