/**
 * The floor's side of the wire: one service of one .proto file, loaded and called with the least code that grpc-js
 * asks for. It must stay bare: no token, no deadline, no wrapper, or the bench would compare the product with itself.
 */
import { fileURLToPath } from "node:url";
import {
  type Client,
  credentials,
  makeClientConstructor,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

export interface Write {
  readonly key: string;
  readonly value: string;
  /** `COPY` when a server hands the write on to its peers. */
  readonly request: string;
}

export const COPY = "copy";

// The bench runs compiled, from dist/bench.
const file = fileURLToPath(new URL("../../proto/client.proto", import.meta.url));

export const SERVICE = loadSync(file, { longs: String, defaults: true })[
  "testbed.client.Register"
] as ServiceClientConstructor["service"];

const Register = makeClientConstructor(SERVICE, "Register");

export type BareClient = Client & {
  Write(write: Write, done: (error: Error | null) => void): void;
};

export function connect(port: number): BareClient {
  return new Register(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as BareClient;
}

export function send(client: BareClient, write: Write): Promise<void> {
  return new Promise((resolve, reject) => {
    client.Write(write, (error) => (error === null ? resolve() : reject(error)));
  });
}
