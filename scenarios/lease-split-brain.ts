// The leader that did not know that it had been replaced.
//
// One leader holds a lease from a majority of three. It looks at its lease, which is good, and begins to work on a few
// writes. Then it stands still: a long collection of garbage, a virtual machine moved elsewhere; here, a SIGSTOP. Its
// lease runs out, another node is elected and takes writes. When the first one goes on, it is in the middle of its
// work, behind the line where it looked at the lease. It sends its writes to the replicas, which do as they are told,
// and acknowledges them: two nodes have acted as leader at once.
//
// No second look at the clock can mend that, for the leader may stand still behind that line too. What helps: every
// grant of the lease carries a higher epoch, every write carries the epoch of its leader, and a replica that has seen
// a newer epoch refuses the older one.
import { defineScenario, during, node, pause, registers } from "testbed";
import { linearizable, lostWrites, register, splitBrain } from "testbed/checker";

const claim = "Only one leader acts at a time.";
// Clients wait longer than lease and pause together, so that they see acknowledgements that come late.
// A third of them sits at the leader, so that several writes are in its hands whenever it is stopped.
const workload = registers({
  keys: 4,
  clients: 24,
  writes: 0.8,
  think: "5ms",
  backoff: "80ms",
  timeout: "4s",
});
const check = [splitBrain(), linearizable(register()), lostWrites()];

const trusting = node("lease", { epochs: "ignored", leaseMs: 600, workMs: 20 });
export default defineScenario({
  claim,
  nodes: { n1: trusting, n2: trusting, n3: trusting },
  workload,
  faults: ({ leader }) => [during("1s", "3s", pause(leader))],
  duration: "4s",
  check,
  expect: { invalid: ["split-brain"], also: ["non-linearizable", "lost-write"] },
});

const checking = node("lease", { epochs: "checked", leaseMs: 600, workMs: 20 });
export const epochs = defineScenario({
  claim,
  nodes: { n1: checking, n2: checking, n3: checking },
  workload,
  faults: ({ leader }) => [during("1s", "3s", pause(leader))],
  duration: "4s",
  check,
});
