/** The other nodes, by name. Their addresses come from the controller and may change: a peer may sit behind a proxy. */
import { type Connection, call, connect } from "../../proto/call.ts";
import type { MethodName, ReplyOf, RequestOf, ServiceName } from "../../proto/wire.ts";

export class Peers {
  readonly #token: string;
  readonly #timeoutMs: number;
  readonly #connections = new Map<string, Connection>();

  /** `timeoutMs`: how long a peer may take to answer. */
  constructor(token: string, timeoutMs: number) {
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** Replaces all addresses; a connection whose address stays is kept. */
  configure(addresses: Readonly<Record<string, string>>): void {
    for (const [name, connection] of this.#connections)
      if (addresses[name] !== connection.address) {
        connection.client.close();
        this.#connections.delete(name);
      }
    for (const [name, address] of Object.entries(addresses))
      if (!this.#connections.has(name)) {
        const connection = connect(address, this.#token);
        // Connects now, or the first operation would have to wait for it.
        connection.client.getChannel().getConnectivityState(true);
        this.#connections.set(name, connection);
      }
  }

  /** Sorted, without the node itself. */
  get names(): string[] {
    return [...this.#connections.keys()].sort();
  }

  /** The same call to every peer, one promise each. */
  callAll<S extends ServiceName, M extends MethodName<S>>(
    service: S,
    method: M,
    request: RequestOf<S, M>,
  ): Promise<ReplyOf<S, M>>[] {
    return [...this.#connections.values()].map((connection) =>
      call(connection, service, method, request, this.#timeoutMs),
    );
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.client.close();
    this.#connections.clear();
  }
}
