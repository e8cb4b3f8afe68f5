/**
 * Histories of real systems that others published with their verdicts. They stay outside of this
 * repository; without the folder beside it there is nothing to test.
 */
import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Json } from "../../proto/json.ts";
import { FAIL, INFO } from "../history/columns.ts";
import { decide } from "./decide.ts";
import { keyValue } from "./models/key-value.ts";
import { mutex } from "./models/mutex.ts";
import { casRegister } from "./models/register.ts";
import { eventsOfEdn, eventsOfLines, operationsOf } from "./testdata/published.ts";
import { partOf, type Recorded } from "./testdata/random-part.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/histories/", import.meta.url));
const THERE = existsSync(`${FOLDER}verdicts.json`);
const LONGEST_MS = 10_000;

interface Known {
  readonly model: string;
  readonly initial: Json;
  readonly valid: boolean;
}

const known: Record<string, Known> = THERE
  ? (JSON.parse(readFileSync(`${FOLDER}verdicts.json`, "utf8")) as Record<string, Known>)
  : {};

/** What the sources mean: a failed operation says nothing, but for the failed cas of etcd. */
function readHistory(path: string): Recorded[][] {
  const text = readFileSync(FOLDER + path, "utf8");
  const events = path.endsWith(".edn") ? eventsOfEdn(text) : eventsOfLines(text);
  const silent = path.endsWith(".edn");
  return [...operationsOf(events).values()].map((ops) =>
    ops.flatMap((op) => {
      const unknownRead = silent && op.f === "read" && (op.output ?? null) === null;
      if ((silent && op.status === FAIL) || unknownRead) return [];
      return [op.f === "read" ? { ...op, input: null } : op];
    }),
  );
}

function verdictOf(parts: readonly Recorded[][], { model, initial }: Known): string {
  const verdicts = parts.map((ops) => {
    const part = partOf(ops);
    if (model === "cas-register") return decide(part, casRegister(initial)).verdict;
    if (model === "mutex") return decide(part, mutex(initial !== "free")).verdict;
    return decide(part, keyValue(String(initial))).verdict;
  });
  return (
    ["invalid", "unknown", "inapplicable"].find((one) => verdicts.some((v) => v === one)) ?? "valid"
  );
}

interface Line {
  valid: number;
  invalid: number;
  operations: number;
  lost: number;
  totalMs: number;
  longestMs: number;
}

describe.skipIf(!THERE)(
  THERE ? "published histories" : `published histories: SKIPPED, there is no ${FOLDER}`,
  () => {
    const table: Record<string, Line> = {};
    test.each(Object.entries(known))("%s", (path, expected) => {
      const parts = readHistory(path);
      const begin = performance.now();
      const verdict = verdictOf(parts, expected);
      const ms = performance.now() - begin;
      expect(verdict).toBe(expected.valid ? "valid" : "invalid");
      expect(ms).toBeLessThan(LONGEST_MS);
      const source = path.slice(0, path.indexOf("/"));
      const line = { valid: 0, invalid: 0, operations: 0, lost: 0, totalMs: 0, longestMs: 0 };
      const row = table[source] ?? line;
      table[source] = row;
      row[expected.valid ? "valid" : "invalid"]++;
      row.operations += parts.flat().length;
      row.lost += parts.flat().filter((op) => op.status === INFO).length;
      row.totalMs = Math.round(row.totalMs + ms);
      row.longestMs = Math.round(Math.max(row.longestMs, ms));
    });
    afterAll(() => console.table(table));
  },
);
