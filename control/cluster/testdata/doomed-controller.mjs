// A controller that the test kills with -9: it owns three processes like nodes, each the leader of its own group and
// one with a child of its own, and has stopped one of them. Says who they are as one JSON line, then waits.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Guard } from "../../../dist/control/cluster/guard.js";
import { untilState } from "../../../dist/control/cluster/process-state.js";

const guard = new Guard((error) => {
  throw error;
});

function own(command, ...args) {
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  guard.own(child.pid);
  return child;
}

const running = own("sleep", "1000");
const stopped = own("sleep", "1000");
const parent = own("bash", "-c", "sleep 1000 & echo $!; wait");
// Owned once, then ended and disowned: the guardian has no business with whoever gets its pid.
const disowned = own("sleep", "1000");
guard.disown(disowned.pid);

let grandchild;
for await (const line of createInterface({ input: parent.stdout })) {
  grandchild = Number(line);
  break;
}
process.kill(stopped.pid, "SIGSTOP");
await untilState(stopped.pid, (state) => state === "T", 10_000);

console.log(
  JSON.stringify({
    guardian: guard.pid,
    disowned: disowned.pid,
    owned: { running: running.pid, stopped: stopped.pid, parent: parent.pid, grandchild },
  }),
);
setInterval(() => undefined, 1000);
