/** What the README shows is true: its scenario runs, its commands and flags exist; so with the guide. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const readme = await readFile(join(ROOT, "README.md"), "utf8");
const guide = await readFile(join(ROOT, "docs/scenarios.md"), "utf8");

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "testbed-readme-"));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, block]) => block ?? "",
  );
}

function testbed(...args: string[]) {
  return execa(process.execPath, [join(ROOT, "dist/control/cli/main.js"), ...args], {
    cwd: ROOT,
    reject: false,
    env: { CI: "true" },
  });
}

test("its scenario runs and gives what it declares", async () => {
  const [code, ...more] = blocks(readme, "ts");
  expect(more).toEqual([]);
  const file = join(home, "quiet.ts");
  await writeFile(file, code ?? "");
  const { exitCode, stdout } = await testbed(
    "run",
    file,
    "--seed",
    "3",
    "--out",
    join(home, "runs"),
  );
  expect(stdout).toContain("valid, as expected");
  expect(exitCode).toBe(0);
});

test("its scripts and flags exist", async () => {
  const commands = blocks(readme, "sh").join("\n");
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  for (const [, script] of commands.matchAll(/npm run (\w+)/g))
    expect(scripts, `npm run ${script}`).toHaveProperty(script ?? "");
  const { stdout: help } = await testbed("run", "--help");
  for (const [flag] of commands.matchAll(/--\w+/g)) expect(help).toContain(flag);
  const { stdout: all } = await testbed("--help");
  for (const [, command] of commands.matchAll(/testbed (\w+)/g)) expect(all).toContain(command);
});

describe("docs/scenarios.md", () => {
  test("names every option of every system, every fault and every check", async () => {
    const { SYSTEMS } = await import("./proto/systems.ts");
    for (const [system, schema] of Object.entries(SYSTEMS))
      for (const option of [system, ...Object.keys(schema.entries)])
        expect(guide).toContain(`\`${option}\``);
    const { ANOMALIES } = await import("./proto/verdict.ts");
    for (const anomaly of ANOMALIES) expect(guide).toContain(`\`${anomaly}\``);
    const door = await readFile(join(ROOT, "control/scenario.ts"), "utf8");
    for (const [, name, kind] of door.matchAll(
      /^export function (\w+)\([^)]*\): (TargetedFault|TimelineEntry)/gm,
    ))
      expect(guide, kind).toMatch(new RegExp(`\`${name}\\(`));
  });
});
