import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DurableLog } from "./durable-log.ts";

let directory = "";
let path = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "testbed-log-"));
  path = join(directory, "a.log");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Opens the log, appends, closes; tells what was there before. */
async function visit(...append: readonly unknown[]): Promise<readonly unknown[]> {
  const { log, records } = await DurableLog.open<unknown>(path);
  for (const record of append) await log.append(record);
  await log.close();
  return records;
}

describe("a durable log", () => {
  test("is empty when it is new", async () => {
    expect(await visit()).toEqual([]);
  });

  test("has after each opening all that was appended in its earlier lives, in order", async () => {
    expect(await visit({ key: "k1", value: "ä\n\u0000𝄞" }, [2])).toEqual([]);
    expect(await visit(3)).toEqual([{ key: "k1", value: "ä\n\u0000𝄞" }, [2]]);
    expect(await visit()).toEqual([{ key: "k1", value: "ä\n\u0000𝄞" }, [2], 3]);
  });

  test("has a record on disk when its append resolves, before anything is closed", async () => {
    const { log } = await DurableLog.open<number>(path);
    await log.append(1);
    const second = await DurableLog.open<number>(path);
    expect(second.records).toEqual([1]);
    await second.log.close();
    await log.close();
  });

  test("keeps the order of appends that are under way at the same time", async () => {
    const { log } = await DurableLog.open<number>(path);
    const done: number[] = [];
    const numbers = Array.from({ length: 500 }, (_, index) => index);
    await Promise.all(numbers.map((n) => log.append(n).then(() => done.push(n))));
    await log.close();
    expect(done).toEqual(numbers);
    expect(await visit()).toEqual(numbers);
  });

  test("writes out what is under way before it closes", async () => {
    const { log } = await DurableLog.open<number>(path);
    const appends = [1, 2, 3].map((n) => log.append(n));
    await log.close();
    await Promise.all(appends);
    expect(await visit()).toEqual([1, 2, 3]);
  });
});

describe("after a crash", () => {
  test("a torn last line is cut wherever it is torn, and appends go on after it", async () => {
    await visit("first", { second: 2 }, "third ä");
    const whole = await readFile(path);
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
    const last = ends.at(-2) ?? 0;
    for (let length = last; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      expect(await visit("again")).toEqual(["first", { second: 2 }]);
      expect(await visit()).toEqual(["first", { second: 2 }, "again"]);
    }
  });

  test("reading stops at the first record that is not right, wherever a bit has flipped", async () => {
    const records = ["one", { two: [2] }, "three", 4];
    await visit(...records);
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(whole);
        flipped[at] = (whole[at] ?? 0) ^ (1 << bit);
        await writeFile(path, flipped);
        const before = whole.subarray(0, at).filter((byte) => byte === 10).length;
        expect(await visit()).toEqual(records.slice(0, before));
      }),
    );
  });

  test("a file of rubbish is an empty log", async () => {
    await writeFile(path, "rubbish\nand more\n");
    expect(await visit("new")).toEqual([]);
    expect(await visit()).toEqual(["new"]);
  });
});

test.runIf(process.platform === "linux")(
  "once a write has failed half-way nothing more is acknowledged: it would stand behind half a line",
  async () => {
    const fixture = fileURLToPath(new URL("testdata/full-disk.mjs", import.meta.url));
    const command = `ulimit -S -f 1; exec "$0" "$1" "$2"`;
    const { stdout } = await execa("bash", ["-c", command, process.execPath, fixture, path]);
    expect(JSON.parse(stdout)).toEqual(["small"]);
    const text = await readFile(path, "utf8");
    expect(text.endsWith("\n")).toBe(false);
    expect(await visit()).toEqual(["small"]);
  },
);

test("a log that can not be opened says so", async () => {
  await expect(DurableLog.open(directory)).rejects.toThrow(/EISDIR/);
});
