// A durable log whose disk is full for a while: the test starts this under a limit of the size of files, and the
// program lifts the limit half-way. Says as one JSON line which records it believes to be on disk.
import { execFileSync } from "node:child_process";
import { DurableLog } from "../../../dist/node/runtime/durable-log.js";

const { log } = await DurableLog.open(process.argv[2]);
const acknowledged = [];

async function append(record) {
  await log.append(record).then(
    () => acknowledged.push(record),
    () => undefined,
  );
}

await append("small");
await append("x".repeat(4096));
execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=unlimited"]);
await append("after");
await log.close();
console.log(JSON.stringify(acknowledged));
