// A controller that the test kills with -9: it has links with a fault of every kind in force and a connection under
// way. Says who and where they are as one JSON line, then waits.
import { connect, createServer } from "node:net";
import { Guard } from "../../../dist/control/cluster/guard.js";
import { startLinks } from "../../../dist/control/links/links.js";

const guard = new Guard((error) => {
  throw error;
});
const server = createServer((socket) => socket.on("error", () => undefined).resume());
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const links = await startLinks({
  endpoints: [
    { name: "a", kind: "node", address: `127.0.0.1:${server.address().port}` },
    { name: "b", kind: "node" },
    { name: "c", kind: "client" },
  ],
  seed: 1,
  guard,
  onDeath: (error) => {
    throw error;
  },
});
const effects = [
  { f: "cut" },
  { f: "refuse" },
  { f: "reset", everyMs: 10_000 },
  { f: "delay", delay: { shape: "exponential", meanMs: 1000 } },
  { f: "throttle", bytesPerSecond: 10 },
  { f: "drip", bytes: 1, everyMs: 100 },
  { f: "half-open", gone: "from" },
  { f: "corrupt", oneIn: 10 },
];
const ports = [
  ["b", "a"],
  ["c", "a"],
  ["a", "b"],
  ["c", "b"],
].map(([from, to]) => Number(links.addressFor(from, to).split(":")[1]));
const socket = connect(ports[1], "127.0.0.1");
socket.on("error", () => undefined);
await new Promise((done) => socket.on("connect", done));
for (const effect of effects) await links.apply(effect.f, { ...effect, from: "b", to: "a" });
await links.apply("cut of clients", { f: "cut", from: "c", to: "a" });
socket.write("held");
console.log(JSON.stringify({ proxy: links.pid, guardian: guard.pid, ports }));
setInterval(() => undefined, 1000);
