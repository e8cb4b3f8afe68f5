/** Histories of real systems that others published. They stay outside of this repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import type { Operation } from "../../proto/operation.ts";
import { FAIL, INFO, OK, partsByKey } from "../history/columns.ts";
import { casRegister, decide, keyValue, mutex } from "../search/index.ts";
import { readRecording } from "./index.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/histories/", import.meta.url));
const THERE = existsSync(`${FOLDER}verdicts.json`);
const FILES = THERE
  ? ["etcd-logs", "kv", "cas-edn"].flatMap((folder) =>
      readdirSync(FOLDER + folder).map((name) => `${folder}/${name}`),
    )
  : [];
const KNOWN: Record<string, { model: string; initial: Json; valid: boolean }> = THERE
  ? JSON.parse(readFileSync(`${FOLDER}verdicts.json`, "utf8"))
  : {};

interface Counts {
  readonly invoke: number;
  readonly ok: number;
  readonly fail: number;
  readonly events: number;
}

/** By means as plain as can be. */
function counted(path: string, text: string): Counts & { silent: number; unanswered: number } {
  const all = path.endsWith(".edn") ? ednEvents(text) : text.trim().split("\n").map(jsonEvent);
  const clients = all.filter(({ process }) => !process.endsWith("nemesis"));
  const of = (type: string): number => clients.filter((one) => one.type === type).length;
  const edn = path.endsWith(".edn");
  const silent = clients.filter(({ type, f }) => edn && type === "fail" && f === "cas").length;
  const unanswered = clients.filter(
    ({ type, f, value }) => edn && type === "ok" && f === "read" && value === "nil",
  ).length;
  return {
    ...{ invoke: of("invoke"), ok: of("ok"), fail: of("fail"), events: all.length },
    ...{ silent, unanswered },
  };
}

function jsonEvent(line: string): Record<"process" | "type" | "f" | "value", string> {
  const { process, type, f, value } = JSON.parse(line);
  return { process: String(process), type, f, value: JSON.stringify(value) };
}

function ednEvents(text: string): Record<"process" | "type" | "f" | "value", string>[] {
  const maps = text.replaceAll(/;[^\n]*/g, "").match(/\{[^}]*\}/g) ?? [];
  const field = (map: string, name: string): string =>
    new RegExp(`:${name}\\s+:?("[^"]*"|\\[[^\\]]*\\]|[^\\s,}]+)`).exec(map)?.[1] ?? "";
  return maps.map((map) => ({
    process: field(map, "process"),
    type: field(map, "type"),
    f: field(map, "f"),
    value: field(map, "value"),
  }));
}

/** As a log of Jepsen's would have it. */
function logOf(text: string): string {
  const edn = (value: Json): string =>
    Array.isArray(value) ? `[${value.join(" ")}]` : value === null ? "nil" : JSON.stringify(value);
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const { process, type, f, value, error } = JSON.parse(line);
      const told = error === undefined ? edn(value) : `:${error}`;
      return `INFO  jepsen.util - ${process} :${type} :${f} ${told}\n`;
    })
    .join("");
}

describe.skipIf(!THERE)(
  THERE ? "published histories" : `published histories: SKIPPED, there is no ${FOLDER}`,
  () => {
    const table: Record<string, { files: number; operations: number; ms: number }> = {};

    test.each(FILES)("%s", (path) => {
      const bytes = readFileSync(FOLDER + path);
      const text = bytes.toString("utf8");
      const begin = performance.now();
      const { recording, droppedCount } = readRecording(bytes);
      const source = path.slice(0, path.indexOf("/"));
      const row = table[source] ?? { files: 0, operations: 0, ms: 0 };
      table[source] = {
        files: row.files + 1,
        operations: row.operations + recording.columns.count,
        ms: row.ms + Math.round(performance.now() - begin),
      };
      const { columns } = recording;
      const status = (one: number): number => columns.status.filter((each) => each === one).length;
      const plain = counted(path, text);
      expect(droppedCount).toBe(0);
      expect(recording.events).toBe(plain.events);
      expect(columns.count).toBe(plain.invoke - plain.silent);
      expect(status(OK)).toBe(plain.ok - plain.unanswered);
      expect(status(FAIL)).toBe(plain.fail - plain.silent);
      expect(status(INFO)).toBe(plain.invoke - plain.ok - plain.fail + plain.unanswered);
      if (source !== "etcd-logs") return;
      const asLog = readRecording(new TextEncoder().encode(logOf(text)));
      expect(asLog.format).toBe("jepsen-log");
      expect(asLog.recording.operations().map(plainly)).toEqual(
        recording.operations().map(plainly),
      );
    });

    test.each(FILES.filter((path) => KNOWN[path] !== undefined))("%s has its verdict", (path) => {
      const { recording } = readRecording(readFileSync(FOLDER + path));
      const { model, initial, valid } = KNOWN[path] as (typeof KNOWN)[string];
      const verdicts = partsByKey(recording.columns).map((part) => {
        if (model === "cas-register") return decide(part, casRegister(initial)).verdict;
        if (model === "mutex") return decide(part, mutex(initial !== "free")).verdict;
        return decide(part, keyValue(String(initial))).verdict;
      });
      const verdict = verdicts.find((one) => one !== "valid") ?? "valid";
      expect(verdict).toBe(valid ? "valid" : "invalid");
    });

    afterAll(() => console.table(table));
  },
);

function plainly({ id, f, input, output, status, process }: Operation): unknown {
  return { id, f, input, output, status, process };
}
