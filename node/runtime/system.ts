/** What a system under test is to the runtime, and the runtime to a system. */
import type { Clock } from "./clock.ts";
import type { NoteLog } from "./note-log.ts";
import type { Peers } from "./peers.ts";
import type { NodeServer } from "./serve.ts";
import type { TextLog } from "./text-log.ts";

export interface Runtime {
  readonly name: string;
  readonly clock: Clock;
  readonly peers: Peers;
  readonly notes: NoteLog;
  readonly log: TextLog;
  /** The node's own directory; it survives a kill and a restart. */
  readonly dataDirectory: string;
}

export interface Status {
  readonly role: "leader" | "follower" | "replica";
  /** 0 where there are none. */
  readonly epoch: number;
}

export interface System {
  /** Adds its services. Called once, before the node listens. */
  serve(server: NodeServer): void;
  /** The peers are known. Called once. */
  start(): void;
  status(): Status;
  /** Clean end: nothing is acknowledged after it, everything acknowledged is on disk. */
  stop(): Promise<void>;
}
