/** What the bench has opened and must end on every way out: when the work is done, when it fails, on Ctrl-C. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const open = new Set<() => Promise<void>>();
let ending = false;

/** Runs `work`, then `end`, which may be called twice. */
export async function closing<T>(end: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  open.add(end);
  try {
    if (ending) throw new Error("interrupted");
    return await work();
  } finally {
    open.delete(end);
    await end();
  }
}

/** Ends everything that is open, the youngest first. Nothing can be opened after it. */
export async function endAll(): Promise<void> {
  ending = true;
  for (const end of [...open].reverse()) await end().catch(() => undefined);
}

/** Runs `work` with a directory that is gone afterwards. */
export async function inTemporaryDirectory<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), "testbed-bench-"));
  return closing(
    () => rm(path, { recursive: true, force: true }),
    () => work(path),
  );
}
