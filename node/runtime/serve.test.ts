import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { CallError, type Connection, call, connect } from "../../proto/call.ts";
import { Peers } from "./peers.ts";
import { type Handlers, NodeServer, Refusal } from "./serve.ts";

type Register = Handlers<"testbed.client.Register">;

const TOKEN = "secret-of-the-run";
/** Longer than anything here takes; a test that expects a deadline brings its own. */
const PATIENT_MS = 20_000;
const seen = { stamp: "9007199254740993", by: "n1", clock: "wall", epoch: "0", served: "n1" };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

async function serving(
  handlers: Partial<Register> = {},
  port = 0,
): Promise<{ port: number; server: NodeServer }> {
  const server = new NodeServer(TOKEN);
  server.add("testbed.client.Register", {
    Read: ({ key }) => ({ value: `"${key}"`, seen }),
    Write: () => ({ seen: null }),
    ...handlers,
  });
  const bound = await server.listen(port);
  undo.push(() => server.close(0));
  return { port: bound, server };
}

function to(port: number, token = TOKEN): Connection {
  const connection = connect(`127.0.0.1:${port}`, token);
  undo.push(() => connection.client.close());
  return connection;
}

/** A port at which something that is no node listens. */
async function strangerAt(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const stranger = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onSocket(socket);
  });
  await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => stranger.close(done));
  });
  return (stranger.address() as { port: number }).port;
}

function read(connection: Connection, timeoutMs = PATIENT_MS) {
  const request = { key: "k1", request: "r1" };
  return call(connection, "testbed.client.Register", "Read", request, timeoutMs);
}

async function failure(calling: Promise<unknown>): Promise<CallError> {
  const error = await calling.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof CallError) return error;
  throw error;
}

describe("a call", () => {
  test("has its answer, with integers above 2^53 whole", async () => {
    const { port } = await serving();
    expect(await read(to(port))).toEqual({ value: '"k1"', seen });
  });

  test("shows what the node left out as null", async () => {
    const { port } = await serving();
    const request = { key: "k1", value: "1", request: "r1" };
    const reply = await call(to(port), "testbed.client.Register", "Write", request, PATIENT_MS);
    expect(reply).toEqual({ seen: null });
  });

  test("does not go through a proxy that the environment names", async () => {
    const { port } = await serving();
    const before = process.env["http_proxy"];
    process.env["http_proxy"] = "http://127.0.0.1:1";
    undo.push(() => {
      if (before === undefined) delete process.env["http_proxy"];
      else process.env["http_proxy"] = before;
    });
    expect(await read(to(port))).toMatchObject({ value: '"k1"' });
  });

  test("of a method that there is not is a bug of ours", async () => {
    const { port } = await serving();
    const service = "testbed.client.Register";
    expect(() => call(to(port), service, "Delete" as "Read", { key: "", request: "" }, 1)).toThrow(
      /no method Delete/,
    );
  });
});

