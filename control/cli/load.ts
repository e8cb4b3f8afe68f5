/**
 * Loads scenario files. They are TypeScript run without a build step; `testbed` inside them is this very program, so
 * that a scenario works from any folder and there is one copy of everything.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { UsageError } from "../errors.ts";
import { isScenario, type Scenario } from "../scenario.ts";

export interface LoadedScenario {
  /** `lww-skew` for the default export, `lww-skew.lamport` for the export of that name. */
  readonly name: string;
  /** What names it, and it alone: `scenarios/lww-skew.ts#lamport`; the file's name where it has only one. */
  readonly reference: string;
  readonly export: string;
  readonly file: string;
  readonly scenario: Scenario;
}

/** This file runs compiled in dist/control/cli, or from source in a test. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const inside = (path: string): string =>
  fileURLToPath(new URL(`../../${path}.${extension}`, import.meta.url));

const jiti = createJiti(import.meta.url, {
  alias: { "testbed/checker": inside("checker/index"), testbed: inside("control/index") },
  interopDefault: false,
  // A tenth of a second for leaving no file behind.
  fsCache: false,
});

/** Scenarios of `path.ts`, or of `path.ts#export` alone. @throws UsageError */
export async function loadScenarios(reference: string): Promise<LoadedScenario[]> {
  const [path = "", only] = reference.split("#");
  const file = resolve(path);
  const kind = await kindOf(file);
  if (kind === "folder") throw new UsageError(`${path} is a folder: name the scenario files in it`);
  if (kind !== "file")
    throw new UsageError(
      `${path}: there is no such file (\`testbed list\` shows those of scenarios/)`,
    );
  const found = scenariosIn(await evaluate(file, path), path, file);
  const chosen = only === undefined ? found : found.filter((one) => one.export === only);
  if (chosen.length === 0)
    throw new UsageError(
      `${path} has no scenario ${only}; it has: ${found.map((one) => one.export).join(", ")}`,
    );
  return chosen;
}

/** All scenario files of a folder. */
export async function scenarioFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => {
    throw new UsageError(`there is no folder ${directory}; name the scenario files to list`);
  });
  return names
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .sort()
    .map((name) => join(directory, name));
}

async function evaluate(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return await jiti.import<Record<string, unknown>>(file);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} could not be loaded: ${text}`);
  }
}

function scenariosIn(
  exports: Record<string, unknown>,
  path: string,
  file: string,
): LoadedScenario[] {
  const story = basename(file).replace(/\.[cm]?[jt]s$/, "");
  // The default export is the story's first page, wherever it stands in the file.
  const names = Object.keys(exports).sort(
    (a, b) => Number(b === "default") - Number(a === "default"),
  );
  const scenarios = names.flatMap((name) => {
    const scenario = exports[name];
    return isScenario(scenario) ? [{ export: name, scenario }] : [];
  });
  const found = scenarios.map(({ export: name, scenario }) => ({
    name: name === "default" ? story : `${story}.${name}`,
    reference: scenarios.length === 1 ? path : `${path}#${name}`,
    export: name,
    file,
    scenario,
  }));
  if (found.length === 0)
    throw new UsageError(
      `${path} exports no scenario: write \`export default defineScenario({ ... })\``,
    );
  return found;
}

async function kindOf(path: string): Promise<"file" | "folder" | "nothing"> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "nothing";
  return found.isDirectory() ? "folder" : "file";
}
