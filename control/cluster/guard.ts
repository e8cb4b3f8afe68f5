/** The controller's side of the guardian: who belongs to the run. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { HarnessError } from "../errors.ts";

export class Guard {
  readonly #child;

  #closing = false;

  /**
   * Starts the guardian: it must be there before the first process that it is to guard. `onDeath` is told when it ends
   * unasked: then nobody stands behind the run, which must not go on.
   */
  constructor(onDeath: (error: HarnessError) => void) {
    this.#child = execa(process.execPath, [compiled("./guardian.js")], {
      detached: true,
      cleanup: false,
      reject: false,
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
    });
    this.#child.stdin.on("error", () => undefined);
    this.#child.then(({ exitCode, signal }) => {
      if (!this.#closing)
        onDeath(new HarnessError(`the guardian ended unasked (${signal ?? `code ${exitCode}`})`));
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new HarnessError("the guardian did not start");
    return this.#child.pid;
  }

  own(pid: number): void {
    this.#child.stdin.write(`+${pid}\n`);
  }

  disown(pid: number): void {
    this.#child.stdin.write(`-${pid}\n`);
  }

  /** Lets the guardian end what is left, and go. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#child.stdin.end();
    await this.#child;
  }
}

/** Processes are started from compiled JavaScript, also when this file itself runs from source in a test. */
export function compiled(relative: string): string {
  const url = new URL(relative, import.meta.url);
  const path = fileURLToPath(url);
  const source = fileURLToPath(new URL("../../", import.meta.url));
  return import.meta.url.endsWith(".ts") ? path.replace(source, `${source}dist/`) : path;
}
