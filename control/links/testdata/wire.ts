/** For tests: real sockets at both ends of links, and waiting for what arrives there. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";
import { Guard } from "../../cluster/guard.ts";
import type { Endpoint } from "../fault.ts";
import { type Links, startLinks } from "../links.ts";

/** Generous: a machine may be busy; what takes longer hangs. */
export const PATIENCE_MS = 15_000;

/** One end of a connection, with everything that came in and how it ended. */
export class End {
  readonly socket: Socket;
  /** Pieces as they came. */
  readonly chunks: Buffer[] = [];
  bytes = 0;
  ended = false;
  /** An error's code, or `closed` without one. */
  closed: string | undefined;
  #wake: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (data: Buffer) => {
      this.chunks.push(data);
      this.bytes += data.length;
      this.#changed();
    });
    socket.on("end", () => {
      this.ended = true;
      this.#changed();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.closed = error.code ?? error.message;
    });
    socket.on("close", () => {
      this.closed ??= "closed";
      this.#changed();
    });
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  forget(): void {
    this.chunks.length = 0;
    this.bytes = 0;
  }

  async until(what: string, condition: (end: End) => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition(this)) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(
          `waited in vain for ${what}: ${this.bytes} bytes, ended ${this.ended}, ${this.closed ?? "open"}`,
        );
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        this.#wake.push(done);
        timer = setTimeout(done, left);
      });
      clearTimeout(timer);
    }
  }

  gets(bytes: number): Promise<void> {
    return this.until(`${bytes} bytes`, (end) => end.bytes >= bytes);
  }

  async closes(): Promise<string> {
    await this.until("the end of the connection", (end) => end.closed !== undefined);
    return this.closed ?? "";
  }

  #changed(): void {
    const all = this.#wake;
    this.#wake = [];
    for (const wake of all) wake();
  }
}

/** A server that keeps what is opened to it. */
export class Service {
  readonly accepted: End[] = [];
  readonly #server: Server;
  #wake: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.accepted.push(new End(socket));
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  static async start(port = 0): Promise<Service> {
    const server = createServer({ allowHalfOpen: true });
    server.listen({ port, host: "127.0.0.1", backlog: 4096 });
    await once(server, "listening");
    return new Service(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The `index`th connection ever opened to it. */
  async connection(index: number): Promise<End> {
    const deadline = setTimeout(() => {
      for (const wake of this.#wake.splice(0)) wake();
    }, PATIENCE_MS);
    const lateMs = performance.now() + PATIENCE_MS;
    try {
      while (performance.now() < lateMs) {
        const end = this.accepted[index];
        if (end !== undefined) return end;
        await new Promise<void>((done) => this.#wake.push(done));
      }
    } finally {
      clearTimeout(deadline);
    }
    throw new Error(`waited in vain for connection ${index}`);
  }

  async close(): Promise<void> {
    for (const { socket } of this.accepted) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** Resolves when connected. @throws with the error's code as message. */
export async function open(address: string): Promise<End> {
  const colon = address.lastIndexOf(":");
  const socket = connect({
    host: address.slice(0, colon),
    port: Number(address.slice(colon + 1)),
    allowHalfOpen: true,
  });
  const end = new End(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error: NodeJS.ErrnoException) => reject(new Error(error.code)));
  });
  return end;
}

/** One guardian for all tests of a file: each more is a process more. */
let shared: Guard | undefined;

afterAll(() => shared?.close());

/** Links with all that they need, and everything ended at the end. */
export class Bench {
  readonly guard: Guard;
  readonly services = new Map<string, Service>();
  readonly stalls: number[] = [];
  readonly deaths: string[] = [];
  links!: Links;

  private constructor() {
    shared ??= new Guard((error) => {
      throw error;
    });
    this.guard = shared;
  }

  /** A service for each node; clients connect only. */
  static async start(
    nodes: readonly string[],
    {
      clients = [],
      seed = 1,
      shared = false,
    }: { clients?: string[]; seed?: number; shared?: boolean } = {},
  ): Promise<Bench> {
    const bench = new Bench();
    for (const node of nodes) bench.services.set(node, await Service.start());
    const endpoints: Endpoint[] = [
      ...nodes.map((name) => ({
        name,
        kind: "node" as const,
        address: bench.service(name).address,
        ...(shared ? { shared: "127.0.0.1:0" } : {}),
      })),
      ...clients.map((name) => ({ name, kind: "client" as const })),
    ];
    bench.links = await startLinks({
      endpoints,
      seed,
      guard: bench.guard,
      onDeath: (error) => bench.deaths.push(error.message),
      onStall: (ms) => bench.stalls.push(ms),
    });
    return bench;
  }

  service(name: string): Service {
    const service = this.services.get(name);
    if (service === undefined) throw new Error(`no service ${name}`);
    return service;
  }

  /** Opens a connection over a link; both its ends. */
  async pair(from: string, to: string): Promise<[near: End, far: End]> {
    const service = this.service(to);
    const index = service.accepted.length;
    const near = await open(this.links.addressFor(from, to));
    return [near, await service.connection(index)];
  }

  /** Asks the proxy until it is so. */
  async until<T>(ask: () => Promise<T>, so: (answer: T) => boolean): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (so(answer)) return answer;
      if (performance.now() > deadline)
        throw new Error(`waited in vain; the last answer: ${JSON.stringify(answer)}`);
      await new Promise((done) => setTimeout(done, 2));
    }
  }

  async close(): Promise<void> {
    await this.links.close();
    for (const service of this.services.values()) await service.close();
  }
}
