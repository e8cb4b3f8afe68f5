/**
 * Where connections over a link arrive: a port of its own, kept for as long as the proxy lives.
 *
 * To refuse, the listening socket is closed, so that whoever connects is told ECONNREFUSED by the kernel, as by a host
 * without the service; an accepted and then reset connection would look to a client as if it might have been heard.
 * Meanwhile a placeholder socket is bound to the port (it is connected elsewhere), or a stranger might be given it.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class Listener {
  readonly #host: string;
  readonly #onConnection: (socket: Socket) => void;
  /** What placeholders are connected to. */
  readonly #anchor: () => Promise<AddressInfo>;
  #port: number;
  #server: Server | undefined;
  #placeholder: Socket | undefined;

  constructor(
    host: string,
    port: number,
    onConnection: (socket: Socket) => void,
    anchor: () => Promise<AddressInfo>,
  ) {
    this.#host = host;
    this.#port = port;
    this.#onConnection = onConnection;
    this.#anchor = anchor;
  }

  get port(): number {
    return this.#port;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** @throws when the port is taken. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, this.#onConnection);
    server.listen({ host: this.#host, port: this.#port, backlog: 4096 });
    await once(server, "listening");
    // What fails later is one accept (no descriptors left, say): the kernel tells who was connecting.
    server.on("error", () => undefined);
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    // With a reset, or it would linger and might forbid the next placeholder its place.
    this.#placeholder?.resetAndDestroy();
    this.#placeholder = undefined;
  }

  /** What is already open stays. Resolves with what an attempt of ours to connect gets: `ECONNREFUSED`. */
  async refuse(): Promise<string> {
    if (this.#server !== undefined) {
      const anchor = await this.#anchor();
      const server = this.#server;
      this.#server = undefined;
      server.close();
      const local = { localAddress: this.#host, localPort: this.#port };
      this.#placeholder = connect({ host: anchor.address, port: anchor.port, ...local });
      this.#placeholder.on("error", () => undefined);
      await once(this.#placeholder, "connect");
    }
    return this.#probe();
  }

  close(): void {
    this.#server?.close();
    this.#placeholder?.resetAndDestroy();
  }

  async #probe(): Promise<string> {
    const probe = connect({ host: this.#host, port: this.#port });
    try {
      await once(probe, "connect");
      return "connected";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    } finally {
      probe.destroy();
    }
  }
}
