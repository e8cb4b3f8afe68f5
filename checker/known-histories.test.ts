/**
 * Histories of real systems that others published with their verdicts, judged as a user would judge them: the file in,
 * the verdict out. They stay outside of this repository; without the folder beside it there is nothing to test.
 */
import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Json } from "../proto/json.ts";
import { check } from "./check.ts";
import { readRecording } from "./formats/index.ts";
import { linearizable } from "./linearizability/linearizable.ts";
import { casRegister, keyValue, type ModelSpec, mutex } from "./models/model-spec.ts";

const FOLDER = fileURLToPath(new URL("../../shared/histories/", import.meta.url));
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

/** In the logs of etcd a cas fails only where the comparison failed; in Jepsen's histories a failure says nothing. */
function modelOf(path: string, { model, initial }: Known): ModelSpec {
  if (model === "mutex") return mutex({ held: initial !== "free" });
  if (model !== "cas-register") return keyValue(String(initial));
  return casRegister(initial, { failures: path.startsWith("etcd-logs") ? "observed" : "ignored" });
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
      const begin = performance.now();
      const { recording } = readRecording(readFileSync(FOLDER + path), { fileName: path });
      const [result] = check(recording, [linearizable(modelOf(path, expected))]).checks;
      const ms = performance.now() - begin;
      expect(result?.verdict, result?.reason).toBe(expected.valid ? "valid" : "invalid");
      if (!expected.valid) expect(result?.anomalies[0]?.operations.length).toBeGreaterThan(0);
      expect(ms).toBeLessThan(LONGEST_MS);
      const source = path.slice(0, path.indexOf("/"));
      const none = { valid: 0, invalid: 0, operations: 0, lost: 0, totalMs: 0, longestMs: 0 };
      const row = table[source] ?? none;
      table[source] = row;
      row[expected.valid ? "valid" : "invalid"]++;
      row.operations += recording.columns.count;
      row.lost += Number(result?.facts["info"] ?? 0);
      row.totalMs = Math.round(row.totalMs + ms);
      row.longestMs = Math.round(Math.max(row.longestMs, ms));
    });
    afterAll(() => console.table(table));
  },
);
