/** What a way to a server that sends everything back takes: round trips one by one, and a stream. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./bare-hop.js", import.meta.url));

const MESSAGE = Buffer.alloc(100, "ping");
const CHUNK = Buffer.alloc(64 * 1024, 1);

export interface Effort {
  readonly warmUp: number;
  readonly roundTrips: number;
  readonly mebibytes: number;
}

export interface Hop {
  /** Microseconds. */
  readonly medianUs: number;
  readonly p99Us: number;
  /** There and back. */
  readonly mebibytesPerSecond: number;
}

export interface BareHop {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A server, or a proxy to that port, in a process of its own. */
export async function bareHop(to?: number): Promise<BareHop> {
  const child = spawn(process.execPath, to === undefined ? [program] : [program, String(to)], {
    env: {},
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { port: Number(line), pid: child.pid ?? 0, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, "exit");
}

export async function measureHop(port: number, effort: Effort): Promise<Hop> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let got = 0;
  let wanted = 0;
  let arrived = (): void => undefined;
  socket.on("data", (data) => {
    got += data.length;
    if (got >= wanted) arrived();
  });
  const back = (bytes: number): Promise<void> => {
    got = 0;
    wanted = bytes;
    return new Promise((done) => {
      arrived = done;
    });
  };
  try {
    const times: number[] = [];
    for (let trip = -effort.warmUp; trip < effort.roundTrips; trip++) {
      const began = performance.now();
      const answer = back(MESSAGE.length);
      socket.write(MESSAGE);
      await answer;
      if (trip >= 0) times.push((performance.now() - began) * 1000);
    }
    times.sort((a, b) => a - b);
    const total = effort.mebibytes * 2 ** 20;
    const began = performance.now();
    const all = back(total);
    for (let sent = 0; sent < total; sent += CHUNK.length)
      if (!socket.write(CHUNK)) await once(socket, "drain");
    await all;
    const seconds = (performance.now() - began) / 1000;
    return {
      medianUs: at(times, 0.5),
      p99Us: at(times, 0.99),
      mebibytesPerSecond: effort.mebibytes / seconds,
    };
  } finally {
    socket.destroy();
  }
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
