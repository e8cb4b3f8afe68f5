import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CallError, type Connection, call, connect } from "../../proto/call.ts";
import { type NodeStart, TRUE_CLOCK } from "../../proto/node-start.ts";
import type { Note } from "../../proto/notes.ts";
import { HarnessError } from "../errors.ts";
import { compiled, Guard } from "./guard.ts";
import { NodeProcess, within } from "./node-process.ts";
import { processState } from "./process-state.ts";

const TOKEN = "secret-of-the-run";
const PATIENT_MS = 20_000;
const NO_PEERS = { conflicts: "lamport", readQuorum: 1, writeQuorum: 1 };

let directory = "";
let guard: Guard;
const nodes: NodeProcess[] = [];
const connections: Connection[] = [];
const notes: { at: bigint; note: Note }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "testbed-node-"));
  guard = new Guard((error) => {
    throw error;
  });
  notes.length = 0;
});
afterEach(async () => {
  for (const { client } of connections.splice(0)) client.close();
  const pids = nodes.map(({ pid }) => pid);
  for (const node of nodes.splice(0)) await node.end();
  await guard.close();
  for (const pid of [...pids, guard.pid]) expect(await processState(pid)).toBeUndefined();
  await rm(directory, { recursive: true, force: true });
});

function start(change: Partial<NodeStart> = {}): NodeStart {
  return {
    name: "n1",
    system: "register",
    options: NO_PEERS,
    dataDirectory: join(directory, "n1"),
    port: 0,
    epoch: { trueNs: String(process.hrtime.bigint()), wallNs: "1700000000000000000" },
    wall: TRUE_CLOCK,
    monotonic: TRUE_CLOCK,
    ...change,
  };
}

async function spawn(change: Partial<NodeStart> = {}): Promise<NodeProcess> {
  const node = await NodeProcess.spawn({
    start: start(change),
    token: TOKEN,
    logPath: join(directory, "n1.log"),
    guard,
    onNote: (at, note) => notes.push({ at, note }),
  });
  nodes.push(node);
  return node;
}

async function connectedTo(node: NodeProcess): Promise<Connection> {
  const connection = connect(`127.0.0.1:${await node.ready}`, TOKEN);
  connections.push(connection);
  await call(connection, "testbed.control.Node", "Configure", { peers: {} }, PATIENT_MS);
  return connection;
}

function write(connection: Connection, value: string, timeoutMs = PATIENT_MS) {
  const request = { key: "k1", value, request: "r1" };
  return call(connection, "testbed.client.Register", "Write", request, timeoutMs);
}

function read(connection: Connection) {
  const request = { key: "k1", request: "r2" };
  return call(connection, "testbed.client.Register", "Read", request, PATIENT_MS);
}

