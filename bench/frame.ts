/** What all benches have around them: the machine's line, progress on a terminal, turn and turn about, every way out. */
import { cpus, loadavg } from "node:os";
import { endAll } from "./lifetime.ts";

export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? "unknown";
  return `node ${process.version}, ${processors.length} x ${model}, load ${load()}`;
}

export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");
}

export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`);
}

/** One after the other, each turn beginning with the next one: what drifts hits all alike. */
export async function inTurn(
  turn: number,
  all: readonly (() => Promise<unknown>)[],
): Promise<void> {
  for (let step = 0; step < all.length; step++) await all[(turn + step) % all.length]?.();
}

/** Runs a bench to its end, or ends on a signal what it has begun. */
export async function runBench(bench: () => Promise<void>): Promise<void> {
  let interrupted = false;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => {
      interrupted = true;
      void endAll().then(() => process.exit(code));
    });
  await bench().catch(async (error: unknown) => {
    // What fails because it was ended is no news.
    if (interrupted) return;
    await endAll();
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exitCode = 1;
  });
}
