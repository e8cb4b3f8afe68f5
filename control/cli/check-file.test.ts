/** `testbed check FILE` as users have it: the compiled program on histories of other tools, sound and damaged. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../dist/control/cli/main.js", import.meta.url));
const GOLDENS = fileURLToPath(new URL("../../checker/formats/testdata/", import.meta.url));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "testbed-check-"));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

async function checked(file: string, ...flags: string[]) {
  const args = [PROGRAM, "check", file, ...flags];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
    cwd: GOLDENS,
    reject: false,
    env: { CI: "true" },
  });
  return { exitCode, stdout, stderr };
}

async function written(name: string, lines: readonly string[]): Promise<string> {
  const path = join(home, name);
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

function event(process: number, type: string, f: string, value: unknown): string {
  return JSON.stringify({ process, type, f, value });
}

describe("a history of another tool is judged", () => {
  const judged: [file: string, flags: string[], code: number, says: string][] = [
    ["register-valid.jsonl", [], 0, "valid ("],
    ["register-valid.jsonl", ["--check", "sequential"], 0, "valid ("],
    ["register-invalid-stale-read.jsonl", [], 1, "non-linearizable"],
    ["register-valid.log.txt", [], 0, "no write completed ok"],
    ["register-invalid-lost-write.log.txt", [], 1, "non-linearizable"],
    ["cas-register-valid.edn", [], 0, "valid ("],
    ["register-invalid-thin-air.edn", [], 1, "a value that nobody wrote"],
    ["independent-keys-invalid-one-key.edn", ["--keyed"], 1, "answered with 10"],
    ["cas-invalid-failed-comparison.jsonl", [], 0, "no cas completed"],
    ["cas-invalid-failed-comparison.jsonl", ["--failed-cas", "observed"], 1, "non-linearizable"],
  ];
  test.each(judged)("%s %j", async (file, flags, code, says) => {
    const { exitCode, stdout } = await checked(file, ...flags);
    expect(stdout).toContain(says);
    expect(exitCode).toBe(code);
  });

  test("as what its operations say; where they do not tell, it asks", async () => {
    const tickets = await written("tickets.jsonl", [
      event(0, "invoke", "fetch-and-add", 1),
      event(0, "ok", "fetch-and-add", 0),
    ]);
    expect((await checked(tickets)).exitCode).toBe(0);
    const sums = await written("sums.jsonl", [
      event(0, "invoke", "add", 1),
      event(0, "ok", "add", 1),
    ]);
    const { exitCode, stderr } = await checked(sums);
    expect(stderr).toContain("--model: set or counter");
    expect(exitCode).toBe(64);
  });

  test("by another check than linearizability, and with a model as JSON", async () => {
    const stale = "register-invalid-stale-read.jsonl";
    expect((await checked(stale, "--check", "regular")).stdout).toContain("non-regular");
    const locks = await written("locks.jsonl", [
      event(0, "invoke", "acquire", null),
      event(0, "ok", "acquire", null),
      event(1, "invoke", "acquire", null),
      event(1, "ok", "acquire", null),
    ]);
    expect((await checked(locks, "--model", "mutex")).exitCode).toBe(1);
    const two = '{"name":"semaphore","permits":2}';
    expect((await checked(locks, "--model", two)).exitCode).toBe(0);
  });

  test("and --json gives the verdict as data, with the route", async () => {
    const { stdout } = await checked("register-valid.jsonl", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "valid",
      checks: [{ check: { name: "linearizable" }, facts: { routes: { zones: "1 key" } } }],
    });
  });
});

describe("what is wrong is named, with the line", () => {
  test.each([
    ["malformed-truncated-last-line.jsonl", "line "],
    ["malformed-two-open.edn", "line 2"],
  ])("%s", async (file, says) => {
    const { exitCode, stderr } = await checked(file);
    expect(stderr).toContain(`${file}, `);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(64);
  });

  test.each([
    [["--format", "xml"], "--format: got xml, wants one of testbed, jsonl, jepsen-edn, jepsen-log"],
    [["--model", "quilt"], "quilt"],
    [["--initial", "{"], "--initial: got {, wants JSON"],
    [["--memory", "much"], "--memory: got much"],
    [["--memory", "0.1KiB"], "needs about"],
    [["--budget", "-1"], "--budget: got -1"],
    [["--check", "linearisable"], "--check: got linearisable, wants one of"],
    [["--check", '{"name":"causal","options":{"level":"x"}}'], "level"],
  ])("%j", async (flags, says) => {
    const { exitCode, stderr } = await checked("register-valid.jsonl", ...flags);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(64);
  });

  test("--lenient keeps what is sound, says what it dropped, and calls nothing green", async () => {
    const torn = await checked("malformed-truncated-last-line.jsonl", "--lenient");
    expect(torn.stdout).toContain("too little was tested");
    expect(torn.stderr).toMatch(/line \d+: /);
    expect(torn.exitCode).toBe(2);
  });

  test("--lenient proves nothing by what it kept where what it dropped could explain it", async () => {
    const path = await written("torn.jsonl", [
      event(0, "invoke", "write", 1),
      event(0, "ok", "write", 1),
      '{"process":1,"type":"invo\u0000',
      event(2, "invoke", "read", null),
      event(2, "ok", "read", 2),
    ]);
    expect((await checked(path)).exitCode).toBe(64);
    const { exitCode, stdout } = await checked(path, "--lenient");
    expect(stdout).toContain("unknown (");
    expect(stdout).toContain("a value that nobody wrote");
    expect(exitCode).toBe(2);
  });

  test("a budget that is spent is unknown, soon", async () => {
    const lines: string[] = [];
    for (let i = 0; i < 60; i++) lines.push(event(i, "invoke", "enqueue", i % 2));
    for (let i = 0; i < 60; i++) lines.push(event(i, "ok", "enqueue", i % 2));
    for (let i = 0; i < 60; i++) lines.push(event(100 + i, "invoke", "dequeue", null));
    for (let i = 0; i < 60; i++) lines.push(event(100 + i, "ok", "dequeue", i === 59 ? 2 : i % 2));
    const path = await written("hard.jsonl", lines);
    const { exitCode, stdout } = await checked(path, "--model", "queue", "--budget", "1000");
    expect([1, 2]).toContain(exitCode);
    expect(stdout).toMatch(/^(unknown|invalid) \(/);
  }, 120_000);
});
