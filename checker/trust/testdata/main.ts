/**
 * The long run: `npm run trust`. Writes a line for each job that is done into a file that is named after the code, and
 * goes on where it stopped when it is started again with the same code. `TRUST_MINUTES` bounds it, `TESTBED_SEED` is
 * the first seed, and the words of the command line choose jobs: `npm run trust -- queue random`. With `mutants` as the
 * first word it puts the suite itself to the test; `TRUST_EVERY=7` takes every seventh mutant.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Done, jobs } from "./long-run.ts";
import { tableOf } from "./table.ts";

const BUILD = fileURLToPath(new URL("../../..", import.meta.url));

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const paths = readdirSync(folder, { recursive: true }).map(String).sort();
  for (const path of paths.filter((one) => one.endsWith(".js")))
    hash.update(path).update(readFileSync(`${folder}/${path}`));
  return hash.digest("hex").slice(0, 12);
}

function readDone(path: string): Done[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as Done);
}

function main(): void {
  const seed = Number(process.env["TESTBED_SEED"] ?? 20_264);
  const minutes = Number(process.env["TRUST_MINUTES"] ?? Number.POSITIVE_INFINITY);
  const words = process.argv.slice(2);
  const folder = fileURLToPath(new URL("../../../../", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const path = `${folder}results-${digestOf(BUILD)}.jsonl`;
  const done = readDone(path);
  const known = new Set(done.map(({ key }) => key));
  const all = jobs(seed).filter(({ key }) => words.every((word) => key.includes(word)));
  const open = all.filter(({ key }) => !known.has(key));
  console.log(`results: ${path}\nseeds from ${seed}; ${open.length} of ${all.length} jobs to do`);
  const start = performance.now();
  for (const [number, { key, object, phase, run }] of open.entries()) {
    if (performance.now() - start > minutes * 60_000) break;
    const begin = performance.now();
    const found = run();
    const seconds = (performance.now() - begin) / 1_000;
    const one: Done = { key, object, phase, seconds, ...found };
    done.push(one);
    appendFileSync(path, `${JSON.stringify(one)}\n`);
    for (const mismatch of found.mismatches) console.log(`MISMATCH in ${key}\n${mismatch}`);
    if (number % 100 === 99) console.log(`${number + 1} of ${open.length} jobs`);
  }
  const chosen = done.filter(({ key }) => words.every((word) => key.includes(word)));
  console.log(tableOf(chosen));
  console.log(`${chosen.length} of ${all.length} jobs done; results: ${path}`);
  process.exitCode = chosen.some(({ mismatches }) => mismatches.length > 0) ? 1 : 0;
}

if (process.argv[2] === "mutants") {
  const { runMutants } = await import("./mutants.ts");
  runMutants(process.argv.slice(3));
} else main();
