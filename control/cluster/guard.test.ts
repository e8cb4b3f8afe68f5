import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { HarnessError } from "../errors.ts";
import { Guard } from "./guard.ts";
import { processState, untilState } from "./process-state.ts";

/** Promised are two seconds; a loaded machine is given more. */
const GONE_WITHIN_MS = 10_000;

interface Family {
  readonly guardian: number;
  readonly disowned: number;
  readonly owned: Readonly<Record<string, number>>;
}

/** A guard whose guardian is expected to live until it is closed. */
function newGuard(): Guard {
  return new Guard((error) => {
    throw error;
  });
}

/** Zombies are dead; whether somebody collects them is not ours to say. */
async function gone(pid: number): Promise<boolean> {
  const state = await untilState(pid, (now) => now === "Z", GONE_WITHIN_MS);
  return state === undefined || state === "Z";
}

describe("the guardian", () => {
  test("ends every process of a controller that was killed with -9, a stopped one among them", async () => {
    const fixture = fileURLToPath(new URL("testdata/doomed-controller.mjs", import.meta.url));
    const controller = execa(process.execPath, [fixture], { reject: false, buffer: false });
    let family: Family | undefined;
    for await (const line of createInterface({ input: controller.stdout })) {
      family = JSON.parse(line) as Family;
      break;
    }
    if (family === undefined) throw new Error("the fixture said nothing");
    const { guardian, disowned, owned } = family;
    try {
      for (const pid of [guardian, disowned, ...Object.values(owned)])
        expect((await processState(pid))?.state).toMatch(/^[RSDT]$/);
      expect((await processState(owned["stopped"] ?? 0))?.state).toBe("T");

      controller.kill("SIGKILL");
      expect((await controller).signal).toBe("SIGKILL");

      const all = Object.entries({ ...owned, guardian });
      const ends = await Promise.all(
        all.map(async ([name, pid]) => ((await gone(pid)) ? [] : [name])),
      );
      expect(ends.flat()).toEqual([]);
      // What was disowned is nobody's business any more.
      expect((await processState(disowned))?.state).toMatch(/^[RSD]$/);
    } finally {
      for (const pid of [disowned, ...Object.values(owned)]) kill(pid);
    }
  });

  test("lets itself be told to end, not killed by a signal to the terminal's group", async () => {
    const guard = newGuard();
    const { pid } = guard;
    const child = execa("sleep", ["1000"], { detached: true, reject: false });
    guard.own(child.pid ?? 0);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) await ignored(pid, signal);
    await guard.close();
    expect(await processState(pid)).toBeUndefined();
    expect((await child).signal).toBe("SIGKILL");
  });

  test("with nobody left to guard it goes at once", async () => {
    const guard = newGuard();
    const child = execa("sleep", ["1000"], { detached: true, reject: false });
    guard.own(child.pid ?? 0);
    child.kill("SIGKILL");
    await child;
    guard.disown(child.pid ?? 0);
    await guard.close();
    expect(await processState(guard.pid)).toBeUndefined();
  });

  test("being told of somebody after it was closed is no failure", async () => {
    const guard = newGuard();
    const { pid } = guard;
    await guard.close();
    guard.disown(1);
    guard.own(2 ** 22 + 1);
    await new Promise((done) => setImmediate(done));
    expect(await processState(pid)).toBeUndefined();
  });

  test("that ends unasked is told of: nobody stands behind the run any more", async () => {
    let guard: Guard | undefined;
    const error = await new Promise<HarnessError>((died) => {
      guard = new Guard(died);
      process.kill(guard.pid, "SIGKILL");
    });
    expect(error.message).toContain("the guardian ended unasked (SIGKILL)");
    await guard?.close();
  });
});

/**
 * Waits until the guardian has installed its handlers (Linux shows caught signals as a mask), then sends one; that it
 * is still there when it is closed says that it ignored it.
 */
async function ignored(pid: number, signal: "SIGINT" | "SIGTERM" | "SIGHUP"): Promise<void> {
  await untilListening(pid);
  process.kill(pid, signal);
}

async function untilListening(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "SigCgt: ffff");
    const caught = BigInt(`0x${/SigCgt:\s*([0-9a-f]+)/.exec(status)?.[1] ?? "0"}`);
    // SIGHUP is 1, SIGINT 2, SIGTERM 15: bits 0, 1 and 14.
    if ((caught & 0x4003n) === 0x4003n) return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone, as it should be.
  }
}
