/**
 * A client's connection to the register service of one node: turns an input into a completion.
 *
 * `ok` and `fail` need a positive reason; everything else is `info`. What makes a failure certain is in proto/call.ts.
 */

import { CallError, type Connection, call, connect } from "../../proto/call.ts";
import type { Completion, Seen } from "../../proto/history.ts";
import type { Json } from "../../proto/json.ts";
import type { WireSeen } from "../../proto/wire.ts";
import type { Input } from "./generator.ts";

export interface Answer {
  readonly type: Completion;
  /** Who answered, or was asked last. */
  readonly node: string;
  readonly value: Json;
  readonly error?: string;
  readonly seen?: Seen;
}

/** The node that a client is bound to. Its address may change when it is restarted. */
export interface Endpoint {
  readonly name: string;
  readonly address: string;
}

/** One connection to one node. */
class NodeClient {
  readonly endpoint: Endpoint;
  readonly #token: string;
  readonly #timeoutMs: number;
  #connection: Connection | undefined;

  constructor(endpoint: Endpoint, token: string, timeoutMs: number) {
    this.endpoint = endpoint;
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** Never rejects: what goes wrong is a completion too. */
  async invoke(input: Input, request: string): Promise<Answer> {
    const node = this.endpoint.name;
    const { f, key } = input;
    try {
      if (f === "read") {
        const { value, seen } = await this.#call("Read", { key, request });
        return {
          type: "ok",
          node,
          value: value === "" ? null : (JSON.parse(value) as Json),
          ...seenOf(seen),
        };
      }
      const value = JSON.stringify(input.value);
      const { seen } = await this.#call("Write", { key, value, request });
      return { type: "ok", node, value: input.value, ...seenOf(seen) };
    } catch (error) {
      const definite = error instanceof CallError && error.definite;
      const text = error instanceof Error ? error.message : String(error);
      return { type: definite ? "fail" : "info", node, value: input.value, error: text };
    }
  }

  close(): void {
    this.#connection?.client.close();
  }

  #call<M extends "Read" | "Write">(
    method: M,
    request: Parameters<typeof call<"testbed.client.Register", M>>[3],
  ) {
    return call(this.#connected(), "testbed.client.Register", method, request, this.#timeoutMs);
  }

  #connected(): Connection {
    if (this.#connection?.address !== this.endpoint.address) {
      this.#connection?.client.close();
      this.#connection = connect(this.endpoint.address, this.#token);
    }
    return this.#connection;
  }
}

/**
 * A client with a home node. With more endpoints than that it asks the next one when, and only when, the one before
 * certainly did not do it: then nothing has happened yet, and asking again is the same operation.
 */
export class RegisterClient {
  readonly #nodes: readonly NodeClient[];

  /** The first endpoint is the home. */
  constructor(endpoints: readonly Endpoint[], token: string, timeoutMs: number) {
    if (endpoints.length === 0) throw new Error("a client needs a node");
    this.#nodes = endpoints.map((endpoint) => new NodeClient(endpoint, token, timeoutMs));
  }

  get node(): string {
    return this.#nodes[0]?.endpoint.name ?? "";
  }

  /** Never rejects: what goes wrong is a completion too. `node` of the answer is the one asked last. */
  async invoke(input: Input, request: string): Promise<Answer> {
    let answer: Answer | undefined;
    for (const node of this.#nodes) {
      answer = await node.invoke(input, request);
      if (answer.type !== "fail") break;
    }
    return answer ?? { type: "fail", node: "", value: null };
  }

  close(): void {
    for (const node of this.#nodes) node.close();
  }
}

/** Leaves out what the system did not show. */
function seenOf(wire: WireSeen | null): { seen: Seen } | Record<never, never> {
  if (wire === null) return {};
  const clock = wire.clock;
  return {
    seen: {
      ...(clock === "wall" || clock === "logical" || clock === "hybrid"
        ? { stamp: wire.stamp, by: wire.by, clock }
        : {}),
      ...(wire.epoch === "0" ? {} : { epoch: Number(wire.epoch) }),
      ...(wire.served === "" ? {} : { served: wire.served }),
    },
  };
}