describe("a node's process", () => {
  test("is ready when it listens, answers, and ends when it is told to", async () => {
    const node = await spawn();
    const connection = await connectedTo(node);
    await write(connection, "1");
    expect((await read(connection)).value).toBe("1");
    expect(node.alive).toBe(true);
    expect(await node.end()).toEqual({ code: 0, signal: undefined });
    expect(node.alive).toBe(false);
    expect(await processState(node.pid)).toBeUndefined();
    expect(await readFile(join(directory, "n1.log"), "utf8")).toMatch(
      /listens on.*leaves: SIGTERM/s,
    );
  });

  test("leads its own group, so that Ctrl-C at the terminal does not reach it", async () => {
    const node = await spawn();
    await node.ready;
    const stat = await readFile(`/proc/${node.pid}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined) return expect(process.platform).not.toBe("linux");
    const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    expect(Number(group)).toBe(node.pid);
  });

  test("does not get the user's environment, nor the token as an argument", async () => {
    vi.stubEnv("TESTBED_LEAK", "leaked");
    const node = await spawn();
    vi.unstubAllEnvs();
    await node.ready;
    const of = (what: string) =>
      readFile(`/proc/${node.pid}/${what}`, "utf8").catch(() => undefined);
    const [environment, line] = [await of("environ"), await of("cmdline")];
    if (line === undefined) return expect(process.platform).not.toBe("linux");
    expect(environment).toContain(TOKEN);
    expect(environment).not.toContain("TESTBED_LEAK");
    expect(line).toContain("n1");
    expect(line).not.toContain(TOKEN);
  });

  test("is stopped when pause resolves, and goes on when resume does", async () => {
    const node = await spawn();
    const connection = await connectedTo(node);
    expect(await node.pause()).toBe("T");
    expect((await processState(node.pid))?.state).toBe("T");
    expect(await node.resume()).not.toBe("T");
    await write(connection, "1");
  });

  test("tells, when it goes on, how long it stood still, in true time", async () => {
    const node = await spawn();
    await connectedTo(node);
    const before = process.hrtime.bigint();
    await node.pause();
    // Longer than any stall that it keeps to itself.
    await new Promise((done) => setTimeout(done, 300));
    await node.resume();
    await vi.waitFor(
      () => {
        const stalls = notes.filter(({ note, at }) => note.kind === "stall" && at > before);
        expect(Math.max(...stalls.map(({ note }) => (note as { ms: number }).ms))).toBeGreaterThan(
          200,
        );
      },
      { timeout: PATIENT_MS },
    );
  });

  test("stopped, takes a call that we learn nothing of: it may be carried out later, or not", async () => {
    const node = await spawn();
    const connection = await connectedTo(node);
    await write(connection, "1");
    await node.pause();
    const error = await write(connection, "2", 500).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ code: 4, definite: false });
    await node.resume();
    expect(["1", "2"]).toContain((await read(connection)).value);
  });

  test("killed, gets no call any more, for certain", async () => {
    const node = await spawn();
    const connection = await connectedTo(node);
    await write(connection, "2");
    expect(await node.kill()).toEqual({ code: undefined, signal: "SIGKILL" });
    const error = await write(connection, "3").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ definite: true });
  });

  test("stopped, is ended politely all the same", async () => {
    const node = await spawn();
    await node.ready;
    await node.pause();
    expect(await node.end()).toEqual({ code: 0, signal: undefined });
  });

  test("stopped, can be killed", async () => {
    const node = await spawn();
    await node.ready;
    await node.pause();
    expect(await node.kill()).toEqual({ code: undefined, signal: "SIGKILL" });
    expect(await processState(node.pid)).toBeUndefined();
  });

  test("can be ended, killed, paused and resumed after its end: nothing happens to anybody", async () => {
    const node = await spawn();
    await node.ready;
    const exit = await node.kill();
    expect(await node.kill()).toEqual(exit);
    expect(await node.end()).toEqual(exit);
    expect(await node.pause()).toBeUndefined();
    expect(await node.resume()).toBeUndefined();
  });

  test("comes back after a kill with all that it had acknowledged, at its former port", async () => {
    const first = await spawn();
    const port = await first.ready;
    const connection = await connectedTo(first);
    for (let n = 1; n <= 20; n++) await write(connection, String(n));
    await first.kill();
    const second = await spawn({ port });
    expect(await second.ready).toBe(port);
    expect((await read(await connectedTo(second))).value).toBe("20");
    expect(notes.map(({ note }) => note)).toContainEqual({ kind: "recovered", records: 20 });
  });

  test("takes another port when its former one is taken", async () => {
    const first = await spawn();
    const port = await first.ready;
    const second = await spawn({ name: "n2", dataDirectory: join(directory, "n2"), port });
    expect(await second.ready).not.toBe(port);
  });

  test("leaves when its standard input is closed: the controller is gone", async () => {
    await mkdir(join(directory, "n1"));
    const node = execa(
      process.execPath,
      [compiled("../../node/main.js"), JSON.stringify(start())],
      {
        env: { TESTBED_TOKEN: TOKEN },
        stdio: ["pipe", "pipe", "inherit", "pipe"],
      },
    );
    await once(node.stdio[3] as Readable, "data");
    node.stdin.end();
    expect((await node).stdout).toContain("leaves: the controller is gone");
  });

  test("does not start for somebody who has no token to give it", async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [compiled("../../node/main.js"), JSON.stringify(start())],
      { env: { TESTBED_TOKEN: "" }, stdin: "ignore", reject: false },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("TESTBED_TOKEN is not set");
  });
});

describe("a node that does not come up", () => {
  test("is told of by name, with the reason in its log", async () => {
    const node = await spawn({ system: "raft" });
    await expect(node.ready).rejects.toThrow(HarnessError);
    await expect(node.ready).rejects.toThrow(/node n1 ended with code 1 before it was ready/);
    expect(await readFile(join(directory, "n1.log"), "utf8")).toContain('unknown system "raft"');
  });

  test("because its options are wrong does not start at all", async () => {
    const node = await spawn({ options: { quorum: 3 } });
    await expect(node.ready).rejects.toThrow(/ended with code 1/);
    expect(await readFile(join(directory, "n1.log"), "utf8")).toContain("quorum");
  });
});

describe("a node's clock, set from outside", () => {
  test("is wrong by what was set, exactly, and its stamps with it", async () => {
    const node = await spawn({ options: { ...NO_PEERS, conflicts: "last-write-wins" } });
    const connection = await connectedTo(node);
    const offsetNs = String(-3_600_000_000_000n);
    const reading = await call(
      connection,
      "testbed.control.Node",
      "SetClock",
      { wall: { ...TRUE_CLOCK, offsetNs }, monotonic: TRUE_CLOCK },
      PATIENT_MS,
    );
    expect(BigInt(reading.wallNs) - BigInt(reading.trueWallNs)).toBe(BigInt(offsetNs));
    expect(reading.monotonicNs).toBe(reading.trueNs);
    const { seen } = await write(connection, "1");
    const showing = await call(connection, "testbed.control.Node", "ReadClock", {}, PATIENT_MS);
    expect(BigInt(seen?.stamp ?? 0)).toBeGreaterThanOrEqual(BigInt(reading.wallNs));
    expect(BigInt(seen?.stamp ?? 0)).toBeLessThanOrEqual(BigInt(showing.wallNs));
    expect(notes.map(({ note }) => note)).toContainEqual({
      kind: "clock",
      offsetNs: Number(offsetNs),
      rate: 1,
    });
  });
});

describe("waiting", () => {
  test("for what takes too long is our error, with the words that were given", async () => {
    const never = new Promise(() => undefined);
    await expect(within(1, never, "n1 is late")).rejects.toThrow(new HarnessError("n1 is late"));
  });

  test("gives what came in time, and the failure that came in time", async () => {
    expect(await within(PATIENT_MS, Promise.resolve(3), "late")).toBe(3);
    await expect(within(PATIENT_MS, Promise.reject(new Error("x")), "late")).rejects.toThrow("x");
  });
});
