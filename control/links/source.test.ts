/** Which process opened a connection, asked of the kernel about real processes of several kinds. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sources } from "./source.ts";
import { Bench, open } from "./testdata/wire.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`testdata/${name}`, import.meta.url));

const linux = process.platform === "linux";
const python = (await execa("python3", ["--version"], { reject: false })).exitCode === 0;
const nc = (await execa("nc", ["-h"], { reject: false })).code !== "ENOENT";

/** Connections over IPv4 stand in the kernel's table of IPv6 on the side that has a socket of IPv6. */
interface Kind {
  readonly present: boolean;
  readonly host: string;
  readonly command: (address: string) => string[];
}

const KINDS: Record<string, Kind> = {
  node: {
    present: true,
    host: "127.0.0.1",
    command: (address) => [process.execPath, fixture("opener.mjs"), address],
  },
  "node, started by a shell": {
    present: true,
    host: "::",
    command: (address) => [
      "sh",
      "-c",
      `"${process.execPath}" "${fixture("opener.mjs")}" ${address}; true`,
    ],
  },
  python: {
    present: python,
    host: "127.0.0.1",
    command: (address) => ["python3", fixture("opener.py"), address],
  },
  "python, in a child with a session of its own": {
    present: python,
    host: "::",
    command: (address) => ["python3", fixture("opener.py"), "--fork", address],
  },
  "python, by IPv4 on a socket of IPv6": {
    present: python,
    host: "127.0.0.1",
    command: (address) => ["python3", fixture("opener.py"), "--mapped", address],
  },
  nc: {
    present: nc,
    host: "127.0.0.1",
    command: (address) => ["nc", ...address.split(":")],
  },
};

describe.runIf(linux)("the source of a connection", () => {
  let server: Server;
  let accepted: Socket[];
  const children: ReturnType<typeof start>[] = [];

  function start([command = "", ...args]: string[]) {
    const child = execa(command, args, {
      reject: false,
      stdin: "pipe",
      stdout: "ignore",
      detached: true,
    });
    child.stdin.on("error", () => undefined);
    return child;
  }

  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => {
      accepted.push(socket.on("error", () => undefined));
    });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.stdin.end();
      if (child.pid !== undefined)
        try {
          process.kill(-child.pid, "SIGKILL");
        } catch {
          // It has ended.
        }
      await child;
    }
    for (const socket of accepted) socket.destroy();
    server.close();
  });

  async function listen(host: string): Promise<string> {
    server.listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    return `127.0.0.1:${port}`;
  }

  async function opened(command: string[]) {
    const connection = once(server, "connection");
    const child = start(command);
    children.push(child);
    const [socket] = (await connection) as [Socket];
    return { pid: child.pid ?? 0, socket };
  }

  const sourceOf = (sources: Sources, socket: Socket): Promise<string | undefined> =>
    sources.of({
      localAddress: socket.remoteAddress ?? "",
      localPort: socket.remotePort ?? 0,
      remoteAddress: socket.localAddress ?? "",
      remotePort: socket.localPort ?? 0,
    });

  for (const [kind, { present, host, command }] of Object.entries(KINDS))
    test.runIf(present)(`${kind}, listened for at ${host}`, async () => {
      const address = await listen(host);
      const one = await opened(command(address));
      const two = await opened(command(address));
      const sources = new Sources();
      expect(await sourceOf(sources, one.socket)).toBeUndefined();
      sources.own(one.pid, "one");
      sources.own(two.pid, "two");
      expect(await sourceOf(sources, one.socket)).toBe("one");
      expect(await sourceOf(sources, two.socket)).toBe("two");
      const own = await open(address);
      await expect.poll(() => accepted.length).toBe(3);
      expect(await sourceOf(sources, accepted[2] as Socket)).toBeUndefined();
      own.socket.destroy();
    });

  test("an IPv6 connection", async () => {
    const address = await listen("::1");
    const { pid, socket } = await opened([
      process.execPath,
      fixture("opener.mjs"),
      address.replace("127.0.0.1", "::1"),
    ]);
    const sources = new Sources();
    sources.own(pid, "six");
    expect(socket.remoteAddress).toBe("::1");
    expect(await sourceOf(sources, socket)).toBe("six");
  });

  test("many at once are all found", async () => {
    const address = await listen("127.0.0.1");
    const many = Array.from({ length: 100 }, () => address);
    const child = start([process.execPath, fixture("opener.mjs"), ...many]);
    children.push(child);
    await expect.poll(() => accepted.length, { timeout: 15_000 }).toBe(100);
    const sources = new Sources();
    sources.own(child.pid ?? 0, "many");
    const found = await Promise.all(accepted.map((socket) => sourceOf(sources, socket)));
    expect(found).toEqual(many.map(() => "many"));
  });

  test("a process that has ended owns nothing, also none of its former connections", async () => {
    const address = await listen("127.0.0.1");
    const { pid, socket } = await opened([process.execPath, fixture("opener.mjs"), address]);
    const sources = new Sources();
    sources.own(pid, "late");
    process.kill(pid, "SIGKILL");
    await children[0];
    expect(await sourceOf(sources, socket)).toBeUndefined();
  });
});

describe.runIf(linux)("links to nodes with one address for all", () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.start(["a", "b"], { clients: ["p"], shared: true });
  });

  afterEach(async () => {
    await bench.close();
    expect(bench.deaths).toEqual([]);
  });

  test("tell the sources apart, and cut the one that is meant", async () => {
    const { links } = bench;
    const address = links.addressFor("p", "b");
    expect(links.addressFor("a", "b")).toBe(address);
    const options = { reject: false, stdin: "pipe", buffer: false } as const;
    const start = (name: string) => {
      // It connects when it is told to: its process is known by then.
      const args = [fixture("opener.mjs"), "--wait", address];
      const child = execa(process.execPath, args, options);
      child.stdin.on("error", () => undefined);
      return { name, child };
    };
    const started = [start("a"), start("p")];
    for (const { name, child } of started) await links.owns(name, child.pid ?? 0);
    await links.apply("cut", { f: "cut", from: "a", to: "b" });
    await links.apply("refuse", { f: "refuse", from: "p", to: "b" });
    const [a, p] = started;
    a?.child.stdin.write("go\n");
    await bench.until(
      () => links.evidence("cut"),
      ({ waited, bytesHeld }) => waited === 1 && bytesHeld === 9,
    );
    p?.child.stdin.write("go\n");
    await bench.until(
      () => links.evidence("refuse"),
      ({ refused, effective }) => refused === 1 && effective,
    );
    // We ourselves are nobody that is known: no fault hits us.
    const stranger = await open(address);
    const heard = await bench.service("b").connection(0);
    stranger.socket.write("stranger");
    await heard.gets(8);
    expect((await links.state()).connections).toEqual({ "?>b": 1, "a>b": 1 });
    await links.heal("refuse");
    await links.heal("cut");
    await (await bench.service("b").connection(1)).gets(9);
    for (const { child } of started) {
      child.kill("SIGKILL");
      await child;
    }
    await expect(links.owns("x", 1)).rejects.toThrow("no endpoint x");
  });
});
