/** The bench of the checker runs, prints every row, and every verdict in it is right. How fast it is, is not judged. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, unlinkSync } from "node:fs";
import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Part, partsByKey } from "../checker/history/columns.ts";
import { ingest } from "../checker/history/ingest.ts";
import { decideGrowSet } from "../checker/objects/grow-set.ts";
import { decideQueue } from "../checker/objects/queue.ts";
import { decideSetElement } from "../checker/objects/set-element.ts";
import { zones } from "../checker/register/zones.ts";
import { casRegister, decide } from "../checker/search/index.ts";
import { type Case, defaultGrid, fullGrid, quickGrid } from "./checker-cases.ts";
import { writeHistory } from "./checker-history.ts";
import type { Measured } from "./checker-report.ts";
import { Results } from "./checker-results.ts";

/** Histories of each shape. */
const SEEDS = Number(process.env["TESTBED_ROUNDS"] ?? 1);

const PROCEDURES = {
  register: (part: Part) => zones(part, null),
  queue: decideQueue,
  set: decideSetElement,
  "grow-set": decideGrowSet,
  "cas-register": (part: Part) => decide(part, casRegister(null)),
};

const program = fileURLToPath(new URL("../dist/bench/checker.js", import.meta.url));

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bench-checker-test-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test("the plan covers every pair of values, and the targets come first", () => {
  const plan = defaultGrid();
  const inPlan = (test: (one: Case) => boolean): boolean => plan.some(test);
  for (const { family, operations, concurrency, lost, violated, hard } of fullGrid()) {
    if (operations > 1e6 || hard) continue;
    const loss = JSON.stringify(lost);
    const same = (one: Case): boolean => one.family === family;
    for (const other of [concurrency, loss, violated])
      expect(
        inPlan(
          (one) =>
            same(one) &&
            one.operations === operations &&
            [one.concurrency, JSON.stringify(one.lost), one.violated].includes(other),
        ),
      ).toBe(true);
    expect(
      inPlan(
        (one) => same(one) && one.concurrency === concurrency && JSON.stringify(one.lost) === loss,
      ),
    ).toBe(true);
  }
  expect(plan.slice(0, 3).map(({ name }) => name)).toEqual([
    "register 10^6, 20 clients, 1 % lost, valid",
    "cas-register 10^6, 10 clients, 20 lost, valid",
    "cas-register 10^6, 10 clients, 20 lost, invalid",
  ]);
});

test("results are kept by case and code, whatever a run that was ended left in the file", async () => {
  const path = join(directory, "deep", "results.jsonl");
  const [one, other] = quickGrid().map((of): Measured => ({ of, bytes: 1, by: {} }));
  if (one === undefined || other === undefined) throw new Error("there are several cases");
  const first = new Results(path, "v1");
  first.add(one);
  await appendFile(path, '{"version":"v1","measu');
  const second = new Results(path, "v1");
  expect(second.find(one.of.name)).toEqual(one);
  expect(second.find(other.of.name)).toBe(undefined);
  second.add(other);
  const third = new Results(path, "v1");
  expect([third.find(one.of.name), third.find(other.of.name)]).toEqual([one, other]);
  expect(new Results(path, "v2").find(one.of.name)).toBe(undefined);
});

test("each family's violation is one, and without it the history is valid", () => {
  for (const of of fullGrid().filter((one) => one.operations === 1e3)) {
    const path = join(directory, "history.jsonl");
    for (let seed = 1; seed <= SEEDS; seed++) {
      writeHistory(path, { ...of, seed });
      const { columns } = ingest(readFileSync(path));
      unlinkSync(path);
      const [part] = partsByKey(columns);
      if (part === undefined) throw new Error("there is one key");
      const { verdict } = PROCEDURES[of.family](part);
      expect(verdict, `${of.name}, seed ${seed}`).toBe(of.violated ? "invalid" : "valid");
    }
  }
});

test("prints every row and leaves no files", { timeout: 120_000 }, async () => {
  const child = spawn(process.execPath, [program, "--quick"], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const [code] = await once(child, "close");
  expect(code, output).toBe(0);
  for (const row of [
    "register 10^3, 5 clients, 1 % lost, valid",
    "register 10^4, 5 clients, 1 % lost, invalid",
    "queue 10^3, 5 clients, 1 % lost, invalid",
    "set 10^3, 5 clients, 1 % lost, valid",
    "grow-set 10^3, 5 clients, 1 % lost, invalid",
    "cas-register 10^3, 5 clients, 20 lost, valid",
    "cas-register 10^3, 5 clients, 20 lost, invalid",
  ]) {
    const cells = `ms .* ms .* MiB .* ${row.endsWith("invalid") ? "invalid" : "valid"} +\\w`;
    expect(output).toMatch(new RegExp(`^${row.replaceAll("^", "\\^")} .*${cells}`, "m"));
  }
  expect(output).toMatch(/^register: exponent of time over 2 sizes \d.* (met|MISSED)/m);
  expect(output).toMatch(/FOR COMPARISON ONLY/);
  expect(await readdir(directory)).toEqual([]);
});
