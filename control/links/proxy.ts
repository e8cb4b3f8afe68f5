/** All links of a run in one process: carries out commands, one after another, and says what they did. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { draw } from "../random.ts";
import { ActiveFault } from "./active-fault.ts";
import { type Address, Connection } from "./connection.ts";
import { Held, Link } from "./link.ts";
import { Listener } from "./listener.ts";
import type { Answers, Command, LinkEvidence, ProxyState } from "./protocol.ts";
import { Sources } from "./source.ts";

/** The source where a shared listener cannot tell. No fault can name it. */
const STRANGER = "?";

export class LinkProxy {
  readonly #held = new Held();
  readonly #links = new Map<string, Link>();
  /** By the link's name; `*>b` for the shared one. */
  readonly #listeners = new Map<string, Listener>();
  readonly #targets = new Map<string, Address>();
  readonly #sources = new Sources();
  readonly #faults = new Map<string, ActiveFault>();
  /** What is asked for again, because an answer came too late, is answered again. */
  readonly #healed = new Map<string, LinkEvidence>();
  #anchor: Server | undefined;
  #seed = 0;
  #applied = 0;

  /** @throws Error with a message for people. */
  async carryOut(command: Command): Promise<Answers[Command["do"]]> {
    switch (command.do) {
      case "listen":
        return this.#listen(command);
      case "moved":
        this.#targets.set(command.endpoint, { host: command.host, port: command.port });
        return null;
      case "owns":
        this.#sources.own(command.pid, command.endpoint);
        return null;
      case "apply":
        return this.#apply(command);
      case "heal":
        return this.#healed.get(command.fault) ?? this.#heal(this.#fault(command.fault));
      case "evidence":
        return this.#healed.get(command.fault) ?? this.#evidence(this.#fault(command.fault));
      case "state":
        return this.#state();
    }
  }

