import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import type { History } from "../../proto/history.ts";
import { encodeLine } from "../../proto/history-codec.ts";
import { ingest } from "../history/ingest.ts";
import { type Recording, recordingOf, recordingOfFile } from "../history/recording.ts";
import { LEVELS } from "./index.ts";
import { randomSessions } from "./testdata/random-sessions.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 20_259);

function fromFile({ header, events }: History): Recording {
  const bytes = new TextEncoder().encode([header, ...events].map(encodeLine).join(""));
  return recordingOfFile(ingest(bytes), (from, to) => bytes.subarray(from, to));
}

describe.each(LEVELS)("$name", (kind) => {
  const spec = kind.validate({ name: kind.name, options: {} });

  test("is data that says the same when read back", () => {
    const read = JSON.parse(JSON.stringify(spec)) as typeof spec;
    expect(kind.validate(read)).toEqual(spec);
    expect(kind.validate({ name: kind.name, options: spec.options })).toEqual(spec);
  });

  test.each(["constructor", "__proto__x", "intial"])("refuses the option %s", (option) => {
    const odd = { name: kind.name, options: { [option]: 1 } };
    expect(() => kind.validate(odd)).toThrow(`has no option "${option}"`);
  });

  test("finds only what it says, and counts all that it shows", () => {
    const random = xoroshiro128plus(SEED);
    let invalid = 0;
    for (let i = 0; i < 100; i++) {
      const unique = i % 4 !== 0;
      const shape = { sessions: 3, keys: 2, unique, lost: 5, failed: 5, sane: 70 };
      const operations = unique ? 20 + i : 10 + (i % 20);
      const history = randomSessions(random, { ...shape, operations });
      const result = kind.judge(recordingOf(history), kind.validate(bounded(kind.name)));
      const names = Object.keys(result.found);
      for (const name of names) expect(kind.finds).toContain(name);
      expect(result.verdict === "invalid").toBe(names.length > 0);
      expect(result.anomalies.length > 0).toBe(names.length > 0);
      expect(result.anomalies.length).toBeLessThanOrEqual(5);
      for (const name of kind.finds) {
        const shown = result.anomalies.filter((anomaly) => anomaly.name === name).length;
        expect(shown).toBeLessThanOrEqual(result.found[name] ?? 0);
      }
      expect(result.reason).not.toBe("");
      expect(result.reason).not.toContain("BUG");
      for (const { operations, because, summary, nodes } of result.anomalies) {
        expect(operations.length * because.length * nodes.length).toBeGreaterThan(0);
        expect(`${summary} ${because.join(" ")}`).not.toMatch(/undefined|NaN|\[object/);
      }
      if (result.verdict === "invalid") invalid++;
    }
    expect(invalid).toBeGreaterThan(10);
  });

  test("says of a file what it says of the objects", () => {
    const random = xoroshiro128plus(SEED + 1);
    for (let i = 0; i < 30; i++) {
      const shape = { sessions: 3, keys: 2, unique: true, lost: 0, failed: 5, sane: 70 };
      const history = randomSessions(random, { ...shape, operations: 30 });
      expect(kind.judge(fromFile(history), spec)).toEqual(kind.judge(recordingOf(history), spec));
    }
  });
});

/** With options under which there is something to find. */
function bounded(name: string) {
  return { name, options: name === "staleness" ? { withinMs: 0, versions: 1 } : {} };
}
