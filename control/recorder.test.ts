import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Header } from "../proto/history.ts";
import { decodeHistory } from "../proto/history-codec.ts";
import { Recorder } from "./recorder.ts";

const header: Header = {
  testbed: "history",
  schema: 1,
  scenario: "story",
  seed: 1,
  versions: { testbed: "0" },
};
const read = { process: 0, f: "read", key: "k1", value: null, node: "n1" } as const;

let directory = "";
let path = "";
const errors: unknown[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "testbed-recorder-"));
  path = join(directory, "history.jsonl");
  errors.length = 0;
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function open(startNs = process.hrtime.bigint()): Promise<Recorder> {
  return Recorder.open(path, header, startNs, (error) => errors.push(error));
}

describe("the recorder", () => {
  test("gives dense indices from 0 and times that do not go back, to all kinds of events", async () => {
    const recorder = await open();
    expect(recorder.tell({ type: "stage", stage: "drive" })).toBe(0);
    expect(recorder.tell({ type: "invoke", ...read })).toBe(1);
    recorder.note("n1", process.hrtime.bigint(), { kind: "recovered", records: 3 });
    expect(recorder.tell({ type: "ok", ...read })).toBe(3);
    for (let n = 4; n < 500; n++) expect(recorder.tell({ type: "invoke", ...read })).toBe(n);
    await recorder.close();
    const history = decodeHistory(await readFile(path, "utf8"));
    expect(history.header).toEqual(header);
    expect(history.events.map(({ index }) => index)).toEqual([...history.events.keys()]);
    const times = history.events.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(errors).toEqual([]);
  });

  test("has the lines on disk soon after they are told, while the run goes on", async () => {
    const recorder = await open();
    recorder.tell({ type: "invoke", ...read });
    const text = await vi.waitFor(
      async () => {
        const now = await readFile(path, "utf8");
        expect(now.split("\n")).toHaveLength(3);
        return now;
      },
      { timeout: 10_000 },
    );
    expect(decodeHistory(text).events).toMatchObject([{ type: "invoke", key: "k1" }]);
    recorder.tell({ type: "ok", ...read });
    await recorder.close();
    expect(decodeHistory(await readFile(path, "utf8")).events).toHaveLength(2);
  });

  test("puts a note at the time at which it was made, and keeps when it arrived", async () => {
    const startNs = process.hrtime.bigint();
    const recorder = await open(startNs);
    recorder.note("n2", startNs + 5n, { kind: "stall", ms: 70 });
    await recorder.close();
    const [note] = decodeHistory(await readFile(path, "utf8")).events;
    expect(note).toMatchObject({ type: "note", node: "n2", time: 5, kind: "stall", ms: 70 });
    expect(note?.type === "note" && note.arrived > 5).toBe(true);
  });

  test("counts by type", async () => {
    const recorder = await open();
    recorder.tell({ type: "invoke", ...read });
    recorder.tell({ type: "info", ...read, error: "late" });
    recorder.tell({ type: "invoke", ...read, process: 1 });
    expect(["invoke", "ok", "info"].map((type) => recorder.count(type as "ok"))).toEqual([2, 0, 1]);
    await recorder.close();
  });

  test("overwrites nobody's history", async () => {
    await (await open()).close();
    await expect(open()).rejects.toThrow(/EEXIST/);
  });

  test.runIf(process.platform === "linux")(
    "tells of a full disk once and at once, and can still be closed",
    async () => {
      const fixture = fileURLToPath(new URL("testdata/full-disk.mjs", import.meta.url));
      const command = `ulimit -f 1; exec "$0" "$1" "$2"`;
      const { stdout } = await execa("bash", ["-c", command, process.execPath, fixture, path]);
      expect(JSON.parse(stdout)).toEqual(["EFBIG"]);
    },
  );
});
