/** The bench of the checker runs, prints every row, and every verdict in it is right. How fast it is, is not judged. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/bench/checker.js", import.meta.url));

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bench-checker-test-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test("prints every row and leaves no files", { timeout: 120_000 }, async () => {
  const child = spawn(process.execPath, [program, "--quick"], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const [code] = await once(child, "close");
  expect(code, output).toBe(0);
  for (const row of [
    ...["10^3, 5 clients, 1 % lost, 1 key, valid", "10^3, 20 clients, 1 % lost, 1 key, invalid"],
    ...["10^4, 5 clients, 1 % lost, 1 key, valid", "10^4, 20 clients, 1 % lost, 1 key, invalid"],
    ...["  engine on objects", "  Wing-Gong-Lowe search", "  memory above idle"],
  ])
    expect(output).toMatch(new RegExp(`^${row.replaceAll("^", "\\^")}\\b.* (ms|MiB) `, "m"));
  expect(await readdir(directory)).toEqual([]);
});
