/**
 * Many seeds of one scenario: `1..20`, each result appended to a file as it is known, so that a job that was cut short
 * goes on where it stopped. A result counts for the very plan that it was made with; a changed scenario runs again, and so does a changed program.
 */
import { appendFile, mkdir, readFile, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OutcomeKind } from "../../proto/verdict.ts";
import { UsageError } from "../errors.ts";

export interface SeedResult {
  readonly scenario: string;
  readonly seed: number;
  /** Of the plan, so of scenario, options and seed. */
  readonly plan: string;
  /** Of the program that made it: a result of other code proves nothing of this one. */
  readonly code: string;
  readonly outcome: OutcomeKind;
  readonly sentence: string;
  readonly run: string;
}

const MOST = 100_000;
const LARGEST = 2 ** 31 - 1;

/** `7` or `1..20`. @throws UsageError */
export function parseSeeds(text: string): number[] {
  const match = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last < first || last - first >= MOST || last > LARGEST)
    throw new UsageError(`--seeds: got ${JSON.stringify(text)}, wants a range like 1..20`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** `--seed`: a whole number that fits in 31 bits. @throws UsageError */
export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (seed < 0 || seed > LARGEST)
    throw new UsageError(`--seed: got ${JSON.stringify(text)}, wants one whole number`);
  return seed;
}

export class SeedFile {
  readonly path: string;
  readonly #results: SeedResult[];

  private constructor(path: string, results: SeedResult[]) {
    this.path = path;
    this.#results = results;
  }

  static async open(out: string, scenario: string): Promise<SeedFile> {
    const path = join(out, scenario, "seeds.jsonl");
    const text = await readFile(path, "utf8").catch(() => "");
    // The last line may have been cut short by a kill: then that seed has no result and runs again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const results = whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as SeedResult);
    if (text !== whole) await truncate(path, Buffer.byteLength(whole));
    return new SeedFile(path, results);
  }

  find(seed: number, plan: string, code: string): SeedResult | undefined {
    return this.#results.find(
      (result) => result.seed === seed && result.plan === plan && result.code === code,
    );
  }

  async add(result: SeedResult): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await appendFile(this.path, `${JSON.stringify(result)}\n`);
    this.#results.push(result);
  }
}
