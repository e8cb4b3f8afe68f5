/**
 * The controller's side of the links: starts the proxy process, tells each endpoint where its peers seem to be, and
 * applies and heals faults.
 *
 *     const links = await startLinks({
 *       endpoints: [{ name: "n1", kind: "node" }, { name: "n2", kind: "node" }, { name: "clients", kind: "client" }],
 *       seed, guard, onDeath,
 *     });
 *     await links.moved("n2", "127.0.0.1:4711");
 *     links.addressFor("n1", "n2"); // what n1 is told of n2
 *     await links.apply("f1", { f: "cut", from: "n1", to: "n2" });
 *     const { effective, bytesHeld } = await links.heal("f1");
 *
 * A partition is a cut of several links at once: `{ f: "cut", links: cutsOf({ shape: "isolate", node }, ...) }`.
 */
import { isDeepStrictEqual } from "node:util";
import type { Guard } from "../cluster/guard.ts";
import { type HarnessError, UsageError } from "../errors.ts";
import { type CheckedFault, checkFault, type Endpoint, type LinkFault } from "./fault.ts";
import type { LinkEvidence, Listening, ProxyState } from "./protocol.ts";
import { ProxyProcess } from "./proxy-process.ts";

export interface LinksOptions {
  readonly endpoints: readonly Endpoint[];
  readonly seed: number;
  readonly guard: Guard;
  /** The proxy ended unasked: no link works any more. */
  readonly onDeath: (error: HarnessError) => void;
  /** The proxy stood still for so long. */
  readonly onStall?: (ms: number) => void;
}

interface Applied extends CheckedFault {
  /** Under way or done; unset again when it has failed. */
  healing?: Promise<LinkEvidence> | undefined;
  healed?: LinkEvidence;
}

