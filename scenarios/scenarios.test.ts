/**
 * The catalogue is the proof: every export of every scenario file is run for real and must give what it declares, and
 * its calm twin must be valid: so the fault, not the harness, is the cause.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROGRAM = join(ROOT, "dist/control/cli/main.js");
const SEED = "42";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "testbed-scenarios-"));
});
afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

const files = (await readdir(new URL(".", import.meta.url)))
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => join("scenarios", name));

async function testbed(...args: string[]) {
  const { stdout, stderr } = await execa(process.execPath, [PROGRAM, ...args, "--json"], {
    cwd: ROOT,
    reject: false,
    env: { CI: "true" },
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new Error(`testbed ${args.join(" ")} said nothing: ${stderr}`);
  return lines.map((line) => JSON.parse(line));
}

const scenarios = (await Promise.all(files.map((file) => testbed("list", file)))).flat();

describe.each(scenarios)("$reference", ({ name, reference }) => {
  test.each([
    ["gives what it declares", []],
    ["its calm twin is valid", ["--calm"]],
  ])("%s", async (_, flags) => {
    const lines = await testbed("run", reference, "--seed", SEED, "--out", out, ...flags);
    expect(lines[0]).toMatchObject({ type: "judged", scenario: name });
    const { judgement } = lines[0];
    expect(judgement, [judgement.sentence, ...judgement.reasons].join("; ")).toMatchObject({
      outcome: "expected",
    });
    expect(lines.at(-1)).toMatchObject({ type: "result", exit: 0 });
  });
});

test("there is a broken variant and a remedy in every story", () => {
  for (const file of files) {
    const story = scenarios.filter(({ reference }) => reference.split("#")[0] === file);
    expect(
      story.some(({ expect }) => expect !== "valid"),
      `${file} has no broken variant`,
    ).toBe(true);
    expect(
      story.some(({ expect }) => expect === "valid"),
      `${file} has no remedy`,
    ).toBe(true);
  }
});
