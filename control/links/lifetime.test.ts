/** Links end with the run, however that ends, and nothing of them is left. */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compiled } from "../cluster/guard.ts";
import { processState, untilState } from "../cluster/process-state.ts";
import { Bench, open, PATIENCE_MS } from "./testdata/wire.ts";

interface Doomed {
  readonly proxy: number;
  readonly guardian: number;
  readonly ports: readonly number[];
}

async function gone(pid: number): Promise<boolean> {
  const state = await untilState(pid, (now) => now === "Z", PATIENCE_MS);
  return state === undefined || state === "Z";
}

describe("a controller that is killed with -9 while faults of every kind hold", () => {
  test.each(["running", "stopped"])("takes its %s proxy with it, and all ports", async (how) => {
    const fixture = fileURLToPath(new URL("testdata/doomed-links.mjs", import.meta.url));
    const controller = execa(process.execPath, [fixture], { reject: false, buffer: false });
    let doomed: Doomed | undefined;
    for await (const line of createInterface({ input: controller.stdout })) {
      doomed = JSON.parse(line) as Doomed;
      break;
    }
    if (doomed === undefined) throw new Error("the fixture said nothing");
    const { proxy, guardian, ports } = doomed;
    try {
      expect((await processState(proxy))?.state).toMatch(/^[RS]$/);
      const living = await open(`127.0.0.1:${ports[1]}`);
      if (how === "stopped") {
        process.kill(proxy, "SIGSTOP");
        expect(await untilState(proxy, (state) => state === "T", PATIENCE_MS)).toBe("T");
      }
      controller.kill("SIGKILL");
      expect((await controller).signal).toBe("SIGKILL");
      expect(await gone(proxy)).toBe(true);
      expect(await gone(guardian)).toBe(true);
      await living.until("its end", ({ ended, closed }) => ended || closed !== undefined);
      for (const port of ports)
        await expect(open(`127.0.0.1:${port}`), `port ${port}`).rejects.toThrow("ECONNREFUSED");
    } finally {
      kill(proxy);
    }
  });
});

test("without a guardian, too, the proxy leaves when its controller has", async () => {
  const child = execa(process.execPath, [compiled("../links/proxy-main.js")], { reject: false });
  child.stdin.write(`${JSON.stringify({ id: 1, do: "state" })}\n`);
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ id: 1, ok: { faults: [] } });
    break;
  }
  // Neither of these is for it: it is the controller's to decide when links end.
  for (const signal of ["SIGINT", "SIGHUP"] as const) child.kill(signal);
  expect(child.exitCode).toBe(null);
  child.stdin.end();
  expect((await child).exitCode).toBe(0);
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone, as it should be.
  }
}

describe("closing", () => {
  test("heals what holds, ends the process and closes its ports; twice is no harm", async () => {
    const bench = await Bench.start(["a", "b"]);
    const { pid } = bench.links;
    const address = bench.links.addressFor("a", "b");
    const [near, far] = await bench.pair("a", "b");
    await bench.links.apply("f", { f: "cut", from: "a", to: "b" });
    near.socket.write("held");
    await bench.until(
      () => bench.links.evidence("f"),
      ({ bytesHeld }) => bytesHeld === 4,
    );
    await bench.links.close();
    await bench.links.close();
    await far.gets(4);
    expect(await processState(pid)).toBeUndefined();
    await near.until("its end", ({ ended, closed }) => ended || closed !== undefined);
    await expect(open(address)).rejects.toThrow("ECONNREFUSED");
    await expect(bench.links.state()).rejects.toThrow("the links are closed");
    // What it did is still known.
    expect(await bench.links.heal("f")).toMatchObject({ bytesHeld: 4, bytesReleased: 4 });
    expect(bench.deaths).toEqual([]);
    await bench.close();
  });

  test("ends a proxy that is stopped", { timeout: 60_000 }, async () => {
    const bench = await Bench.start(["a", "b"]);
    process.kill(bench.links.pid, "SIGSTOP");
    await untilState(bench.links.pid, (state) => state === "T", PATIENCE_MS);
    await bench.close();
    expect(await processState(bench.links.pid)).toBeUndefined();
    expect(bench.deaths).toEqual([]);
  });
});

describe("a proxy that ends unasked", () => {
  test("fails the run, and whoever asks it", async () => {
    const bench = await Bench.start(["a", "b"]);
    await bench.links.apply("f", { f: "refuse", from: "a", to: "b" });
    process.kill(bench.links.pid, "SIGSTOP");
    const asked = bench.links.state();
    const refused = expect(asked).rejects.toThrow("ended unasked (SIGKILL)");
    process.kill(bench.links.pid, "SIGKILL");
    await refused;
    expect(bench.deaths).toEqual(["the proxy of all links ended unasked (SIGKILL)"]);
    await expect(bench.links.heal("f")).rejects.toThrow("ended unasked");
    await expect(bench.links.apply("g", { f: "cut", from: "a", to: "b" })).rejects.toThrow(
      "ended unasked",
    );
    await bench.close();
  });

  test("a stopped one is told of when it goes on: it stood still", async () => {
    const bench = await Bench.start(["a", "b"]);
    process.kill(bench.links.pid, "SIGSTOP");
    await untilState(bench.links.pid, (state) => state === "T", PATIENCE_MS);
    const began = performance.now();
    await new Promise((done) => setTimeout(done, 200));
    const stoppedMs = performance.now() - began;
    process.kill(bench.links.pid, "SIGCONT");
    await bench.until(
      async () => bench.stalls,
      (stalls) => stalls.some((ms) => ms >= 150 && ms < stoppedMs + PATIENCE_MS),
    );
    await bench.close();
  });
});
