/** `testbed list`: what there is to run, without running it. */
import type { Expectation } from "../../proto/verdict.ts";
import { makePlan } from "../plan.ts";
import { loadScenarios, scenarioFiles } from "./load.ts";

/** Without files: those of the folder `scenarios`. */
export async function listCommand(
  files: readonly string[],
  flags: { readonly json?: true },
): Promise<number> {
  const chosen = files.length > 0 ? files : await scenarioFiles("scenarios");
  for (const loaded of (await Promise.all(chosen.map(loadScenarios))).flat()) {
    const { name, reference, scenario } = loaded;
    const plan = makePlan(name, reference, scenario, { seed: 0, calm: false, set: {} });
    const { claim, expect, parameters } = plan;
    const faults = plan.faults.map(({ fault }) => `${fault.fault} of ${fault.target}`);
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ type: "scenario", name, reference, claim, expect, faults, parameters })}\n`
        : `${name.padEnd(28)} ${declares(expect).padEnd(34)} ${claim}\n${" ".repeat(28)} ${reference}\n`,
    );
  }
  return 0;
}

function declares(expect: Expectation): string {
  return expect === "valid" ? "valid" : `invalid: ${expect.invalid.join(", ")}`;
}
