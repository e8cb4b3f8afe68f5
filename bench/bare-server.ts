/**
 * The floor: the barest server that makes the same promise as a node of ours.
 *
 *     node dist/bench/bare-server.js [LOG]
 *
 * Prints its port, then answers `Write`. A line of ports on standard input names its peers: from then on it hands each
 * write on to them and answers when a majority has it. With LOG, having it means that it was appended to that file and
 * that fdatasync came back; writes that arrive meanwhile share the next one. When standard input closes, it ends.
 */
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { type BareClient, COPY, connect, SERVICE, send, type Write } from "./bare-wire.ts";

const path = process.argv[2];
const file = path === undefined ? undefined : await open(path, "a");
let peers: BareClient[] = [];
let batch = "";
let syncing = Promise.resolve();
let next: Promise<void> | undefined;

function keep(write: Write): Promise<void> {
  if (file === undefined) return Promise.resolve();
  batch += `${JSON.stringify(write)}\n`;
  next ??= syncing.then(sync);
  return next;
}

async function sync(): Promise<void> {
  const text = batch;
  batch = "";
  syncing = next ?? syncing;
  next = undefined;
  await file?.write(text);
  await file?.datasync();
}

/** Resolves with the second of three: a majority. */
function spread({ key, value }: Write): Promise<void> {
  const copy = { key, value, request: COPY };
  return new Promise((resolve, reject) => {
    let missing = 2;
    const one = (): void => {
      missing -= 1;
      if (missing === 0) resolve();
    };
    for (const kept of [keep(copy), ...peers.map((peer) => send(peer, copy))])
      kept.then(one, reject);
  });
}

function write(call: ServerUnaryCall<Write, object>, respond: sendUnaryData<object>): void {
  const alone = peers.length === 0 || call.request.request === COPY;
  (alone ? keep(call.request) : spread(call.request)).then(
    () => respond(null, {}),
    (error: Error) => respond(error),
  );
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    peers = (JSON.parse(line) as number[]).map(connect);
    process.stdout.write("configured\n");
  })
  .on("close", () => process.exit(0));

const server = new Server();
server.addService(SERVICE, { Write: write });
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
