/**
 * One connection through the proxy: the socket that `from` opened, the one that the proxy opens to `to` on its behalf,
 * and a flow for each direction.
 *
 * What TCP does, it does: a half-closed connection stays half open, a reset at one end becomes one at the other, after
 * the bytes before it and subject to the link's faults. The kernel answers a connect before we can think, so that much
 * always succeeds; but a handshake needs both directions: while either is cut, the connection is not opened to `to`.
 * If its opener gives up before, `to` never hears of it, not even of what was written, as with a SYN unanswered.
 */
import { connect, type Socket } from "node:net";
import type { ActiveFault } from "./active-fault.ts";
import { Flow } from "./flow.ts";
import type { Link } from "./link.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

type State = "waiting" | "open" | "half-open" | "over";

export class Connection {
  /** The link of who opened it. */
  readonly link: Link;
  readonly #back: Link;
  readonly #target: () => Address | undefined;
  readonly #near: Socket;
  #far: Socket | undefined;
  readonly #out: Flow;
  readonly #in: Flow;
  #state: State = "waiting";
  /** Of a half-open connection: the end that is left. */
  #left: Socket | undefined;
  #halvedBy: ActiveFault | undefined;

  /** @param near a paused socket that allows to be half open. @param target where `to` serves at the moment. */
  constructor(near: Socket, link: Link, back: Link, target: () => Address | undefined) {
    this.link = link;
    this.#back = back;
    this.#near = near;
    this.#target = target;
    this.#out = new Flow(link, () => this.#resetEnd(this.#far));
    this.#in = new Flow(back, () => this.#resetEnd(near));
    link.connections.add(this);
    near.setNoDelay(true);
    near.on("error", () => this.#lost(near));
    near.on("end", () => this.#ended(near));
    near.on("close", () => this.#closed());
    this.#in.into(near);
    for (const { tally } of this.#cuts()) tally.waited += 1;
    this.reconsider();
    if (this.#state !== "over") this.#out.from(near);
  }

  /** To be called when a cut has healed. */
  reconsider(): void {
    if (this.#state !== "waiting" || this.link.isCut || this.#back.isCut) return;
    const target = this.#target();
    if (target === undefined) {
      this.reset();
      return;
    }
    this.#state = "open";
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.#far = far;
    far.on("connect", () => {
      if (this.#state === "open") this.#out.into(far);
      if (this.#state === "open" || this.#left === far) this.#in.from(far);
    });
    far.on("error", () => this.#lost(far));
    far.on("end", () => this.#ended(far));
    far.on("close", () => this.#closed());
  }

  /** Resets both ends. */
  reset(): void {
    this.#over();
    for (const socket of [this.#near, this.#far]) resetSocket(socket);
  }

  /** One end is gone, and only itself knows. @returns false where there was nothing to break. */
  halve(gone: "from" | "to", fault: ActiveFault): boolean {
    const far = this.#far;
    if (this.#state !== "open" || far === undefined) return false;
    this.#state = "half-open";
    this.#halvedBy = fault;
    this.#left = gone === "from" ? far : this.#near;
    this.#out.detach();
    this.#in.detach();
    resetSocket(gone === "from" ? this.#near : far);
    const back = gone === "from" ? this.#out : this.#in;
    back.into(this.#left);
    return true;
  }

  /** The host of the end that is gone is there again, and knows nothing of this connection: it says so when asked. */
  answer(fault: ActiveFault): void {
    if (this.#state !== "half-open" || this.#halvedBy !== fault) return;
    const [asking, answering] =
      this.#left === this.#near ? [this.#out, this.#in] : [this.#in, this.#out];
    if (asking.holdsAnything) answering.reset();
    else asking.onStray = () => answering.reset();
  }

  #lost(socket: Socket): void {
    if (this.#state === "over") return;
    if (this.#state === "half-open") {
      if (socket === this.#left) this.#over();
      return;
    }
    if (this.#state === "waiting") {
      this.#giveUp();
      return;
    }
    const [from, into] = socket === this.#near ? [this.#out, this.#in] : [this.#in, this.#out];
    into.detach();
    from.reset();
  }

  #ended(socket: Socket): void {
    if (this.#state === "waiting") this.#giveUp();
    else if (this.#state === "open" || socket === this.#left)
      (socket === this.#near ? this.#out : this.#in).end();
  }

  #cuts(): Set<ActiveFault> {
    return new Set([...this.link.cuts, ...this.#back.cuts]);
  }

  #giveUp(): void {
    for (const { tally } of this.#cuts()) tally.givenUp += 1;
    this.reset();
  }

  /** A reset has arrived at this end. */
  #resetEnd(socket: Socket | undefined): void {
    resetSocket(socket);
    if (this.#near.destroyed && this.#far?.destroyed !== false) this.#over();
  }

  #closed(): void {
    if (this.#near.destroyed && this.#far?.destroyed !== false) this.#over();
  }

  #over(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#out.stop();
    this.#in.stop();
    this.link.connections.delete(this);
  }
}

function resetSocket(socket: Socket | undefined): void {
  if (socket === undefined || socket.destroyed) return;
  // It fails while a shutdown is under way; closing is the next best then.
  socket.once("error", () => socket.destroy());
  socket.resetAndDestroy();
}