  async #listen({ seed, listeners }: Command & { do: "listen" }): Promise<number[]> {
    this.#seed = seed;
    const ports: number[] = [];
    for (const { from, to, host, port } of listeners) {
      const listener = new Listener(
        host,
        port,
        (socket) => {
          if (from !== undefined) this.#accept(socket, from, to);
          else void this.#identify(socket, to);
        },
        () => this.#anchored(),
      );
      await listener.open();
      this.#listeners.set(`${from ?? "*"}>${to}`, listener);
      ports.push(listener.port);
    }
    return ports;
  }

  #accept(socket: Socket, from: string, to: string): void {
    const link = this.#link(from, to);
    new Connection(socket, link, this.#link(to, from), () => this.#targets.get(to));
  }

  async #identify(socket: Socket, to: string): Promise<void> {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    socket.on("error", () => undefined);
    if (!localAddress || !localPort || !remoteAddress || !remotePort) {
      socket.destroy();
      return;
    }
    // From the other end, remote is local.
    const from = await this.#sources.of({
      localAddress: remoteAddress,
      localPort: remotePort,
      remoteAddress: localAddress,
      remotePort: localPort,
    });
    if (socket.destroyed) return;
    const { refusals } = this.#link(from ?? STRANGER, to);
    for (const { tally } of refusals) tally.refused += 1;
    if (refusals.length > 0) socket.resetAndDestroy();
    else this.#accept(socket, from ?? STRANGER, to);
  }

  async #apply(command: Command & { do: "apply" }): Promise<LinkEvidence> {
    const links = command.links.map(({ from, to }) => this.#link(from, to));
    this.#applied += 1;
    const stream = draw(this.#seed, this.#applied).below(2 ** 31 - 1);
    const fault = new ActiveFault(command.fault, command.effect, links, stream);
    this.#faults.set(fault.id, fault);
    for (const link of links) {
      fault.tally.connections += link.flows.size;
      link.add(fault);
    }
    const { effect } = fault;
    if (effect.f === "refuse") await this.#refuse(fault);
    if (effect.f === "reset") {
      reset(fault);
      if (effect.everyMs !== undefined)
        fault.timer = setInterval(() => reset(fault), effect.everyMs);
    }
    if (effect.f === "half-open")
      for (const connection of connectionsOf(fault))
        if (connection.halve(effect.gone, fault)) fault.tally.halfOpened += 1;
    return this.#evidence(fault);
  }

  async #refuse(fault: ActiveFault): Promise<void> {
    for (const link of fault.links) {
      const listener = this.#listeners.get(link.name);
      if (listener !== undefined) fault.probes.push(await listener.refuse());
    }
  }

  async #heal(fault: ActiveFault): Promise<LinkEvidence> {
    // First what can fail: a heal that has failed can be tried again.
    if (fault.effect.f === "refuse")
      for (const link of fault.links)
        if (link.refusals.every((other) => other === fault))
          await this.#listeners.get(link.name)?.open();
    clearInterval(fault.timer);
    const held = this.#flowsHeldBy(fault);
    for (const { bytes } of held) fault.tally.bytesHeld += bytes;
    this.#faults.delete(fault.id);
    for (const link of fault.links) link.remove(fault);
    if (fault.effect.f === "cut")
      for (const link of fault.links)
        for (const end of [link, this.#link(link.to, link.from)])
          for (const connection of [...end.connections]) connection.reconsider();
    for (const { flow, bytes } of held)
      if (!flow.link.isCut && flow.goesSomewhere) fault.tally.bytesReleased += bytes;
    for (const link of fault.links)
      for (const connection of [...link.connections]) connection.answer(fault);
    const evidence = fault.evidence(0);
    this.#healed.set(fault.id, evidence);
    return evidence;
  }

  #flowsHeldBy(fault: ActiveFault) {
    if (fault.effect.f !== "cut") return [];
    const now = performance.now();
    return fault.links.flatMap((link) =>
      [...link.flows].map((flow) => ({ flow, bytes: flow.due(now) })),
    );
  }

  #evidence(fault: ActiveFault): LinkEvidence {
    return fault.evidence(this.#flowsHeldBy(fault).reduce((sum, { bytes }) => sum + bytes, 0));
  }

  #state(): ProxyState {
    const links = [...this.#links.values()];
    const bytes = (of: (link: Link) => number): number =>
      links.reduce((sum, link) => sum + of(link), 0);
    const closed = [...this.#listeners].filter(([, listener]) => !listener.isOpen);
    return {
      faults: [...this.#faults.keys()],
      connections: Object.fromEntries(
        links.flatMap(({ name, connections }) =>
          connections.size > 0 ? [[name, connections.size]] : [],
        ),
      ),
      disturbed: [
        ...links.flatMap(({ name, faults }) =>
          faults.size > 0 ? [`${name}: ${[...faults].map(({ id }) => id).join(", ")}`] : [],
        ),
        ...closed.map(([name]) => `${name}: its listener is closed`),
      ],
      bytesHeld: bytes(({ flows }) => [...flows].reduce((sum, flow) => sum + flow.bytes, 0)),
      bytesPassed: bytes(({ bytesPassed }) => bytesPassed),
    };
  }

  #fault(id: string): ActiveFault {
    const fault = this.#faults.get(id);
    if (fault === undefined) throw new Error(`no fault ${id} holds`);
    return fault;
  }

  #link(from: string, to: string): Link {
    const name = `${from}>${to}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = new Link(from, to, this.#links.size, this.#held);
      this.#links.set(name, link);
    }
    return link;
  }

  async #anchored(): Promise<AddressInfo> {
    if (this.#anchor === undefined) {
      const anchor = createServer((socket) => socket.on("error", () => undefined).resume());
      this.#anchor = anchor;
      anchor.listen(0, "127.0.0.1");
      await once(anchor, "listening");
    }
    return this.#anchor.address() as AddressInfo;
  }
}

function connectionsOf(fault: ActiveFault): Connection[] {
  return fault.links.flatMap(({ connections }) => [...connections]);
}

function reset(fault: ActiveFault): void {
  for (const connection of connectionsOf(fault)) {
    connection.reset();
    fault.tally.reset += 1;
  }
}