/** @throws UsageError for endpoints that make no sense, HarnessError when the proxy does not come up. */
export async function startLinks(options: LinksOptions): Promise<Links> {
  const listeners = listenersOf(options.endpoints);
  const proxy = new ProxyProcess(options);
  try {
    const ports = await proxy.ask("listen", { seed: options.seed, listeners });
    const addresses = new Map(
      listeners.map(({ from, to, host }, index) => [
        linkName(from ?? "*", to),
        `${host}:${ports[index]}`,
      ]),
    );
    const links = new Links(options.endpoints, proxy, addresses);
    for (const { name, address } of options.endpoints)
      if (address !== undefined) await links.moved(name, address);
    return links;
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

export class Links {
  readonly #endpoints: readonly Endpoint[];
  readonly #proxy: ProxyProcess;
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #faults = new Map<string, Applied>();

  constructor(
    endpoints: readonly Endpoint[],
    proxy: ProxyProcess,
    addresses: ReadonlyMap<string, string>,
  ) {
    this.#endpoints = endpoints;
    this.#proxy = proxy;
    this.#addresses = addresses;
  }

  /** Of the proxy process. */
  get pid(): number {
    return this.#proxy.pid;
  }

  /** Ids of the faults that were applied and not yet healed. */
  get active(): string[] {
    return [...this.#faults].flatMap(([id, { healed }]) => (healed === undefined ? [id] : []));
  }

  /** What `from` is to connect to in order to reach `to`: `host:port`, the same for as long as the links live. */
  addressFor(from: string, to: string): string {
    const address =
      this.#addresses.get(linkName(from, to)) ?? this.#addresses.get(linkName("*", to));
    if (address === undefined || from === to || !this.#endpoints.some(({ name }) => name === from))
      throw new UsageError(
        `there is no link from ${from} to ${to} that a connection can be opened over`,
      );
    return address;
  }

  /** Where a node serves from now on. Open connections stay. */
  async moved(name: string, address: string): Promise<void> {
    if (!this.#endpoints.some((endpoint) => endpoint.name === name && endpoint.kind === "node"))
      throw new UsageError(`there is no node ${name} that could move`);
    await this.#proxy.ask("moved", { endpoint: name, ...parseAddress(address) });
  }

  /** Whatever this process and its descendants open is of this endpoint: for listeners that are shared. */
  async owns(name: string, pid: number): Promise<void> {
    if (!this.#endpoints.some((endpoint) => endpoint.name === name))
      throw new UsageError(`there is no endpoint ${name} that could own a process`);
    await this.#proxy.ask("owns", { endpoint: name, pid });
  }

  /**
   * Applies a fault and resolves when it holds. The same id with the same fault is no news, also after it has healed:
   * it is not done again. When it fails it may hold in part: heal it all the same.
   * @throws UsageError for a fault that makes no sense here, or an id that stands for another one; HarnessError
   */
  async apply(id: string, fault: LinkFault): Promise<LinkEvidence> {
    const checked = checkFault(fault, this.#endpoints);
    const known = this.#faults.get(id);
    if (known !== undefined) {
      const { effect, links } = known;
      if (!isDeepStrictEqual({ effect, links }, checked))
        throw new UsageError(`link fault ${id} is already ${JSON.stringify({ ...effect, links })}`);
      return this.evidence(id);
    }
    this.#faults.set(id, checked);
    return this.#proxy.ask("apply", { fault: id, ...checked });
  }

  /** What a fault has done so far, or had done when it healed. @throws UsageError for an id never applied. */
  async evidence(id: string): Promise<LinkEvidence> {
    const { healing } = this.#applied(id);
    return healing ?? this.#proxy.ask("evidence", { fault: id });
  }

  /**
   * Takes a fault back and resolves when it no longer holds: what it kept is on its way. Once healed, the same answer
   * again. May be tried again after it has failed.
   * @throws UsageError for an id never applied; HarnessError
   */
  async heal(id: string): Promise<LinkEvidence> {
    const fault = this.#applied(id);
    fault.healing ??= this.#proxy.ask("heal", { fault: id }).then(
      (evidence) => {
        fault.healed = evidence;
        return evidence;
      },
      (error: unknown) => {
        fault.healing = undefined;
        throw error;
      },
    );
    return fault.healing;
  }

  /** How the links are now: `faults` and `disturbed` are empty when all are as a wire is. */
  state(): Promise<ProxyState> {
    return this.#proxy.ask("state", {});
  }

  /** Heals everything, then ends the proxy; all connections end with it. To be called when the nodes have ended. */
  async close(): Promise<void> {
    try {
      if (this.#proxy.alive) for (const id of this.active) await this.heal(id);
    } finally {
      await this.#proxy.close();
    }
  }

  #applied(id: string): Applied {
    const fault = this.#faults.get(id);
    if (fault === undefined) throw new UsageError(`no link fault ${id} was ever applied`);
    return fault;
  }
}

function listenersOf(endpoints: readonly Endpoint[]): Listening[] {
  const names = endpoints.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    // `?` and `*` stand for whoever is not known, and `>` is between the names of a link.
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
      throw new UsageError(`an endpoint can not be called ${JSON.stringify(name)}`);
    if (names.indexOf(name) < index) throw new UsageError(`endpoint ${name} is there twice`);
  }
  return endpoints.flatMap((endpoint): Listening[] => {
    const { name: to, kind, address, shared } = endpoint;
    if (kind === "client") {
      if (address !== undefined || shared !== undefined)
        throw new UsageError(`endpoint ${to} is a client and has no address`);
      return [];
    }
    if (shared !== undefined) return [{ to, ...parseAddress(shared, 0) }];
    const sources = names.filter((name) => name !== to);
    return sources.map((from) => ({ from, to, host: "127.0.0.1", port: 0 }));
  });
}

function parseAddress(text: string, leastPort = 1): { host: string; port: number } {
  const [, host, digits] = /^\[?([^[\]]+)\]?:(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || !(port >= leastPort && port <= 65_535))
    throw new UsageError(`${JSON.stringify(text)} is no address; write "127.0.0.1:4711"`);
  return { host, port };
}

function linkName(from: string, to: string): string {
  return `${from}>${to}`;
}
