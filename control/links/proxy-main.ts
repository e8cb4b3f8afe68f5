/**
 * The proxy: a process of its own, so that a busy controller does not slow the links, and a slow link not the
 * controller. Started by links.ts, which speaks protocol.ts with it.
 *
 * It begins with every link as a wire, keeps nothing on disk, and ends when its standard input does: a fault cannot
 * outlive the run. Should it be stopped when the controller dies, the guardian kills it.
 */
import { createInterface } from "node:readline";
import type { Line, Numbered } from "./protocol.ts";
import { LinkProxy } from "./proxy.ts";

const STALL_EVERY_MS = 25;
const STALL_WORTH_TELLING_MS = 60;

const proxy = new LinkProxy();
/** One command after another: a heal must not overtake its fault. */
let last: Promise<void> = Promise.resolve();

for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
process.stdout.on("error", () => process.exit(0));

createInterface({ input: process.stdin })
  .on("line", (text) => {
    const command = JSON.parse(text) as Numbered;
    last = last.then(() => carryOut(command));
  })
  .on("close", () => process.exit(0));

watchStalls();

async function carryOut(command: Numbered): Promise<void> {
  const { id } = command;
  try {
    say({ id, ok: await proxy.carryOut(command) });
  } catch (error) {
    say({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function watchStalls(): void {
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    const stallMs = Math.round(now - before - STALL_EVERY_MS);
    before = now;
    if (stallMs >= STALL_WORTH_TELLING_MS) say({ stallMs });
  }, STALL_EVERY_MS).unref();
}
