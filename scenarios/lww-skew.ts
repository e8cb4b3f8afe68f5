// Last write wins believes every wall clock.
//
// Three replicas keep a register. Whoever takes a write stamps it with its own wall clock, and every replica keeps the
// value with the highest stamp. Now one node's clock is half a second behind. Each write that it takes carries a stamp
// from the past: if anybody else wrote the same key within the last half second, the older value has the newer stamp
// and stays. The write was acknowledged, and it is gone, without an error to anyone.
//
// The remedies do not repair the clock. They ask a quorum for the key's highest stamp first and stamp above it, with a
// counter (`lamport`) or with the clock where it is ahead (`hybrid`), so that a write is always above what it followed.
import { defineScenario, during, kill, node, registers, skew } from "testbed";
import { linearizable, lostWrites, register } from "testbed/checker";

const claim = "An acknowledged write is not undone by an older one.";
const workload = registers({ keys: 3, clients: 6, rate: "200/s", writes: 0.4 });
const check = [lostWrites(), linearizable(register())];

const trusting = node("register", { conflicts: "last-write-wins" });
export default defineScenario({
  claim,
  nodes: { n1: trusting, n2: trusting, n3: trusting },
  workload,
  faults: ({ n3 }) => [during("1s", "3s", skew(n3, "-500ms"))],
  duration: "4s",
  check,
  expect: { invalid: ["lost-write"], also: ["non-linearizable"] },
});

// Asks a quorum, then counts.
const counting = node("register", { conflicts: "lamport" });
export const lamport = defineScenario({
  claim,
  nodes: { n1: counting, n2: counting, n3: counting },
  workload,
  faults: ({ n3 }) => [during("1s", "3s", skew(n3, "-500ms"))],
  duration: "4s",
  check,
});

// Asks a quorum, then takes the clock, unless the clock is behind what it was told.
const hybridClock = node("register", { conflicts: "hybrid" });
export const hybrid = defineScenario({
  claim,
  nodes: { n1: hybridClock, n2: hybridClock, n3: hybridClock },
  workload,
  faults: ({ n3 }) => [during("1s", "3s", skew(n3, "-500ms"))],
  duration: "4s",
  check,
});

// A lesson of its own: a logical clock alone is no remedy. It keeps causal order, that is: what a node has heard of,
// it stamps above; what it has not heard of, it cannot. Each key has one writer here, who goes to the next node while
// its own one, n3, is down, and comes back when n3 does. But n3 has slept: it counts on from what it knew, and the
// first writes that it takes lose against values that the same client wrote, and was told are safe, in the meantime.
const deaf = node("register", { conflicts: "logical" });
export const unasked = defineScenario({
  claim,
  nodes: { n1: deaf, n2: deaf, n3: deaf },
  // Many keys, so that reads elsewhere have not told n3 of all of them again before its clients are back.
  workload: registers({
    keys: 30,
    clients: 6,
    writes: 0.6,
    think: "20ms",
    writersPerKey: "one",
    failover: true,
  }),
  faults: ({ n3 }) => [during("500ms", "2s", kill(n3))],
  duration: "3500ms",
  check,
  expect: { invalid: ["lost-write"], also: ["non-linearizable"] },
});
