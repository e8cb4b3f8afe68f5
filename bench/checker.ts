/**
 * What a verdict on a history costs, from the file on the disk, as a ratio to nothing but JSON.parse of the same
 * file's lines, measured in the same run, turn and turn about. Each measurement has a process of its own.
 *
 *     npm run bench:checker              about three minutes on an idle machine; 10^3 to 10^6 operations
 *     npm run bench:checker -- --quick   small files, one turn each: does it run?
 *     npm run bench:checker -- --full    10^7 operations too: 3 GB of disk, a few minutes more
 */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type HistoryShape, writeHistory } from "./checker-history.ts";
import type { Measurement, Way } from "./checker-measure.ts";
import { closing, endAll, inTemporaryDirectory } from "./lifetime.ts";
import { median, type Row, tableOf } from "./table.ts";

/** From file to verdict, as a ratio to JSON.parse of its lines, from this many operations on. */
const TARGET = 0.4;
const TARGET_FROM = 1e6;
/** How many times as long ten million may take as one million. */
const TARGET_GROWTH = 11;
/** More than this the engines that are there for comparison are not asked to do. */
const MOST_OBJECTS = 1e4;
const MOST_SEARCHED = 1e4;
const GIVE_UP_MS = 600_000;

type Case = Pick<HistoryShape, "operations" | "concurrency" | "lost" | "keys" | "stale">;

const QUICK = grid([1e3, 1e4], [5, 20], [1]);
const SMALL = grid([1e3, 1e4, 1e5], [5, 20, 100], [0, 1, 5]);
const LARGE: readonly Case[] = [
  { operations: 1e6, concurrency: 5, lost: 0, keys: 1, stale: false },
  { operations: 1e6, concurrency: 20, lost: 1, keys: 1, stale: false },
  { operations: 1e6, concurrency: 20, lost: 1, keys: 100, stale: true },
  { operations: 1e6, concurrency: 100, lost: 5, keys: 1, stale: true },
];
const HUGE: Case = { operations: 1e7, concurrency: 20, lost: 1, keys: 1, stale: false };

/** The odd cases invalid, the even ones valid, so that each size, concurrency and loss has some of both. */
function grid(
  sizes: readonly number[],
  concurrencies: readonly number[],
  losses: readonly number[],
): Case[] {
  return sizes
    .flatMap((operations) =>
      concurrencies.flatMap((concurrency) =>
        losses.map((lost) => ({ operations, concurrency, lost, keys: 1 })),
      ),
    )
    .map((one, index) => ({ ...one, stale: index % 2 === 1 }));
}

interface Measured {
  readonly of: Case;
  readonly bytes: number;
  readonly by: ReadonlyMap<Way, readonly Measurement[]>;
}

async function bench(cases: readonly Case[], turns: (size: number) => number): Promise<void> {
  console.log(machine());
  const all: Measured[] = [];
  await inTemporaryDirectory(async (directory) => {
    for (const [index, one] of cases.entries()) {
      const path = join(directory, `${index}.jsonl`);
      progress(`${index + 1} of ${cases.length}: writing ${nameOf(one)}`);
      const bytes = writeHistory(path, { ...one, seed: index + 1 });
      all.push({ of: one, bytes, by: await measureAll(path, one, turns(one.operations)) });
      await rm(path);
    }
  });
  progress("");
  console.log(`\n${tableOf(all.flatMap(rowsOf))}\n\n${NOTES}\n\n${targets(all).join("\n")}`);
  console.log(`load at the end: ${load()}`);
}

async function measureAll(
  path: string,
  { operations, stale }: Case,
  turns: number,
): Promise<ReadonlyMap<Way, readonly Measurement[]>> {
  const by = new Map<Way, Measurement[]>([
    ["columns", []],
    ["parse", []],
  ]);
  if (operations <= MOST_OBJECTS) by.set("objects", []);
  if (operations <= MOST_SEARCHED) by.set("search", []);
  const ways = [...by];
  for (let turn = 0; turn < turns; turn++)
    for (let step = 0; step < ways.length; step++) {
      const next = ways[(turn + step) % ways.length];
      if (next === undefined) continue;
      const [way, results] = next;
      const comparison = way === "objects" || way === "search";
      if (comparison && turn > 0) continue;
      progress(`${turn + 1} of ${turns}: ${way} of ${operations} operations`);
      const result = await measure(way, path);
      results.push(result);
      const expected = way === "parse" ? result.verdict : stale ? "invalid" : "valid";
      // The search for comparison may give up; nothing may be wrong.
      if (result.verdict !== expected && !(way === "search" && result.verdict === "unknown"))
        throw new Error(`${way} says ${result.verdict}, but the history is ${expected}`);
    }
  return by;
}

