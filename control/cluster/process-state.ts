/** What the kernel says of a process: whether it lives, whether it is stopped, and since when it is itself. */
import { readFile } from "node:fs/promises";

export interface ProcessState {
  /** One letter as in ps: R running, S sleeping, T stopped, Z dead and not yet collected, ... */
  readonly state: string;
  /** When it started, in the kernel's own unit: a pid with another start is another process. */
  readonly started: string;
}

/** `undefined` when there is no such process. */
export async function processState(pid: number): Promise<ProcessState | undefined> {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

async function fromProc(pid: number): Promise<ProcessState | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold anything; the fields begin after the last bracket.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "?", started: fields[19] ?? "?" };
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<ProcessState | undefined> {
  // Loaded only here: the guardian, which every run starts, would spend more time on loading it than on all else.
  const { execa } = await import("execa");
  const { stdout, failed } = await execa("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
    reject: false,
  });
  const text = stdout.trim();
  if (failed || text === "") return undefined;
  return { state: text.slice(0, 1), started: text.slice(1).trim() };
}

/**
 * Waits until the process is as wanted, looking every millisecond or two.
 * @returns the last state seen; `undefined` when there is no such process (any more).
 */
export async function untilState(
  pid: number,
  wanted: (state: string) => boolean,
  withinMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const state = (await processState(pid))?.state;
    if (state === undefined || wanted(state) || performance.now() > deadline) return state;
    await new Promise((done) => setTimeout(done, 1));
  }
}
