/** Loads the .proto files and gives each service a type: messages as the loader shapes them (int64 as strings). */
import { fileURLToPath } from "node:url";
import type { ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";

/** Shapes of one unary method. */
export interface Method<Request, Reply> {
  readonly request: Request;
  readonly reply: Reply;
}

export interface WireSeen {
  stamp: string;
  by: string;
  clock: string;
  epoch: string;
  served: string;
}
export interface WireVersioned {
  value: string;
  stamp: string;
  by: string;
}
export interface WireEntry {
  key: string;
  value: string;
  epoch: string;
  sequence: string;
}
export interface WireClockSetting {
  offsetNs: string;
  rate: number;
  resolutionNs: string;
}
export interface WireClockReading {
  trueNs: string;
  wallNs: string;
  monotonicNs: string;
  trueWallNs: string;
}
export interface WireHealth {
  name: string;
  serving: boolean;
  role: string;
  epoch: string;
}
type Nothing = Record<never, never>;

/** All services, by the name that grpc knows them by. */
export interface Services {
  "testbed.client.Register": {
    Read: Method<{ key: string; request: string }, { value: string; seen: WireSeen | null }>;
    Write: Method<{ key: string; value: string; request: string }, { seen: WireSeen | null }>;
  };
  "testbed.replication.Replica": {
    Query: Method<{ key: string }, WireVersioned>;
    Store: Method<{ key: string; versioned: WireVersioned }, Nothing>;
  };
  "testbed.replication.Lease": {
    Grant: Method<
      { epoch: string; holder: string; durationMs: string; probe: boolean },
      { granted: boolean; highest: string; entries: WireEntry[] }
    >;
    Accept: Method<
      { epoch: string; leader: string; entries: WireEntry[]; request: string },
      { accepted: boolean }
    >;
    Confirm: Method<{ epoch: string }, { confirmed: boolean }>;
  };
  "testbed.control.Node": {
    Configure: Method<{ peers: Record<string, string> }, WireHealth>;
    Health: Method<Nothing, WireHealth>;
    SetClock: Method<{ wall: WireClockSetting; monotonic: WireClockSetting }, WireClockReading>;
    ReadClock: Method<Nothing, WireClockReading>;
  };
}

export type ServiceName = keyof Services;
export type MethodName<S extends ServiceName> = keyof Services[S] & string;
export type RequestOf<S extends ServiceName, M extends MethodName<S>> =
  Services[S][M] extends Method<infer Request, unknown> ? Request : never;
export type ReplyOf<S extends ServiceName, M extends MethodName<S>> =
  Services[S][M] extends Method<unknown, infer Reply> ? Reply : never;

const FILES = ["client.proto", "replication.proto", "control.proto"] as const;

/** The .proto files lie beside the sources, two levels above when this file runs compiled from dist/proto. */
function protoDirectory(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  return /[\\/]dist[\\/]proto[\\/]$/.test(here)
    ? fileURLToPath(new URL("../../proto/", import.meta.url))
    : here;
}

let loaded: PackageDefinition | undefined;

/** The definition of one service, for a server or a client of grpc-js. */
export function definitionOf(service: ServiceName): ServiceClientConstructor["service"] {
  loaded ??= loadSync([...FILES], {
    includeDirs: [protoDirectory()],
    longs: String,
    defaults: true,
    arrays: true,
    objects: true,
  });
  const found = loaded[service];
  if (found === undefined) throw new Error(`no service ${service} in ${FILES.join(", ")}`);
  return found as ServiceClientConstructor["service"];
}
