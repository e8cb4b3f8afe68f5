/** Notes when the controller's own event loop stood still: then faults came late and times lie. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Recorder } from "./recorder.ts";

export const CONTROLLER = "controller";

const EVERY_MS = 25;
const WORTH_A_NOTE_MS = 60;

/** Returns the way to stop watching. */
export function watchController(recorder: Recorder): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const timer = setInterval(() => {
    const ms = Math.round(delay.max / 1e6);
    if (ms >= WORTH_A_NOTE_MS)
      recorder.note(CONTROLLER, process.hrtime.bigint(), { kind: "stall", ms });
    delay.reset();
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
