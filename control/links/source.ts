/**
 * Who opened a connection: for programs that all get the same address of a peer, so that the address does not tell.
 *
 * The kernel lists each socket with its inode (/proc/net/tcp), and each process its open sockets (/proc/PID/fd): the
 * process tree that holds the other end of our connection is the source. Needs no privilege, only the same user, and
 * works for every program, static ones included. Linux only.
 *
 * A process must be known before it connects, and a connection that its opener has already closed again has no owner.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import { isIPv6 } from "node:net";

/** The two ends of a connection as the one who opened it sees them. */
export interface Ends {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

export class Sources {
  readonly #roots = new Map<number, string>();
  /** Reads of the kernel's tables; a look-up that finds one under way waits for the next, shared by all that do. */
  #reading: Promise<string> | undefined;
  #next: Promise<string> | undefined;

  /** This process and all that descend from it are this endpoint. */
  own(pid: number, endpoint: string): void {
    this.#roots.set(pid, endpoint);
  }

  /** `undefined` when none of the processes holds the connection. */
  async of(ends: Ends): Promise<string | undefined> {
    const inode = inodeOf(await this.#tables(), ends);
    if (inode === undefined) return undefined;
    const wanted = `socket:[${inode}]`;
    // The youngest first: a process that was started again has not inherited from its former self.
    for (const [root, endpoint] of [...this.#roots].reverse()) {
      const pids = await treeOf(root);
      if (pids.length === 0) this.#roots.delete(root);
      for (const pid of pids) if (await holds(pid, wanted)) return endpoint;
    }
    return undefined;
  }

  #tables(): Promise<string> {
    if (this.#reading === undefined) {
      const reading = readTables().finally(() => {
        this.#reading = undefined;
      });
      this.#reading = reading;
      return reading;
    }
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#tables();
      });
    return this.#next;
  }
}

async function readTables(): Promise<string> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "latin1").catch(() => "")),
  );
  return tables.join("");
}

/** Columns: local, remote, state, queues, timer, retransmits, uid, timeout, inode. Inode 0: nobody holds it. */
function inodeOf(tables: string, ends: Ends): string | undefined {
  for (const wide of [false, true]) {
    const local = hexadecimal(ends.localAddress, ends.localPort, wide);
    const remote = hexadecimal(ends.remoteAddress, ends.remotePort, wide);
    if (local === undefined || remote === undefined) continue;
    const at = tables.indexOf(`: ${local} ${remote} `);
    if (at < 0) continue;
    const line = tables.slice(at + 2, tables.indexOf("\n", at)).trim();
    const inode = line.split(/\s+/)[8];
    if (inode !== undefined && inode !== "0") return inode;
  }
  return undefined;
}

/** As the kernel prints it: each 32-bit word in the machine's order, which is little-endian wherever Node runs. */
function hexadecimal(address: string, port: number, wide: boolean): string | undefined {
  const mapped = address.replace(/^::ffff:(?=\d+\.)/, "");
  const place = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  if (!isIPv6(mapped)) {
    const word = mapped.split(".").reverse().map(byte).join("");
    return (wide ? `0000000000000000FFFF0000${word}` : word) + place;
  }
  // Nobody but the loopback address is listened at.
  return wide && mapped === "::1" ? `${"0".repeat(24)}01000000${place}` : undefined;
}

function byte(text: string): string {
  return Number(text).toString(16).toUpperCase().padStart(2, "0");
}

/** The process and its descendants; empty when it has ended. */
async function treeOf(root: number): Promise<number[]> {
  const found = [root];
  for (let next = 0; next < found.length; next++) {
    const path = `/proc/${found[next]}/task`;
    const threads = await readdir(path).catch(() => undefined);
    if (threads === undefined && next === 0) return [];
    for (const thread of threads ?? []) {
      const children = await readFile(`${path}/${thread}/children`, "latin1").catch(() => "");
      for (const child of children.split(" ")) if (Number(child) > 0) found.push(Number(child));
    }
  }
  return found;
}

async function holds(pid: number, wanted: string): Promise<boolean> {
  const path = `/proc/${pid}/fd`;
  const descriptors = await readdir(path).catch(() => []);
  for (const descriptor of descriptors)
    if ((await readlink(`${path}/${descriptor}`).catch(() => "")) === wanted) return true;
  return false;
}
