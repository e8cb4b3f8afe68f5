/**
 * What a node must have on its own disk before anybody else hears of it. If it were killed in between, its next life
 * would not know, and would give the same stamp, or ask for the same epoch, a second time.
 *
 * A real node process whose disk takes nothing more (the kernel refuses every write, by a limit of its own); its peers
 * are real servers in this process, which must not hear a word.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { execa, execaSync } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Connection, call, connect } from "../../proto/call.ts";
import { TOKEN_VARIABLE, TRUE_CLOCK } from "../../proto/node-start.ts";
import { NodeServer } from "../runtime/serve.ts";

const MAIN = fileURLToPath(new URL("../../dist/node/main.js", import.meta.url));
const TOKEN = "disk-first";

let directory: string;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "testbed-disk-first-"));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(directory, { recursive: true, force: true });
});

const canLimit = !execaSync("prlimit", ["--version"], { reject: false }).failed;
const title = (what: string): string =>
  canLimit ? what : `${what}: SKIPPED, for there is no prlimit(1) here`;

/** Starts n1 with these two servers as its peers. With `full`, its disk is full before it knows them. */
async function start(
  system: string,
  options: Record<string, unknown>,
  peers: readonly NodeServer[],
  full: boolean,
): Promise<Connection> {
  const now = String(process.hrtime.bigint());
  const node = execa(
    process.execPath,
    [
      MAIN,
      JSON.stringify({
        name: "n1",
        system,
        options,
        dataDirectory: directory,
        port: 0,
        epoch: { trueNs: now, wallNs: now },
        wall: TRUE_CLOCK,
        monotonic: TRUE_CLOCK,
      }),
    ],
    {
      env: { [TOKEN_VARIABLE]: TOKEN },
      stdio: ["pipe", "ignore", "inherit", "pipe"],
      reject: false,
    },
  );
  const [line] = await once(createInterface({ input: node.stdio[3] as Readable }), "line");
  const connection = connect(`127.0.0.1:${JSON.parse(line).ready.port}`, TOKEN);
  ends.push(async () => {
    connection.client.close();
    node.stdin?.end();
    await node;
    await Promise.all(peers.map((peer) => peer.close(0)));
  });
  if (full) await execa("prlimit", ["--fsize=0", "--pid", String(node.pid)]);
  const ports = await Promise.all(peers.map((peer) => peer.listen(0)));
  const addresses = Object.fromEntries(ports.map((port, i) => [`n${i + 2}`, `127.0.0.1:${port}`]));
  await call(connection, "testbed.control.Node", "Configure", { peers: addresses }, 10_000);
  return connection;
}

test.skipIf(!canLimit).each(["lamport", "hybrid", "logical"])(
  title("register, conflicts %s: a counted stamp"),
  async (conflicts) => {
    const heard = { full: 0, healthy: 0 };
    for (const state of ["full", "healthy"] as const) {
      const peers = [1, 2].map(() => {
        const server = new NodeServer(TOKEN);
        server.add("testbed.replication.Replica", {
          Query: () => ({ value: "", stamp: "-1", by: "" }),
          Store: () => {
            heard[state] += 1;
            return {};
          },
        });
        return server;
      });
      const n1 = await start("register", { conflicts }, peers, state === "full");
      const request = { key: "k", value: "1", request: "" };
      const written = call(n1, "testbed.client.Register", "Write", request, 10_000);
      if (state === "full") await expect(written).rejects.toMatchObject({ definite: false });
      else await written;
    }
    expect(heard.full).toBe(0);
    expect(heard.healthy).toBeGreaterThan(0);
  },
);

test.skipIf(!canLimit)(title("lease: the epoch that it asks for"), async () => {
  let probes = 0;
  let asked = 0;
  let probedAgain: () => void;
  const triedTwice = new Promise<void>((done) => {
    probedAgain = done;
  });
  const peers = [1, 2].map(() => {
    const server = new NodeServer(TOKEN);
    server.add("testbed.replication.Lease", {
      Grant: ({ epoch, probe }) => {
        if (probe) probes += 1;
        else asked += 1;
        // Two campaigns, two peers each: the first one has come to nothing by then.
        if (probes > 2) probedAgain();
        return { granted: true, highest: epoch, entries: [] };
      },
      Accept: () => ({ accepted: true }),
      Confirm: () => ({ confirmed: true }),
    });
    return server;
  });
  await start("lease", {}, peers, true);
  await triedTwice;
  expect(asked).toBe(0);
});
