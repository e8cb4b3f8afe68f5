/**
 * The guardian: a detached process that outlives the controller, however that dies.
 *
 * It reads lines from a pipe that the controller holds: `+PID` for a process that belongs to the run, `-PID` for one
 * that has ended. When the pipe closes, because the controller is done or was killed, it continues and kills every
 * process that is left, with its whole group: a stopped process cannot notice by itself that nobody needs it any more.
 */
import { createInterface } from "node:readline";
import { processState, untilState } from "./process-state.ts";

/** Process id to start time: the kernel may give an old pid to a stranger. */
const owned = new Map<number, Promise<string | undefined>>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+"))
    owned.set(
      pid,
      processState(pid).then((state) => state?.started),
    );
  else owned.delete(pid);
}
await Promise.all([...owned].map(([pid, started]) => end(pid, started)));

async function end(pid: number, started: Promise<string | undefined>): Promise<void> {
  const now = await processState(pid);
  if (now === undefined || now.started !== (await started)) return;
  // Killed first: were it continued first, it would run on for a moment, unsupervised. SIGKILL needs no SIGCONT.
  signalGroup(pid, "SIGKILL");
  signalGroup(pid, "SIGCONT");
  await untilState(pid, (state) => state === "Z", 2000);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid])
    try {
      process.kill(target, signal);
    } catch {
      // It has ended meanwhile, which is what we want.
    }
}
