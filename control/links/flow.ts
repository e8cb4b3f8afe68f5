/**
 * One direction of one connection: takes bytes from a socket, keeps them as long as the link's faults say, and writes
 * them, in order and to the last byte, to another socket.
 *
 * What it keeps is bounded: when its window is full it no longer reads, the kernel's buffers fill, and in the end the
 * sender blocks, as before a full TCP window. The end of a stream and a reset travel in line behind the bytes.
 */
import type { Socket } from "node:net";
import type { ActiveFault } from "./active-fault.ts";
import type { Link, Slot } from "./link.ts";

const WINDOW_BYTES = 2 ** 20;
/** The window of each flow when all together keep much. */
const SMALL_WINDOW_BYTES = 2 ** 16;
const MUCH_BYTES = 2 ** 26;
/** What a piece costs besides its bytes: a million pieces of one byte must not pass for a megabyte. */
const PIECE_BYTES = 256;

interface Piece {
  readonly kind: "bytes" | "end" | "reset";
  data: Buffer;
  readonly arrivedMs: number;
  /** What each delay that held when it arrived has drawn for it. */
  delays: readonly { readonly fault: ActiveFault; readonly ms: number }[];
}

const NO_BYTES = Buffer.alloc(0);
const NO_DELAYS: Piece["delays"] = [];

export class Flow {
  readonly link: Link;
  readonly index: number;
  /** The earliest time of the next piece where the link drips. */
  nextDripMs = 0;
  /** Told when something has arrived while nobody is at the other end. */
  onStray: (() => void) | undefined;
  readonly #onReset: () => void;
  #source: Socket | undefined;
  #sink: Socket | undefined;
  readonly #queue = new Queue();
  #cost = 0;
  #slot: Slot | undefined;
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #paused = true;
  #over = false;
  #detached = false;
  #resetTaken = false;

  /** @param onReset told when a reset has made its way and is to be done to the sink. */
  constructor(link: Link, onReset: () => void) {
    this.link = link;
    this.index = link.nextFlow();
    this.#onReset = onReset;
    link.flows.add(this);
    for (const { tally } of link.faults) tally.opened += 1;
  }