describe("a call that certainly did not happen", () => {
  test("was refused by the node", async () => {
    const { port } = await serving({
      Read: () => {
        throw new Refusal("n1 does not lead");
      },
    });
    const error = await failure(read(to(port)));
    expect(error).toMatchObject({ definite: true });
    expect(error.message).toContain("n1 does not lead");
  });

  test("found nobody listening", async () => {
    const { port, server } = await serving();
    await server.close(0);
    expect((await failure(read(to(port)))).definite).toBe(true);
  });

  test("found somebody who does not speak the protocol", async () => {
    const port = await strangerAt((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect((await failure(read(to(port), 3000))).definite).toBe(true);
  });

  test("found somebody who accepted and never said a word", async () => {
    const port = await strangerAt(() => undefined);
    expect((await failure(read(to(port), 300))).definite).toBe(true);
  });
});

describe("a call of which we do not know", () => {
  test("ended with an error of the node: it may have done half of it", async () => {
    const { port } = await serving({
      Read: () => {
        throw new Error("disk full");
      },
    });
    const error = await failure(read(to(port)));
    expect(error.definite).toBe(false);
    expect(error.message).toContain("disk full");
  });

  test("was not answered in time", async () => {
    let asked = 0;
    const { port } = await serving({
      Read: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    // With a connection that stands: what is given to it is on its way.
    const connection = to(port);
    await call(
      connection,
      "testbed.client.Register",
      "Write",
      { key: "k", value: "1", request: "r" },
      PATIENT_MS,
    );
    const error = await failure(read(connection, 500));
    expect(error).toMatchObject({ code: 4, definite: false });
    expect(asked).toBe(1);
  });

  test("lost its connection on the way", async () => {
    const { port, server } = await serving({
      Read: () => {
        void server.close(0);
        return new Promise(() => undefined);
      },
    });
    expect((await failure(read(to(port)))).definite).toBe(false);
  });
});

describe("a node's server", () => {
  test("refuses a call without the run's token, and runs nothing", async () => {
    let ran = false;
    const { port } = await serving({
      Read: () => {
        ran = true;
        return { value: "", seen: null };
      },
    });
    const error = await failure(read(to(port, "of another run")));
    expect(error).toMatchObject({ code: 7 });
    expect(error.message).toContain("not of this run");
    expect(ran).toBe(false);
  });

  test("takes another port when the one that it is asked for is taken", async () => {
    const taken = await strangerAt(() => undefined);
    const { port } = await serving({}, taken);
    expect(port).not.toBe(taken);
    expect(await read(to(port))).toMatchObject({ value: '"k1"' });
  });

  test("takes the port that it is asked for when it is free", async () => {
    const first = await serving();
    await first.server.close(0);
    expect((await serving({}, first.port)).port).toBe(first.port);
  });

  test("goes on after a handler has thrown", async () => {
    let first = true;
    const { port } = await serving({
      Read: () => {
        if (!first) return { value: "1", seen: null };
        first = false;
        throw new TypeError("a bug");
      },
    });
    const connection = to(port);
    await failure(read(connection));
    expect(await read(connection)).toMatchObject({ value: "1" });
  });

  test("lets running calls end before it closes", async () => {
    let asked = (): void => undefined;
    let answer = (): void => undefined;
    const waiting = new Promise<void>((done) => {
      asked = done;
    });
    const { port, server } = await serving({
      Read: () =>
        new Promise((done) => {
          answer = () => done({ value: "1", seen: null });
          asked();
        }),
    });
    const reading = read(to(port));
    await waiting;
    const closed = server.close(PATIENT_MS);
    answer();
    expect(await reading).toMatchObject({ value: "1" });
    await closed;
  });
});

describe("peers", () => {
  function peers(timeoutMs = PATIENT_MS): Peers {
    const all = new Peers(TOKEN, timeoutMs);
    undo.push(() => all.close());
    return all;
  }
  const readAll = (all: Peers) =>
    Promise.allSettled(
      all.callAll("testbed.client.Register", "Read", { key: "k1", request: "r1" }),
    );
  const answering = (value: string) => serving({ Read: () => ({ value, seen: null }) });

  test("are all asked, one promise each", async () => {
    const [a, b] = [await answering("a"), await answering("b")];
    const all = peers();
    all.configure({ n3: `127.0.0.1:${b.port}`, n2: `127.0.0.1:${a.port}` });
    expect(all.names).toEqual(["n2", "n3"]);
    const values = await Promise.all(
      all.callAll("testbed.client.Register", "Read", { key: "k1", request: "r1" }),
    );
    expect(values.map(({ value }) => value).sort()).toEqual(["a", "b"]);
  });

  test("that are not there fail by themselves", async () => {
    const [a, gone] = [await answering("a"), await answering("gone")];
    await gone.server.close(0);
    const all = peers();
    all.configure({ n2: `127.0.0.1:${a.port}`, n3: `127.0.0.1:${gone.port}` });
    expect((await readAll(all)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  test("that moved are asked where they are now", async () => {
    const [old, now] = [await answering("old"), await answering("now")];
    const all = peers();
    all.configure({ n2: `127.0.0.1:${old.port}` });
    all.configure({ n2: `127.0.0.1:${now.port}` });
    expect(await readAll(all)).toMatchObject([{ value: { value: "now" } }]);
  });

  test("that are no longer named are asked no more", async () => {
    const { port } = await answering("a");
    const all = peers();
    all.configure({ n2: `127.0.0.1:${port}`, n3: `127.0.0.1:${port}` });
    all.configure({ n3: `127.0.0.1:${port}` });
    expect(all.names).toEqual(["n3"]);
    all.close();
    expect(all.names).toEqual([]);
  });
});
