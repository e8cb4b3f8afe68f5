/**
 * The node's remarks about itself, one JSON object a line on a pipe to the controller (file descriptor 3).
 *
 * A note is stamped with true time at the moment it is made. The pipe is written at once and without waiting; when
 * the node is killed, what the kernel has taken still arrives.
 */
import { Socket } from "node:net";
import type { NodeLine, Note } from "../../proto/notes.ts";
import type { Clock } from "./clock.ts";

export class NoteLog {
  readonly #pipe: Socket;
  readonly #clock: Clock;

  constructor(fd: number, clock: Clock) {
    this.#clock = clock;
    this.#pipe = new Socket({ fd, readable: false, writable: true });
    // The controller is gone: its other end of standard input tells us to leave, there is nothing to do here.
    this.#pipe.on("error", () => this.#pipe.destroy());
    this.#pipe.unref();
  }

  ready(port: number): void {
    this.#send({ ready: { port, pid: process.pid } });
  }

  note(note: Note): void {
    this.#send({ at: this.#clock.trueNow().toString(), ...note });
  }

  /** Resolves when the kernel has everything. */
  flush(): Promise<void> {
    if (this.#pipe.destroyed) return Promise.resolve();
    return new Promise((done) => this.#pipe.end(() => done()));
  }

  #send(line: NodeLine): void {
    if (this.#pipe.writable) this.#pipe.write(`${JSON.stringify(line)}\n`);
  }
}
