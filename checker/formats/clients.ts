/**
 * Processes as whole numbers, and what each of them is at. A small number stays as it is; a name gets one beyond
 * `FIRST_NAMED`, and so does a process that goes on after an operation that it never ended: that operation may take
 * effect at any time, so what follows is another thread.
 */
export const FIRST_NAMED = 2 ** 30;
const IDLE = -1;

export class Client {
  number: number;
  /** The open operation's row. */
  row = IDLE;
  /** Its last operation stays open for good. */
  retired = false;

  constructor(number: number) {
    this.number = number;
  }

  get isOpen(): boolean {
    return this.row !== IDLE;
  }

  end(forGood: boolean): void {
    this.row = IDLE;
    this.retired = forGood;
  }
}

export class Clients {
  /** What the file calls the processes that have got a number. */
  readonly names = new Map<number, string>();
  readonly #clients = new Map<number | string, Client>();

  of(process: number | string): Client {
    let client = this.#clients.get(process);
    if (client === undefined) {
      const plain = typeof process === "number" && process < FIRST_NAMED;
      client = new Client(plain ? process : this.fresh(process));
      this.#clients.set(process, client);
    }
    return client;
  }

  /** A number of its own for a part of what a process did. */
  fresh(process: number | string): number {
    const number = FIRST_NAMED + this.names.size;
    this.names.set(number, String(process));
    return number;
  }
}
