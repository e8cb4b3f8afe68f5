/**
 * Models of the user's own are code, and a plan holds only their names: whoever judges by a plan takes them from the
 * scenario file that the run was made from.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Json } from "../../proto/json.ts";
import type { CheckSpec } from "../../proto/verdict.ts";
import { UsageError } from "../errors.ts";
import { makePlan, type Plan } from "../plan.ts";
import type { RunDirectory } from "../store.ts";
import { loadScenarios } from "./load.ts";

/** SHA-256 in hex, or nothing where there is no such file. */
export async function hashOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes === undefined ? "" : createHash("sha256").update(bytes).digest("hex");
}

/** The plan's checks with the models that they name; `at` is the scenario that the plan was made from. */
export function withOwnModels(
  planned: readonly CheckSpec[],
  at: readonly CheckSpec[],
): readonly CheckSpec[] {
  return planned.map((spec, place) => {
    const model = at[place]?.options["model"];
    const same = nameOf(model) === nameOf(spec.options["model"]);
    return nameOf(model) !== undefined && same
      ? { ...spec, options: { ...spec.options, model: model as Json } }
      : spec;
  });
}

/** The checks of a recorded run, and what is to be said about their models. @throws UsageError */
export async function checksOf(
  directory: RunDirectory,
  { check: planned, seed, calm, parameters }: Plan,
): Promise<{ readonly checks: readonly CheckSpec[]; readonly remark?: string }> {
  const own = planned.flatMap(({ options }) => nameOf(options["model"]) ?? []);
  if (own.length === 0) return { checks: planned };
  const { scenarioFile, scenarioExport, scenarioHash } = await directory.readEnvironment();
  if (typeof scenarioFile !== "string" || typeof scenarioExport !== "string")
    throw new UsageError(
      `${directory.path}: where the model ${own.join(", ")} is, was not recorded`,
    );
  const [loaded] = await loadScenarios(`${scenarioFile}#${scenarioExport}`);
  if (loaded === undefined) throw new UsageError(`${scenarioFile} has no scenario any more`);
  const set = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  );
  const again = makePlan(loaded.name, loaded.reference, loaded.scenario, { seed, calm, set });
  const checks = withOwnModels(planned, again.check);
  const changed = (await hashOf(scenarioFile)) !== scenarioHash;
  return changed
    ? {
        checks,
        remark: `${scenarioFile} has changed since: the model ${own.join(", ")} may be another`,
      }
    : { checks };
}

/** The name of a model of the user's own. */
function nameOf(model: unknown): string | undefined {
  if (typeof model !== "object" || model === null) return undefined;
  const { name, model: own } = model as { readonly name?: unknown; readonly model?: unknown };
  return name === "custom" && typeof own === "string" ? own : undefined;
}