  from(source: Socket): void {
    this.#source = source;
    source.on("data", (data) => this.#take(data));
    this.#paused = false;
    source.resume();
  }

  into(sink: Socket): void {
    this.#sink = sink;
    this.#detached = false;
    sink.on("drain", () => {
      this.#draining = false;
      this.#pump();
    });
    this.#pump();
  }

  /** Bytes in it. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** Its bytes have somebody to go to. */
  get goesSomewhere(): boolean {
    return !this.#over && !this.#detached;
  }

  get holdsAnything(): boolean {
    return this.#queue.first !== undefined;
  }

  /** Bytes that would be on their way but for a cut. */
  due(nowMs: number): number {
    let bytes = 0;
    for (const piece of this.#queue.all()) {
      if (dueOf(piece) > nowMs) break;
      bytes += piece.data.length;
    }
    return bytes;
  }

  end(): void {
    this.#enqueue("end", NO_BYTES);
  }

  reset(): void {
    if (this.#resetTaken) return;
    this.#resetTaken = true;
    this.#enqueue("reset", NO_BYTES);
  }

  /** The link's faults are others now: what only waited for one that has healed goes on. */
  changed(): void {
    this.#slot = undefined;
    this.nextDripMs = 0;
    const now = performance.now();
    for (const piece of this.#queue.all()) {
      if (piece.delays.length === 0) continue;
      for (const { fault } of piece.delays)
        if (!this.link.faults.has(fault)) fault.countDelay(now - piece.arrivedMs);
      piece.delays = piece.delays.filter(({ fault }) => this.link.faults.has(fault));
    }
    this.#pump();
  }

  /** Nobody takes the bytes any more: they are lost. What still comes is taken up to the window, and kept. */
  detach(): void {
    this.#countLost();
    this.#sink = undefined;
    this.#detached = true;
    this.#draining = false;
    this.#empty();
    this.#regulate();
  }

  /** Nothing goes in any more; what is in is lost. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#countLost();
    this.#empty();
    this.link.flows.delete(this);
  }

  #countLost(): void {
    const held = this.link.isCut ? this.due(performance.now()) : 0;
    for (const { tally } of this.link.cuts) tally.bytesHeld += held;
  }

  #empty(): void {
    clearTimeout(this.#timer);
    this.#slot = undefined;
    this.#queue.clear();
    this.#weigh(-this.#cost);
  }

  #take(data: Buffer): void {
    for (const fault of this.link.corruptions) fault.corrupt(this, data);
    if (!this.link.isClear || this.#queue.first !== undefined || this.#sink === undefined) {
      this.#enqueue("bytes", data);
      return;
    }
    this.#write(this.#sink, data);
    this.#regulate();
  }

  #enqueue(kind: Piece["kind"], data: Buffer): void {
    if (this.#over) return;
    const delays = this.link.delays.flatMap((fault) => {
      const ms = fault.delayOf(this);
      return ms > 0 ? [{ fault, ms }] : [];
    });
    const arrivedMs = performance.now();
    this.#queue.push({ kind, data, arrivedMs, delays: delays.length === 0 ? NO_DELAYS : delays });
    this.#weigh(data.length + PIECE_BYTES);
    this.#pump();
    this.onStray?.();
  }

  #pump(): void {
    while (!this.#over && this.#sink !== undefined && !this.#draining && !this.link.isCut) {
      const piece = this.#queue.first;
      if (piece === undefined) break;
      const now = performance.now();
      const dueMs = dueOf(piece);
      if (dueMs > now) {
        this.#wake(dueMs - now);
        break;
      }
      if (piece.kind === "bytes" && this.link.isPaced) {
        this.#slot ??= this.link.reserve(this, piece.data.length, now);
        if (this.#slot.atMs > now) {
          this.#wake(this.#slot.atMs - now);
          break;
        }
      }
      this.#pass(piece, this.#sink);
    }
    this.#regulate();
  }

  #pass(piece: Piece, sink: Socket): void {
    const bytes = this.#slot?.bytes ?? piece.data.length;
    this.#slot = undefined;
    const data = piece.data.subarray(0, bytes);
    if (bytes < piece.data.length) {
      this.#queue.cutFirst(bytes);
      this.#weigh(-bytes);
    } else {
      const now = performance.now();
      for (const { fault } of piece.delays) fault.countDelay(now - piece.arrivedMs);
      this.#queue.shift();
      this.#weigh(-bytes - PIECE_BYTES);
    }
    if (piece.kind === "bytes") this.#write(sink, data);
    else if (piece.kind === "end") sink.end();
    else this.#onReset();
  }

  #write(sink: Socket, data: Buffer): void {
    this.link.bytesPassed += data.length;
    if (!sink.write(data)) this.#draining = true;
  }

  #wake(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.ceil(inMs));
  }

  #regulate(): void {
    if (this.#source === undefined) return;
    const window = this.link.held.bytes > MUCH_BYTES ? SMALL_WINDOW_BYTES : WINDOW_BYTES;
    const full = this.#draining || this.#cost >= window;
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#source.pause();
    else this.#source.resume();
  }

  #weigh(bytes: number): void {
    this.#cost += bytes;
    this.link.held.bytes += bytes;
  }
}

function dueOf({ arrivedMs, delays }: Piece): number {
  let dueMs = arrivedMs;
  for (const { ms } of delays) dueMs += ms;
  return dueMs;
}

/** First in, first out, each step in constant time. */
class Queue {
  #pieces: Piece[] = [];
  #head = 0;
  bytes = 0;

  get first(): Piece | undefined {
    return this.#pieces[this.#head];
  }

  push(piece: Piece): void {
    this.#pieces.push(piece);
    this.bytes += piece.data.length;
  }

  shift(): void {
    this.bytes -= this.first?.data.length ?? 0;
    this.#head += 1;
    if (this.#head < 1024 && this.#head < this.#pieces.length) return;
    this.#pieces.splice(0, this.#head);
    this.#head = 0;
  }

  cutFirst(bytes: number): void {
    if (this.first === undefined) return;
    this.first.data = this.first.data.subarray(bytes);
    this.bytes -= bytes;
  }

  clear(): void {
    this.#pieces = [];
    this.#head = 0;
    this.bytes = 0;
  }

  *all(): IterableIterator<Piece> {
    for (let index = this.#head; index < this.#pieces.length; index++)
      yield this.#pieces[index] as Piece;
  }
}
