/** A node as the controller knows it: name, process, address, clock. It outlives its process: a restart keeps it. */
import { type Connection, call, connect } from "../../proto/call.ts";
import { type ClockSetting, TRUE_CLOCK } from "../../proto/node-start.ts";
import type { Note } from "../../proto/notes.ts";
import type { ResolvedSystem } from "../../proto/systems.ts";
import type { ReplyOf, RequestOf } from "../../proto/wire.ts";
import { HarnessError } from "../errors.ts";
import type { Guard } from "./guard.ts";
import { type Exit, NodeProcess } from "./node-process.ts";

const CALL_MS = 5000;

type Service = "testbed.control.Node";

export interface NodeContext {
  readonly token: string;
  readonly guard: Guard;
  readonly epoch: { readonly trueNs: string; readonly wallNs: string };
  readonly onNote: (node: string, at: bigint, note: Note) => void;
  /** The process ended although nobody asked it to. */
  readonly onDeath: (node: NodeHandle, exit: Exit) => void;
}

/** What the node's clocks show against the truth, in nanoseconds. */
export interface ClockOffsets {
  readonly wallNs: number;
  readonly monotonicNs: number;
}

export class NodeHandle {
  readonly name: string;
  readonly #system: ResolvedSystem;
  readonly #paths: { readonly data: string; readonly log: string };
  readonly #context: NodeContext;
  #process: NodeProcess | undefined;
  /** The latest start: whoever ends the node must not overtake it. */
  #starting: Promise<void> = Promise.resolve();
  #connection: Connection | undefined;
  #port = 0;
  #wall: ClockSetting = TRUE_CLOCK;
  /** While true, the end of the process is our doing. */
  #ending = false;
  #killed = false;

  constructor(
    name: string,
    system: ResolvedSystem,
    paths: { readonly data: string; readonly log: string },
    context: NodeContext,
  ) {
    this.name = name;
    this.#system = system;
    this.#paths = paths;
    this.#context = context;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get process(): NodeProcess {
    if (this.#process === undefined) throw new HarnessError(`node ${this.name} was never started`);
    return this.#process;
  }

  /** Starts the process and waits until it listens. Peers must be told its address, and it theirs. */
  start(): Promise<void> {
    this.#ending = false;
    // A former try may have come half the way: two processes must never share one data directory.
    const former = this.#process?.alive === true ? this.#process.kill() : Promise.resolve();
    const spawning = former.then(() => this.#spawn());
    this.#starting = spawning.then(
      () => undefined,
      () => undefined,
    );
    return spawning.then((child) => this.#settleIn(child));
  }

  async #spawn(): Promise<NodeProcess> {
    const { token, guard, epoch, onNote } = this.#context;
    const child = await NodeProcess.spawn({
      start: {
        name: this.name,
        ...this.#system,
        dataDirectory: this.#paths.data,
        port: this.#port,
        epoch,
        wall: this.#wall,
        monotonic: TRUE_CLOCK,
      },
      token,
      logPath: this.#paths.log,
      guard,
      onNote: (at, note) => onNote(this.name, at, note),
    });
    this.#process = child;
    this.#killed = false;
    return child;
  }

  async #settleIn(child: NodeProcess): Promise<void> {
    const port = await child.ready;
    if (port !== this.#port || this.#connection === undefined) {
      this.#connection?.client.close();
      this.#connection = connect(`127.0.0.1:${port}`, this.#context.token);
    }
    this.#port = port;
    child.exited.then(
      (exit) => {
        if (!this.#ending) this.#context.onDeath(this, exit);
      },
      () => undefined,
    );
  }

  /** Tells the node its peers. Its answer says how it is: a process that listens is not yet one that serves. */
  async configure(peers: Record<string, string>, withinMs = CALL_MS): Promise<void> {
    const { name, serving } = await this.#call("Configure", { peers }, withinMs);
    if (name !== this.name || !serving)
      throw new HarnessError(
        `at ${this.address}, ${name} ${serving ? "answers for" : "does not serve as"} ${this.name}`,
      );
  }

  health(): Promise<ReplyOf<Service, "Health">> {
    return this.#call("Health", {});
  }

  /** Sets the wall clock and tells what it showed before and what it shows now. */
  async setWall(setting: ClockSetting): Promise<{ before: ClockOffsets; after: ClockOffsets }> {
    const before = await this.readClock();
    const reading = await this.#call("SetClock", { wall: setting, monotonic: TRUE_CLOCK });
    this.#wall = setting;
    return { before, after: offsets(reading) };
  }

  async readClock(): Promise<ClockOffsets> {
    return offsets(await this.#call("ReadClock", {}));
  }

  /** Whether the latest process was killed by a fault and not started again. */
  get killed(): boolean {
    return this.#killed;
  }

  /** Kills the process; its data stays. */
  async kill(): Promise<Exit> {
    this.#ending = true;
    this.#killed = true;
    return this.process.kill();
  }

  /** Ends the process: politely, then not. Resolves with how it ended; `undefined` when there was none. */
  async end(): Promise<Exit | undefined> {
    this.#ending = true;
    await this.#starting;
    const exit = await this.#process?.end();
    this.#connection?.client.close();
    return exit;
  }

  #call<M extends "Configure" | "Health" | "SetClock" | "ReadClock">(
    method: M,
    request: RequestOf<Service, M>,
    withinMs = CALL_MS,
  ): Promise<ReplyOf<Service, M>> {
    if (this.#connection === undefined)
      throw new HarnessError(`node ${this.name} was never started`);
    return call(this.#connection, "testbed.control.Node", method, request, withinMs).catch(
      (error) => {
        throw new HarnessError(`node ${this.name} did not answer ${method}: ${error.message}`);
      },
    );
  }
}

function offsets(reading: ReplyOf<Service, "ReadClock">): ClockOffsets {
  return {
    wallNs: Number(BigInt(reading.wallNs) - BigInt(reading.trueWallNs)),
    monotonicNs: Number(BigInt(reading.monotonicNs) - BigInt(reading.trueNs)),
  };
}
