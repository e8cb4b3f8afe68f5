/**
 * One node: options in, serving process out.
 *
 * Started by the controller with one JSON argument (proto/node-start.ts), the run's token in the environment, notes
 * on file descriptor 3 and the controller's hand on standard input: when that closes, the controller is gone and the
 * node leaves.
 */

import { parseNodeStart, TOKEN_VARIABLE } from "../proto/node-start.ts";
import { resolveSystem } from "../proto/systems.ts";
import { Clock } from "./runtime/clock.ts";
import { serveControl } from "./runtime/control.ts";
import { NoteLog } from "./runtime/note-log.ts";
import { Peers } from "./runtime/peers.ts";
import { NodeServer } from "./runtime/serve.ts";
import { watchStalls } from "./runtime/stall.ts";
import { TextLog } from "./runtime/text-log.ts";
import { openSystem } from "./systems/index.ts";

const NOTES_FD = 3;
const GRACE_MS = 500;

// A log that can not be written (a full disk) must not end a node: it is for people, the notes are for the controller.
process.stdout.on("error", () => undefined);

async function main(): Promise<void> {
  const start = parseNodeStart(process.argv[2] ?? "");
  const token = process.env[TOKEN_VARIABLE] ?? "";
  if (token === "")
    throw new Error(`${TOKEN_VARIABLE} is not set: nodes are started by the controller`);
  const resolved = resolveSystem(start.system, start.options);

  const clock = new Clock({
    epoch: { trueNs: BigInt(start.epoch.trueNs), wallNs: BigInt(start.epoch.wallNs) },
    wall: start.wall,
    monotonic: start.monotonic,
  });
  const notes = new NoteLog(NOTES_FD, clock);
  const log = new TextLog(clock, start.name);
  const peers = new Peers(token, resolved.options.peerTimeoutMs);
  const server = new NodeServer(token);
  const runtime = {
    name: start.name,
    clock,
    peers,
    notes,
    log,
    dataDirectory: start.dataDirectory,
  };
  const system = await openSystem(runtime, resolved);

  const leave = leaveOnce(async (why) => {
    log.write("info", `leaves: ${why}`);
    await system.stop();
    await server.close(GRACE_MS);
    clock.stop();
    peers.close();
    await notes.flush();
  });
  system.serve(server);
  serveControl(server, runtime, system);
  const port = await server.listen(start.port);
  watchStalls(notes);
  process.on("SIGTERM", () => void leave("SIGTERM"));
  process.stdin.on("end", () => void leave("the controller is gone")).resume();
  log.write("info", `listens on 127.0.0.1:${port}, pid ${process.pid}`);
  notes.ready(port);
}

/** The first call leaves; the process ends whatever happens on the way. */
function leaveOnce(leave: (why: string) => Promise<void>): (why: string) => Promise<void> {
  let leaving: Promise<void> | undefined;
  return (why) => {
    leaving ??= leave(why).then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
    return leaving;
  };
}

function fail(error: unknown): never {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);
await main().catch(fail);