const program = fileURLToPath(new URL("checker-measure.js", import.meta.url));

/** In a process of its own, which ends with the bench. */
async function measure(way: Way, path: string): Promise<Measurement> {
  const stop = new AbortController();
  const options = { signal: stop.signal, timeout: GIVE_UP_MS, killSignal: "SIGKILL" } as const;
  const running = promisify(execFile)(process.execPath, [program, way, path], options);
  const { stdout } = await closing(
    async () => stop.abort(),
    () => running,
  );
  return JSON.parse(stdout) as Measurement;
}

function rowsOf({ of, by }: Measured): Row[] {
  const times = (way: Way): number[] => (by.get(way) ?? []).map(({ ms }) => ms);
  const peaks = (by.get("columns") ?? []).map(({ peakMiB }) => peakMiB);
  const parsed = { unit: "ms", kind: "cost", information: true, floor: times("parse") } as const;
  const rows: Row[] = [{ ...parsed, name: nameOf(of), ours: times("columns") }];
  if (of.operations >= TARGET_FROM) {
    const reading = (by.get("columns") ?? []).map(({ readMs }) => readMs ?? Number.NaN);
    rows.push({ ...parsed, name: "  of it reading", ours: reading });
  }
  if (by.has("objects"))
    rows.push({ ...parsed, name: "  engine on objects", ours: times("objects") });
  if (by.has("search")) {
    const gaveUp = by.get("search")?.some(({ verdict }) => verdict === "unknown") === true;
    const name = gaveUp ? "  Wing-Gong-Lowe search, GAVE UP" : "  Wing-Gong-Lowe search";
    rows.push({ ...parsed, name, ours: times("search") });
  }
  const parsing = (by.get("parse") ?? []).map(({ peakMiB }) => peakMiB);
  rows.push({ ...parsed, unit: "MiB", name: "  memory above idle", ours: peaks, floor: parsing });
  return rows;
}

function nameOf({ operations, concurrency, lost, keys, stale }: Case): string {
  const spread = keys === 1 ? "1 key" : `${keys} keys`;
  const size = `10^${Math.round(Math.log10(operations))}`;
  return `${size}, ${concurrency} clients, ${lost} % lost, ${spread}, ${stale ? "invalid" : "valid"}`;
}

/** One line a target: what it is, what was measured, whether it is met. */
function targets(all: readonly Measured[]): string[] {
  const time = ({ by }: Measured, way: Way): number =>
    median((by.get(way) ?? []).map(({ ms }) => ms));
  const large = all.filter(({ of }) => of.operations >= TARGET_FROM);
  const met = (value: number, most: number): string =>
    `${value.toFixed(2)}, <= ${most} ${value <= most ? "met" : "MISSED"}`;
  const lines = large.map(
    (one) =>
      `${nameOf(one.of)}: ${(one.of.operations / time(one, "columns") / 1000).toFixed(2)} million operations a second, ` +
      `${(one.bytes / 2 ** 20 / (time(one, "columns") / 1000)).toFixed(0)} MiB/s; ratio to JSON.parse ` +
      met(time(one, "columns") / time(one, "parse"), TARGET),
  );
  const huge = large.find(({ of }) => of.operations === HUGE.operations);
  const like = large.find(
    ({ of }) => of.operations === HUGE.operations / 10 && of.concurrency === HUGE.concurrency,
  );
  if (huge === undefined || like === undefined) return lines;
  const growth = time(huge, "columns") / time(like, "columns");
  return [...lines, `10^7 to 10^6: ${met(growth, TARGET_GROWTH)}`];
}

const NOTES = `Ours: from the file to the verdict (floor: JSON.parse of its lines and nothing else); medians (least-greatest), a process
each time. Memory: the most that was resident above the process before it began. The search is for comparison only: it
reads by the fast road and gives up at 30,000 configurations; it and the engine on objects have one turn only.`;

function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? "unknown";
  return `node ${process.version}, ${processors.length} x ${model}, load ${load()}`;
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
}

let interrupted = false;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => {
    interrupted = true;
    void endAll().then(() => process.exit(code));
  });

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  },
});
const cases = values.quick ? QUICK : [...SMALL, ...LARGE, ...(values.full ? [HUGE] : [])];
await bench(cases, (size) => (values.quick || size > 1e6 ? 1 : 3)).catch(async (error: unknown) => {
  // What fails because it was ended is no news.
  if (interrupted) return;
  await endAll();
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exitCode = 1;
});
