/**
 * What the harness costs, each time as a ratio to a floor that is measured in the same run, turn and turn about, so
 * that a slow or busy machine slows both.
 *
 *     npm run bench              about two minutes
 *     npm run bench -- --quick   one turn each, a few hundred operations: does it run?
 */
import { parseArgs } from "node:util";
import { inTurn, load, machine, progress, runBench } from "./frame.ts";
import type { Memory } from "./memory.ts";
import { type BareStart, bareStart, ourStart } from "./startup.ts";
import { type Row, tableOf } from "./table.ts";
import { bareThroughput, type Load, ourThroughput, type Throughput } from "./throughput.ts";

interface Effort {
  readonly starts: number;
  readonly loads: number;
  readonly load: Load;
}

const FULL: Effort = { starts: 7, loads: 3, load: { warmUp: 500, measured: 5000 } };
const QUICK: Effort = { starts: 1, loads: 1, load: { warmUp: 100, measured: 300 } };
const SIZES = [3, 5] as const;

async function bench(effort: Effort): Promise<void> {
  console.log(machine());
  // Not counted: it warms up this process and the file cache.
  await ourStart(3);
  await bareStart(3);
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(...(await startRows(size, effort.starts)));
  rows.push(...(await loadRows(effort)));
  console.log(`\n${tableOf(rows)}\n\n${NOTES}\nload at the end: ${load()}`);
}

async function startRows(size: number, times: number): Promise<Row[]> {
  const ours: number[] = [];
  const floor: BareStart[] = [];
  for (let turn = 0; turn < times; turn++) {
    progress(`start of ${size} nodes, ${turn + 1} of ${times}`);
    await inTurn(turn, [
      async () => ours.push(await ourStart(size)),
      async () => floor.push(await bareStart(size)),
    ]);
  }
  const row = { unit: "ms", kind: "cost", ours } as const;
  const all = floor.map(({ allMs }) => allMs);
  const first = floor.map(({ firstMs }) => firstMs);
  return [
    { ...row, name: `first operation, ${size} nodes`, floor: all },
    { ...row, name: "  floor: one has answered", floor: first, information: true },
  ];
}

async function loadRows(effort: Effort): Promise<Row[]> {
  const ours: Throughput[] = [];
  const floor: Throughput[] = [];
  const diskless: Throughput[] = [];
  for (let turn = 0; turn < effort.loads; turn++) {
    progress(`load on 3 nodes, ${turn + 1} of ${effort.loads}`);
    await inTurn(turn, [
      async () => ours.push(await ourThroughput(effort.load)),
      async () => floor.push(await bareThroughput(effort.load, true)),
      async () => diskless.push(await bareThroughput(effort.load, false)),
    ]);
  }
  const rates = (of: readonly Throughput[]): number[] => of.map(({ perSecond }) => perSecond);
  const memory = (of: readonly Throughput[], kind: keyof Memory): number[] =>
    of.flatMap((one) => one.memory.flatMap((node) => node[kind] ?? []));
  const written = { unit: "op/s", kind: "rate", ours: rates(ours) } as const;
  const held = { unit: "MiB", kind: "cost" } as const;
  return [
    { ...written, name: "operations recorded", floor: rates(floor) },
    { ...written, name: "  floor: without disk", floor: rates(diskless), information: true },
    {
      ...held,
      name: "memory per node, PSS",
      ours: memory(ours, "pss"),
      floor: memory(floor, "pss"),
    },
    {
      ...held,
      name: "memory per node, RSS",
      ours: memory(ours, "rss"),
      floor: memory(floor, "rss"),
    },
  ];
}

const NOTES = `Medians (least-greatest). First operation: ours until a write is on the disks of a majority, floor until each of
the bare servers has answered one call. Operations: writes by 10 clients, fdatasync before each answer; ours as read
from history.jsonl. Memory: of each node after the same number of operations.`;

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
await runBench(() => bench(values.quick ? QUICK : FULL));
