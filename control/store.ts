/**
 * The run directory: `<out>/<scenario>/<time>-<seed>/`, which outlives the process, with a `latest` link beside it.
 * It is opened before anything is started, so that a place that can not be written fails early and cheaply.
 */
import { mkdir, readdir, readFile, rename, rm, statfs, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Json } from "../proto/json.ts";
import { type Judgement, VERDICT_SCHEMA } from "../proto/verdict.ts";
import { HarnessError, InterruptedError, UsageError } from "./errors.ts";
import { PLAN_SCHEMA, type Plan, planText } from "./plan.ts";

/** Less room than a burst of the history needs. */
const FULL_BELOW_BYTES = 16_384;

export class RunDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the directory of a new run. `startedAt` is wall time in milliseconds. */
  static async create(out: string, plan: Plan, startedAt: number): Promise<RunDirectory> {
    const time = new Date(startedAt)
      .toISOString()
      .replace(/[-:]/g, "")
      .replace("T", "-")
      .slice(0, 15);
    const parent = join(out, plan.scenario);
    for (let attempt = 1; ; attempt++) {
      const path = join(parent, `${time}-${plan.seed}${attempt === 1 ? "" : `-${attempt}`}`);
      try {
        await mkdir(parent, { recursive: true });
        await mkdir(path);
        await mkdir(join(path, "nodes"));
        const directory = new RunDirectory(path);
        await writeFile(directory.plan, planText(plan));
        await link(parent, path);
        return directory;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST" && attempt < 100) continue;
        throw new HarnessError(
          `the run directory ${path} can not be made: ${(error as Error).message}`,
        );
      }
    }
  }

  /** An earlier run. @throws UsageError when there is none. */
  static async open(path: string): Promise<RunDirectory> {
    const directory = new RunDirectory(path);
    const names = await readdir(path).catch((): string[] => []);
    const missing = ["plan.json", "history.jsonl"].filter((name) => !names.includes(name));
    if (missing.length > 0) {
      const alone = names.includes("history.jsonl")
        ? `; \`testbed check ${join(path, "history.jsonl")}\` judges the history alone`
        : "";
      throw new UsageError(`${path} is no run: it has no ${missing.join(" and no ")}${alone}`);
    }
    return directory;
  }

  get plan(): string {
    return join(this.path, "plan.json");
  }
  get history(): string {
    return join(this.path, "history.jsonl");
  }
  get verdict(): string {
    return join(this.path, "verdict.json");
  }
  get report(): string {
    return join(this.path, "report.html");
  }
  get environment(): string {
    return join(this.path, "environment.json");
  }
  get controllerLog(): string {
    return join(this.path, "controller.log");
  }

  logOf(node: string): string {
    return join(this.path, "nodes", `${node}.log`);
  }

  dataOf(node: string): string {
    return join(this.path, "nodes", node);
  }

  async readPlan(): Promise<Plan> {
    return parseOwn<Plan>(this.plan, await readFile(this.plan, "utf8"), PLAN_SCHEMA);
  }

  async readJudgement(): Promise<Judgement> {
    const text = await readFile(this.verdict, "utf8").catch(() => undefined);
    if (text === undefined)
      throw new UsageError(`${this.path} has no verdict.json: check it first`);
    const judgement = parseOwn<Judgement>(this.verdict, text);
    if (judgement.verdict?.schema !== VERDICT_SCHEMA)
      throw new UsageError(`${this.verdict} is of another version of testbed: check the run again`);
    return judgement;
  }

  async readEnvironment(): Promise<Record<string, Json>> {
    const text = await readFile(this.environment, "utf8").catch(() => "{}");
    return JSON.parse(text) as Record<string, Json>;
  }

  writeJudgement(judgement: Judgement): Promise<void> {
    return writeJson(this.verdict, judgement);
  }

  writeEnvironment(environment: Readonly<Record<string, Json>>): Promise<void> {
    return writeJson(this.environment, environment);
  }

  /** The end of a node's log, for messages and the report. */
  async logTail(node: string, lines: number): Promise<string> {
    const text = await readFile(this.logOf(node), "utf8").catch(() => "");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** A full disk fails a run in many ways, at the node or here: names it as the cause where it is one. */
  async explainFailure(error: unknown): Promise<unknown> {
    const { bavail, bsize } = await statfs(this.path);
    if (error instanceof InterruptedError || bavail * bsize >= FULL_BELOW_BYTES) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new HarnessError(`the disk that holds ${this.path} is full. ${message}`);
  }

  /** Nodes' data served the run and is not needed to judge it. */
  async dropData(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) await rm(this.dataOf(node), { recursive: true, force: true });
  }
}

/** A file that an earlier run wrote. @throws UsageError when it is damaged or of another version. */
function parseOwn<T>(path: string, text: string, schema?: number): T {
  try {
    const value = JSON.parse(text) as T & { readonly schema?: number };
    if (schema === undefined || value.schema === schema) return value;
  } catch (error) {
    throw new UsageError(`${path} is damaged: ${(error as Error).message}`);
  }
  throw new UsageError(`${path} is of another version of testbed, which this one can not read`);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** `latest` beside the run and above it; another run may be doing the same at this moment. */
async function link(parent: string, path: string): Promise<void> {
  await replaceLink(join(parent, "latest"), basename(path));
  await replaceLink(join(dirname(parent), "latest"), join(basename(parent), basename(path)));
}

async function replaceLink(link: string, target: string): Promise<void> {
  const fresh = `${link}-${process.pid}-${basename(target)}`;
  await symlink(target, fresh, "dir");
  await rename(fresh, link);
}
