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

describe("docs/checker.md", () => {
  const text = readFile(join(ROOT, "docs/checker.md"), "utf8");

  test("names every model, check and format, and only flags that exist", async () => {
    const page = await text;
    const { CHECKS, FORMATS, MODELS } = await import("./checker/index.ts");
    for (const name of [...MODELS.filter((model) => model !== "custom"), ...FORMATS])
      expect(page).toContain(`\`${name}\``);
    const written = (name: string): string =>
      name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    for (const name of CHECKS) expect(page.toLowerCase()).toContain(written(name).toLowerCase());
    const { stdout: help } = await testbed("check", "--help");
    for (const [flag] of page.matchAll(/--[a-z]+/g)) expect(help).toContain(flag);
  });

  test("its model works, as it stands there", async () => {
    const model = blocks(await text, "ts").find((block) => block.includes("const flag"));
    // Inside of the package, so that it finds itself by its name.
    const folder = await mkdtemp(join(ROOT, ".docs-"));
    try {
      await writeFile(
        join(folder, "flag.ts"),
        `${model}
import { check } from "testbed/checker";
const event = (process: number, type: "invoke" | "ok", f: string, value: boolean | null) => ({ process, type, f, value });
const history = (seen: boolean) => [
  event(0, "invoke", "raise", null), event(0, "ok", "raise", null),
  event(1, "invoke", "look", null), event(1, "ok", "look", seen),
];
console.log(check(history(true), [flagIsLinearizable]).verdict, check(history(false), [flagIsLinearizable]).verdict);
`,
      );
      const { stdout } = await execa(
        join(ROOT, "node_modules/.bin/jiti"),
        [join(folder, "flag.ts")],
        { cwd: ROOT },
      );
      expect(stdout).toBe("valid invalid");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
