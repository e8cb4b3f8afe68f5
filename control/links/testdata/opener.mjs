// Opens a connection to each address given (host:port), says so, and holds them until its input ends. With --wait it
// does so when it is sent something.
import { once } from "node:events";
import { connect } from "node:net";

const [wait, ...rest] = process.argv.slice(2);
if (wait === "--wait") await once(process.stdin, "data");
await Promise.all(
  (wait === "--wait" ? rest : [wait, ...rest]).map((address) => {
    const colon = address.lastIndexOf(":");
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon));
    socket.on("error", () => undefined).resume();
    socket.write("from node");
    return new Promise((done) => socket.once("connect", done));
  }),
);
console.log("open");
process.stdin.on("end", () => process.exit(0)).resume();
