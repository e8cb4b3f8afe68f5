/**
 * One unary call and what its failure means, for everybody who calls: clients, controller, peers.
 *
 * A call certainly did not happen in two cases only: it was never given to a connection (grpc-js still shows the
 * channel's target as the peer instead of a resolved address), or one of our own nodes promises so in a trailer.
 * Every other failure is unknown: the request may have run, or may still run when a stopped process is continued.
 */
import {
  type Client,
  credentials,
  Metadata,
  makeClientConstructor,
  type ServiceError,
} from "@grpc/grpc-js";
import { DEFINITE_KEY, TOKEN_KEY } from "./node-start.ts";
import {
  definitionOf,
  type MethodName,
  type ReplyOf,
  type RequestOf,
  type ServiceName,
} from "./wire.ts";

/** A call that did not succeed. `definite`: it certainly did not and will not take effect. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: number;
  readonly definite: boolean;
  constructor(error: ServiceError, neverSent: boolean) {
    super(`${error.code} ${error.details}`);
    this.code = error.code;
    this.definite = neverSent || error.metadata?.get(DEFINITE_KEY).length > 0;
  }
}

/** A way to one server: own connection, fast reconnection, no hidden retries, no proxy from the environment. */
export interface Connection {
  readonly address: string;
  readonly client: Client;
  readonly metadata: Metadata;
}

const OPTIONS = {
  "grpc.enable_retries": 0,
  "grpc.enable_http_proxy": 0,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.initial_reconnect_backoff_ms": 50,
  "grpc.max_reconnect_backoff_ms": 100,
};

const Unary = makeClientConstructor({}, "Unary");

export function connect(address: string, token: string): Connection {
  const metadata = new Metadata();
  metadata.set(TOKEN_KEY, token);
  return { address, client: new Unary(address, credentials.createInsecure(), OPTIONS), metadata };
}

/**
 * Calls `service.method`; fails with `CallError` at the latest after `timeoutMs` of real time.
 * The deadline is the network's, not a node's: it does not follow a faked clock.
 */
export function call<S extends ServiceName, M extends MethodName<S>>(
  connection: Connection,
  service: S,
  method: M,
  request: RequestOf<S, M>,
  timeoutMs: number,
): Promise<ReplyOf<S, M>> {
  const definition = definitionOf(service)[method];
  if (definition === undefined) throw new Error(`no method ${method} in ${service}`);
  return new Promise((resolve, reject) => {
    // grpc-js notes a stack trace for each call, which costs more than all else that we do for it. It is of no use:
    // our errors say who called what.
    const traced = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      const running = connection.client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize,
        request,
        connection.metadata,
        { deadline: Date.now() + timeoutMs },
        (error, reply) => {
          if (error === null) resolve(reply as ReplyOf<S, M>);
          else reject(new CallError(error, neverSent(running.getPeer(), connection.address)));
        },
      );
    } finally {
      Error.stackTraceLimit = traced;
    }
  });
}

/** grpc-js answers with the channel's target until the call was given to a connection. */
function neverSent(peer: string, address: string): boolean {
  return peer !== address && peer.endsWith(address);
}
