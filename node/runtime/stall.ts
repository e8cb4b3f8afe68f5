/**
 * Notices that the process did not run: it was stopped, or the machine gave it no time. A noisy machine must not be
 * taken for a broken system, so the controller is told and weighs it. Uses real timers: it watches the machine.
 */
import type { NoteLog } from "./note-log.ts";

const EVERY_MS = 25;
const WORTH_A_NOTE_MS = 60;

/** Returns the way to stop watching. */
export function watchStalls(notes: NoteLog): () => void {
  let last = process.hrtime.bigint();
  const timer = setInterval(() => {
    const now = process.hrtime.bigint();
    const ms = Number(now - last) / 1e6 - EVERY_MS;
    last = now;
    if (ms >= WORTH_A_NOTE_MS) notes.note({ kind: "stall", ms: Math.round(ms) });
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
