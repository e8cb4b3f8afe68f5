/**
 * What a link costs that no fault holds on: a hop through the proxy against a bare one (two piped sockets in a process
 * of its own) and against none, in the same run, turn and turn about.
 *
 *     node dist/bench/links.js             about half a minute
 *     node dist/bench/links.js --quick     does it run?
 */
import { parseArgs } from "node:util";
import { Guard } from "../control/cluster/guard.ts";
import { startLinks } from "../control/links/links.ts";
import { bareHop, type Effort, type Hop, measureHop } from "./hop.ts";
import { closing, endAll } from "./lifetime.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { type Row, tableOf } from "./table.ts";

interface Plan {
  readonly turns: number;
  readonly effort: Effort;
}

const FULL: Plan = { turns: 7, effort: { warmUp: 2000, roundTrips: 10_000, mebibytes: 128 } };
const QUICK: Plan = { turns: 1, effort: { warmUp: 50, roundTrips: 200, mebibytes: 4 } };

/** As many as a cluster of five nodes with five clients has. */
const NODES = 5;
const CLIENTS = 5;

async function bench({ turns, effort }: Plan): Promise<void> {
  const server = await bareHop();
  await closing(server.stop, async () => {
    const bare = await bareHop(server.port);
    await closing(bare.stop, async () => {
      const { links, close } = await ourLinks(server.port);
      await closing(close, async () => {
        const idle = { ours: await memoryOf(links.pid), floor: await memoryOf(bare.pid) };
        const our = Number(links.addressFor("client1", "node1").split(":")[1]);
        const ways: [port: number, into: Hop[]][] = [
          [our, []],
          [bare.port, []],
          [server.port, []],
        ];
        for (let turn = 0; turn < turns; turn++)
          for (let step = 0; step < ways.length; step++) {
            const way = ways[(turn + step) % ways.length];
            way?.[1].push(await measureHop(way[0], effort));
          }
        const [ours = [], floor = [], direct = []] = ways.map(([, hops]) => hops);
        const used = { ours: await memoryOf(links.pid), floor: await memoryOf(bare.pid) };
        console.log(
          tableOf([
            ...rowsOf("", ours, floor, false),
            ...rowsOf("  floor: no hop at all", ours, direct, true),
            ...memoryRows("idle", idle, false),
            // What garbage is left by then is chance.
            ...memoryRows("afterwards", used, true),
          ]),
        );
        console.log(NOTES);
      });
    });
  });
}

async function ourLinks(port: number) {
  const guard = new Guard((error) => {
    throw error;
  });
  const nodes = Array.from({ length: NODES }, (_, index) => `node${index + 1}`);
  const links = await startLinks({
    endpoints: [
      ...nodes.map((name) => ({ name, kind: "node" as const, address: `127.0.0.1:${port}` })),
      ...nodes.slice(0, CLIENTS).map((_, index) => ({
        name: `client${index + 1}`,
        kind: "client" as const,
      })),
    ],
    seed: 1,
    guard,
    onDeath: (error) => {
      throw error;
    },
  });
  return {
    links,
    close: async () => {
      await links.close();
      await guard.close();
    },
  };
}

function rowsOf(
  name: string,
  ours: readonly Hop[],
  floor: readonly Hop[],
  information: boolean,
): Row[] {
  const rows: [string, string, Row["kind"], keyof Hop][] = [
    ["round trip, median", "us", "cost", "medianUs"],
    ["round trip, p99", "us", "cost", "p99Us"],
    ["stream there and back", "MiB/s", "rate", "mebibytesPerSecond"],
  ];
  return rows.map(([what, unit, kind, key]) => ({
    name: information ? `${name}, ${what}` : what,
    unit,
    kind,
    ours: ours.map((hop) => hop[key]),
    floor: floor.map((hop) => hop[key]),
    ...(information ? { information } : {}),
  }));
}

function memoryRows(
  when: string,
  of: { readonly ours: Memory; readonly floor: Memory },
  information: boolean,
): Row[] {
  const list = (value: number | undefined): number[] => (value === undefined ? [] : [value]);
  return (["pss", "rss"] as const).map((kind) => ({
    name: `proxy's memory ${when}, ${kind.toUpperCase()}`,
    unit: "MiB",
    kind: "cost",
    ours: list(of.ours[kind]),
    floor: list(of.floor[kind]),
    ...(information ? { information } : {}),
  }));
}

const NOTES = `
Medians (least-greatest) of the turns. Round trips of 100 bytes, one after another; a hop is passed twice. Ours: the
proxy of ${NODES} nodes and ${CLIENTS} clients, ${NODES * (NODES - 1 + CLIENTS)} listeners. Floor: a proxy of two piped sockets.`;

let interrupted = false;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => {
    interrupted = true;
    void endAll().then(() => process.exit(code));
  });

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
await bench(values.quick ? QUICK : FULL).catch(async (error: unknown) => {
  // What fails because it was ended under it is no news.
  if (interrupted) return;
  await endAll();
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exitCode = 1;
});
