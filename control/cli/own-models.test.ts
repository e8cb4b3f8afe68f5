/** A scenario with a model of the user's own: its code is found again when the recorded run is judged later. */
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../dist/control/cli/main.js", import.meta.url));

const SCENARIO = `
import { defineScenario, node, registers } from "testbed";
import { linearizable, type Model } from "testbed/checker";

const cell: Model<unknown> = {
  name: "cell",
  kinds: ["read", "write"],
  initial: null,
  step: (state, op) => (op.f === "write" ? op.input : op.output === undefined || op.output === state ? state : undefined),
  stateKey: String,
  pure: (op) => op.f === "read",
  blind: (op) => op.f === "write",
};

const replica = node("register", { conflicts: "lamport" });

export default defineScenario({
  claim: "It is what I say it is.",
  nodes: { n1: replica, n2: replica, n3: replica },
  workload: registers({ keys: 2, clients: 3 }),
  duration: "500ms",
  check: [linearizable(cell)],
});
`;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "testbed-own-"));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

function testbed(...args: string[]) {
  return execa(process.execPath, [PROGRAM, ...args], {
    cwd: home,
    reject: false,
    env: { CI: "true" },
  });
}

test("judged at once, judged again, and judged with a word when the file has changed", async () => {
  const file = join(home, "own.ts");
  await writeFile(file, SCENARIO);
  const ran = await testbed("run", file, "--seed", "3");
  expect(ran.stdout + ran.stderr).toContain("valid, as expected");
  const run = join(home, "runs/own/latest");
  const plan = JSON.parse(await readFile(join(run, "plan.json"), "utf8"));
  expect(plan.check[0].options.model).toEqual({ name: "custom", model: "cell" });

  const again = await testbed("check", run);
  expect(again.stdout).toContain("valid, as expected");
  expect(again.stderr).toBe("");

  await appendFile(file, "\n// Another word.\n");
  const changed = await testbed("check", run);
  expect(changed.stdout).toContain("valid, as expected");
  expect(changed.stderr).toContain("has changed since: the model cell may be another");

  await rm(file);
  const gone = await testbed("check", run);
  expect(gone.stderr).toContain("own.ts");
  expect(gone.exitCode).toBe(64);
}, 120_000);
