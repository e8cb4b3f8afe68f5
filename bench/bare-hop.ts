/**
 * The floor of a link: the barest thing at each place.
 *
 *     node dist/bench/bare-hop.js          a server that sends back what it gets
 *     node dist/bench/bare-hop.js PORT     a proxy to that port: two sockets, piped into each other
 *
 * Prints its port. When standard input closes, it ends.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

const to = process.argv[2];

function serve(socket: Socket): void {
  const quiet = { noDelay: true, allowHalfOpen: true } as const;
  const far =
    to === undefined ? socket : connect({ port: Number(to), host: "127.0.0.1", ...quiet });
  for (const end of [socket, far]) end.on("error", () => undefined);
  socket.pipe(far);
  if (far !== socket) far.pipe(socket);
}

const server = createServer({ noDelay: true, allowHalfOpen: true }, serve);
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();
