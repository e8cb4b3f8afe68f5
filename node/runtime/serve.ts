/**
 * The node's server: each handler is an async function from request to reply, and an error becomes a status.
 *
 * A `Refusal` is the node's promise that nothing happened and nothing will: it carries the trailer that lets a client
 * record `fail`. Any other error says nothing about what happened, and the client records `info`.
 */
import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { DEFINITE_KEY, TOKEN_KEY } from "../../proto/node-start.ts";
import {
  definitionOf,
  type MethodName,
  type ReplyOf,
  type RequestOf,
  type ServiceName,
} from "../../proto/wire.ts";

/** Nothing was done and nothing will be. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

export type Handlers<S extends ServiceName> = {
  readonly [M in MethodName<S>]: (
    request: RequestOf<S, M>,
  ) => ReplyOf<S, M> | Promise<ReplyOf<S, M>>;
};

export class NodeServer {
  readonly #server = new Server();
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  add<S extends ServiceName>(service: S, handlers: Handlers<S>): void {
    const implementation: UntypedServiceImplementation = {};
    for (const [method, handler] of Object.entries(handlers))
      implementation[method] = this.#wrap(handler as (request: unknown) => unknown);
    this.#server.addService(definitionOf(service), implementation);
  }

  /** Binds to loopback; when `port` is taken, or 0, the kernel chooses. Resolves with the port. */
  async listen(port: number): Promise<number> {
    try {
      return await this.#bind(port);
    } catch (error) {
      if (port === 0) throw error;
      return this.#bind(0);
    }
  }

  /** Lets running calls end, but not for long. */
  close(graceMs: number): Promise<void> {
    return new Promise((done) => {
      const force = setTimeout(() => this.#server.forceShutdown(), graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(force);
        done();
      });
    });
  }

  #bind(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(
        `127.0.0.1:${port}`,
        ServerCredentials.createInsecure(),
        (error, bound) => (error === null ? resolve(bound) : reject(error)),
      );
    });
  }

  #wrap(handler: (request: unknown) => unknown): handleUnaryCall<unknown, unknown> {
    return (call, respond) => {
      if (call.metadata.get(TOKEN_KEY)[0] !== this.#token) {
        respond({ code: status.PERMISSION_DENIED, details: "not of this run" });
        return;
      }
      // An async function, so that what a handler throws at once does not end the process.
      const run = async (): Promise<unknown> => handler(call.request);
      run().then(
        (reply) => respond(null, reply),
        (error: unknown) => respond(statusOf(error)),
      );
    };
  }
}

function statusOf(error: unknown): { code: status; details: string; metadata?: Metadata } {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Refusal)) return { code: status.UNKNOWN, details };
  const metadata = new Metadata();
  metadata.set(DEFINITE_KEY, "1");
  return { code: status.FAILED_PRECONDITION, details, metadata };
}
