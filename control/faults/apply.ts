/**
 * How each fault is done to a node and taken back, and the evidence that it took effect. A fault without evidence is
 * not `effective`, and a run with one is inconclusive: planned is not happened.
 */

import type { Json } from "../../proto/json.ts";
import { TRUE_CLOCK } from "../../proto/node-start.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClockOffsets, NodeHandle } from "../cluster/node-handle.ts";
import type { Fault } from "./fault.ts";

export interface Evidence {
  readonly effective: boolean;
  readonly evidence: { readonly [fact: string]: Json };
}

interface Mechanism<F extends Fault> {
  begin(node: NodeHandle, fault: F, cluster: Cluster): Promise<Evidence>;
  end(node: NodeHandle, fault: F, cluster: Cluster): Promise<Evidence>;
}

/** A clock is as wanted when it is this close: the reading travels with the setting, so it is exact but for rounding. */
const CLOCK_TOLERANCE_NS = 1_000_000;

const pause: Mechanism<Fault & { fault: "pause" }> = {
  async begin(node) {
    const state = (await node.process.pause()) ?? "gone";
    return { effective: state === "T", evidence: { pid: node.process.pid, state } };
  },
  async end(node) {
    const state = (await node.process.resume()) ?? "gone";
    const alive = state !== "gone" && state !== "T";
    return { effective: alive, evidence: { pid: node.process.pid, state } };
  },
};

const kill: Mechanism<Fault & { fault: "kill" }> = {
  async begin(node) {
    const { pid } = node.process;
    const { signal } = await node.kill();
    return { effective: signal === "SIGKILL", evidence: { pid, signal: signal ?? "none" } };
  },
  async end(node, _fault, cluster) {
    const before = performance.now();
    await cluster.restart(node);
    const readyMs = Math.round(performance.now() - before);
    return { effective: true, evidence: { pid: node.process.pid, address: node.address, readyMs } };
  },
};

const skew: Mechanism<Fault & { fault: "skew" }> = {
  begin: (node, { offsetNs }) => setOffset(node, offsetNs),
  end: trueAgain,
};

const step: Mechanism<Fault & { fault: "step" }> = {
  async begin(node, { byNs }) {
    const { wallNs } = await node.readClock();
    return setOffset(node, wallNs + byNs);
  },
  end: trueAgain,
};

const drift: Mechanism<Fault & { fault: "drift" }> = {
  async begin(node, { ppm }) {
    const { wallNs } = await node.readClock();
    const rate = 1 + ppm / 1e6;
    const { before, after } = await node.setWall({ ...TRUE_CLOCK, offsetNs: String(wallNs), rate });
    return { effective: true, evidence: { rate, ...showing(before, after) } };
  },
  /** What it drifted to is the evidence that it did. */
  async end(node) {
    const healed = await trueAgain(node);
    const { beforeNs } = healed.evidence;
    return { ...healed, effective: healed.effective && beforeNs !== 0 };
  },
};

const MECHANISMS: { readonly [F in Fault["fault"]]: Mechanism<Fault & { fault: F }> } = {
  pause,
  kill,
  skew,
  step,
  drift,
};

export function begin(fault: Fault, node: NodeHandle, cluster: Cluster): Promise<Evidence> {
  return mechanismOf(fault).begin(node, fault, cluster);
}

export function end(fault: Fault, node: NodeHandle, cluster: Cluster): Promise<Evidence> {
  return mechanismOf(fault).end(node, fault, cluster);
}

function mechanismOf(fault: Fault): Mechanism<Fault> {
  return MECHANISMS[fault.fault] as Mechanism<Fault>;
}

async function setOffset(node: NodeHandle, offsetNs: number): Promise<Evidence> {
  const { before, after } = await node.setWall({ ...TRUE_CLOCK, offsetNs: String(offsetNs) });
  const effective = Math.abs(after.wallNs - offsetNs) <= CLOCK_TOLERANCE_NS;
  return { effective, evidence: showing(before, after) };
}

async function trueAgain(node: NodeHandle): Promise<Evidence> {
  return setOffset(node, 0);
}

/** Offsets from the true wall clock, in nanoseconds, just before and just after. */
function showing(before: ClockOffsets, after: ClockOffsets): { beforeNs: number; afterNs: number } {
  return { beforeNs: before.wallNs, afterNs: after.wallNs };
}
