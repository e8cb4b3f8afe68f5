import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Judgement } from "../proto/verdict.ts";
import { HarnessError, InterruptedError, UsageError } from "./errors.ts";
import { makePlan, planText } from "./plan.ts";
import { defineScenario, node, registers } from "./scenario.ts";
import { RunDirectory } from "./store.ts";

const plan = makePlan(
  "story.remedy",
  "story.ts",
  defineScenario({
    claim: "It holds.",
    nodes: { n1: node("register"), n2: node("register") },
    workload: registers({ keys: 1, clients: 1 }),
    duration: "1s",
    check: [],
  }),
  { seed: 42, calm: false, set: {} },
);
const NOON = Date.UTC(2026, 0, 2, 12, 30, 59, 999);

let out = "";
beforeEach(async () => {
  out = await realpath(await mkdtemp(join(tmpdir(), "testbed-store-")));
});
afterEach(() => rm(out, { recursive: true, force: true }));

describe("a new run's directory", () => {
  test("is filed under its scenario by time and seed, and holds its plan", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    expect(run.path).toBe(join(out, "story.remedy", "20260102-123059-42"));
    expect((await readdir(run.path)).sort()).toEqual(["nodes", "plan.json"]);
    expect(await readFile(run.plan, "utf8")).toBe(planText(plan));
    expect(await run.readPlan()).toEqual(plan);
  });

  test("is its own, also when another run began in the same second", async () => {
    const runs = [
      await RunDirectory.create(out, plan, NOON),
      await RunDirectory.create(out, plan, NOON),
      await RunDirectory.create(out, plan, NOON),
    ];
    expect(runs.map(({ path }) => path.slice(out.length))).toEqual([
      "/story.remedy/20260102-123059-42",
      "/story.remedy/20260102-123059-42-2",
      "/story.remedy/20260102-123059-42-3",
    ]);
  });

  test("is what the links `latest` lead to, of its scenario and of all", async () => {
    await RunDirectory.create(out, plan, NOON);
    const other = await RunDirectory.create(out, { ...plan, scenario: "other" }, NOON);
    const last = await RunDirectory.create(out, plan, NOON + 60_000);
    expect(await realpath(join(out, "story.remedy", "latest"))).toBe(last.path);
    expect(await realpath(join(out, "other", "latest"))).toBe(other.path);
    expect(await realpath(join(out, "latest"))).toBe(last.path);
    // Relative, so that the whole folder may be moved.
    expect(await readlink(join(out, "latest"))).toBe(join("story.remedy", "20260102-123159-42"));
  });

  test("that can not be made is an error of the place, named", async () => {
    const file = join(out, "file");
    await writeFile(file, "");
    const creating = RunDirectory.create(file, plan, NOON);
    await expect(creating).rejects.toThrow(HarnessError);
    await expect(creating).rejects.toThrow(/the run directory .*file.* can not be made: /);
  });

  test.runIf(process.platform === "linux")("is not made where the kernel refuses", async () => {
    const creating = RunDirectory.create("/sys/testbed", plan, NOON);
    await expect(creating).rejects.toThrow(HarnessError);
  });
});

describe("an earlier run", () => {
  test("is opened where there is a plan and a history, by its latest link too", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    await writeFile(run.history, "");
    expect((await RunDirectory.open(run.path)).history).toBe(run.history);
    const latest = await RunDirectory.open(join(out, "latest"));
    expect(await latest.readPlan()).toEqual(plan);
  });

  test("is none where something is missing", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    await expect(RunDirectory.open(run.path)).rejects.toThrow(UsageError);
    await expect(RunDirectory.open(join(out, "nowhere"))).rejects.toThrow(/is no run/);
  });

  test("has no judgement before it was judged, and afterwards that one", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    await expect(run.readJudgement()).rejects.toThrow(/has no verdict.json: check it first/);
    const judgement = { outcome: "expected", seed: 42, verdict: { schema: 1 } } as Judgement;
    await run.writeJudgement(judgement);
    expect(await run.readJudgement()).toEqual(judgement);
  });

  test("refuses a judgement or a plan of another version, or a damaged one", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    await run.writeJudgement({ verdict: { schema: 9 } } as unknown as Judgement);
    await expect(run.readJudgement()).rejects.toThrow(/another version/);
    await writeFile(run.verdict, '{"verdict":');
    await expect(run.readJudgement()).rejects.toThrow(/verdict.json is damaged/);
    await writeFile(run.plan, '{"schema":9}');
    await expect(run.readPlan()).rejects.toThrow(/plan.json is of another version/);
  });

  test("may have no environment", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    expect(await run.readEnvironment()).toEqual({});
    await run.writeEnvironment({ load: [1, 2] });
    expect(await run.readEnvironment()).toEqual({ load: [1, 2] });
  });
});

describe("what nodes leave behind", () => {
  test("is the end of their log, for messages", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    expect(await run.logTail("n1", 2)).toBe("");
    await writeFile(run.logOf("n1"), "one\ntwo\nthree\n");
    expect(await run.logTail("n1", 2)).toBe("two\nthree");
  });

  test("is dropped when it served its purpose: data, not logs", async () => {
    const run = await RunDirectory.create(out, plan, NOON);
    await mkdir(run.dataOf("n1"));
    await writeFile(join(run.dataOf("n1"), "register.log"), "");
    await writeFile(run.logOf("n1"), "one\n");
    await run.dropData(["n1", "n2"]);
    expect(await readdir(join(run.path, "nodes"))).toEqual(["n1.log"]);
  });
});

test("a failure is explained by a full disk only where the disk is full", async () => {
  const run = await RunDirectory.create(out, plan, NOON);
  const error = new Error("a node ended");
  expect(await run.explainFailure(error)).toBe(error);
  const interrupted = new InterruptedError("SIGINT");
  expect(await run.explainFailure(interrupted)).toBe(interrupted);
});
