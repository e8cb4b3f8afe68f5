/** The bench runs, prints every row and leaves nothing behind. How fast anything is, is not judged here. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/bench/cluster.js", import.meta.url));
const linux = process.platform === "linux";

/** Where the bench puts its files, and, as part of their environment, the mark of all its processes. */
let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bench-test-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function startBench() {
  const child = spawn(process.execPath, [program, "--quick"], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const exited = once(child, "close").then(([code]) => code as number | null);
  return { child, exited, output: () => output };
}

async function ours(): Promise<string[]> {
  const pids = linux ? (await readdir("/proc")).filter((name) => /^\d+$/.test(name)) : [];
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      return environment.includes(`TMPDIR=${directory}\0`) ? [pid] : [];
    }),
  );
  return marked.flat();
}

test("prints every row and leaves neither processes nor files", { timeout: 120_000 }, async () => {
  const bench = startBench();
  expect(await bench.exited, bench.output()).toBe(0);
  for (const row of [
    "first operation, 3 nodes",
    "first operation, 5 nodes",
    "operations recorded",
    "memory per node, PSS",
    "memory per node, RSS",
  ])
    expect(bench.output()).toMatch(new RegExp(`^${row} .*${linux ? "<= 1.5" : ""}`, "m"));
  expect(await ours()).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
});

test.runIf(linux)("ended by a signal it ends its clusters first", { timeout: 60_000 }, async () => {
  const bench = startBench();
  await expect.poll(async () => (await ours()).length, { timeout: 30_000 }).toBeGreaterThan(2);
  bench.child.kill("SIGINT");
  expect(await bench.exited, bench.output()).toBe(130);
  await expect.poll(ours, { timeout: 5000 }).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
});
