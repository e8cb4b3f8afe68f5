/**
 * What a long run of the bench has measured so far: one line of JSON a case, appended in one write, so that a run that
 * was ended goes on where it was. A line counts only for the code that made it.
 */
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Measured } from "./checker-report.ts";

const BUILT = fileURLToPath(new URL("..", import.meta.url));
/** Whose code is measured. */
const ROOMS = ["bench", "checker", "proto"];

export class Results {
  readonly path: string;
  readonly #version: string;
  readonly #known = new Map<string, Measured>();

  constructor(path: string, version = codeVersion()) {
    this.path = path;
    this.#version = version;
    for (const line of linesOf(path)) {
      const entry = entryOf(line);
      if (entry?.version === this.#version) this.#known.set(entry.measured.of.name, entry.measured);
    }
  }

  find(name: string): Measured | undefined {
    return this.#known.get(name);
  }

  add(measured: Measured): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const text = JSON.stringify({ version: this.#version, measured });
    // After a line that was cut short a new one has to begin.
    const whole = textOf(this.path);
    const separator = whole === "" || whole.endsWith("\n") ? "" : "\n";
    const file = openSync(this.path, "a");
    try {
      writeSync(file, `${separator}${text}\n`);
    } finally {
      closeSync(file);
    }
    this.#known.set(measured.of.name, measured);
  }
}

interface Entry {
  readonly version: string;
  readonly measured: Measured;
}

function entryOf(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null;
    const whole =
      typeof entry?.version === "string" && typeof entry.measured?.of?.name === "string";
    return whole ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(path: string): string[] {
  return textOf(path).split("\n").slice(0, -1);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Of what has been compiled: the same as long as the code is. */
function codeVersion(): string {
  const hash = createHash("sha256").update(process.version);
  for (const room of ROOMS)
    for (const name of readdirSync(join(BUILT, room), { recursive: true }).map(String).sort())
      if (name.endsWith(".js")) hash.update(name).update(readFileSync(join(BUILT, room, name)));
  return hash.digest("hex").slice(0, 16);
}
