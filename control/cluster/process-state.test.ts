import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { processState, untilState } from "./process-state.ts";

const WITHIN_MS = 10_000;

/** A process that sleeps until the test has done with it. */
async function withSleeper(use: (pid: number) => Promise<void>): Promise<void> {
  const child = execa("sleep", ["1000"], { reject: false });
  try {
    await use(child.pid ?? 0);
  } finally {
    child.kill("SIGKILL");
    await child;
  }
}

describe("what the kernel says of a process", () => {
  test("it lives, is stopped, goes on, and is gone", async () => {
    let pid = 0;
    await withSleeper(async (sleeper) => {
      pid = sleeper;
      expect(await untilState(pid, (state) => state === "S", WITHIN_MS)).toBe("S");
      process.kill(pid, "SIGSTOP");
      expect(await untilState(pid, (state) => state === "T", WITHIN_MS)).toBe("T");
      process.kill(pid, "SIGCONT");
      expect(await untilState(pid, (state) => state !== "T", WITHIN_MS)).toMatch(/^[RSD]$/);
    });
    expect(await processState(pid)).toBeUndefined();
  });

  test("since when it is itself, which no signal changes", async () => {
    await withSleeper(async (pid) => {
      const before = await processState(pid);
      process.kill(pid, "SIGSTOP");
      await untilState(pid, (state) => state === "T", WITHIN_MS);
      expect((await processState(pid))?.started).toBe(before?.started);
      expect(before?.started).toMatch(/\d/);
    });
  });

  test("another start for a process of another time", async () => {
    const own = await processState(process.pid);
    await withSleeper(async (pid) => {
      expect((await processState(pid))?.started).not.toBe(own?.started);
    });
  });

  test("nothing of a process that there is not", async () => {
    expect(await processState(2 ** 22 + 1)).toBeUndefined();
    expect(await untilState(2 ** 22 + 1, () => false, WITHIN_MS)).toBeUndefined();
  });

  test("waiting for what does not come ends, with the state as it is", async () => {
    await withSleeper(async (pid) => {
      await untilState(pid, (state) => state === "S", WITHIN_MS);
      expect(await untilState(pid, (state) => state === "T", 50)).toMatch(/^[RSD]$/);
    });
  });

  test.runIf(process.platform === "linux")("also of one with a misleading name", async () => {
    const rename = 'printf ") T 1 (" > /proc/self/comm; echo renamed; read line';
    const child = execa("bash", ["-c", rename], { reject: false, buffer: false, stdin: "pipe" });
    const pid = child.pid ?? 0;
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).toBe("renamed");
      break;
    }
    expect(await readFile(`/proc/${pid}/comm`, "utf8")).toBe(") T 1 (\n");
    expect(await untilState(pid, (state) => state === "S", WITHIN_MS)).toBe("S");
    expect((await processState(pid))?.started).toMatch(/^\d+$/);
    child.kill("SIGKILL");
    await child;
  });
});
