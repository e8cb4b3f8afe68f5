/** The controller's door into a node: peers, health, clock. */
import type { WireClockReading, WireClockSetting, WireHealth } from "../../proto/wire.ts";
import type { ClockReading } from "./clock.ts";
import { type NodeServer, Refusal } from "./serve.ts";
import type { Runtime, System } from "./system.ts";

export function serveControl(server: NodeServer, runtime: Runtime, system: System): void {
  let serving = false;
  const health = (): WireHealth => {
    const { role, epoch } = system.status();
    return { name: runtime.name, serving, role, epoch: String(epoch) };
  };
  server.add("testbed.control.Node", {
    Configure: ({ peers }) => {
      runtime.peers.configure(peers);
      if (!serving) system.start();
      serving = true;
      return health();
    },
    Health: health,
    SetClock: ({ wall, monotonic }) => {
      const settings = { wall: fromWire(wall), monotonic: fromWire(monotonic) };
      runtime.clock.setWall(settings.wall);
      runtime.clock.setMonotonic(settings.monotonic);
      runtime.notes.note({ kind: "clock", offsetNs: Number(wall.offsetNs), rate: wall.rate });
      return toWire(runtime.clock.read());
    },
    ReadClock: () => toWire(runtime.clock.read()),
  });
}

function fromWire({ offsetNs, rate, resolutionNs }: WireClockSetting) {
  if (!(rate >= 0) || BigInt(resolutionNs) < 1n)
    throw new Refusal(`no clock runs at rate ${rate} in steps of ${resolutionNs} ns`);
  return { offsetNs, rate, resolutionNs };
}

function toWire(reading: ClockReading): WireClockReading {
  return {
    trueNs: String(reading.trueNs),
    wallNs: String(reading.wallNs),
    monotonicNs: String(reading.monotonicNs),
    trueWallNs: String(reading.trueWallNs),
  };
}
