/** History files of any format, as the checker wants them: read in chunks, single lines again when they are asked for. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { totalmem } from "node:os";
import {
  detectFormat,
  FORMATS,
  type Format,
  type ReadResult,
  RecordingReader,
} from "../../checker/index.ts";
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { MalformedHistoryError } from "../../proto/operation.ts";
import { UsageError } from "../errors.ts";

export interface FileFlags {
  readonly format?: string;
  readonly keyed?: true;
  readonly lenient?: true;
  readonly memory?: string;
  readonly failedCas?: string;
}

export interface OpenHistory extends ReadResult {
  close(): void;
}

const CHUNK = 1 << 20;
const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** The file stays open, for its lines, until it is closed. @throws UsageError naming the file and the line. */
export function openHistory(path: string, flags: FileFlags = {}): OpenHistory {
  const file = attempt(path, () => openSync(path, "r"));
  try {
    const chunk = new Uint8Array(CHUNK);
    const first = chunk.subarray(
      0,
      attempt(path, () => readSync(file, chunk, 0, CHUNK, 0)),
    );
    const reader = new RecordingReader(formatOf(path, first, flags), {
      lenient: flags.lenient === true,
      keyed: flags.keyed === true,
      limits: { bytes: memoryOf(flags) },
      // Whether it counts is the model's to say.
      ...(flags.failedCas === "observed" ? { failedCas: "observed" as const } : {}),
      fileName: path,
      size: fstatSync(file).size,
      bytes: (from, to) => stretch(file, from, to),
    });
    for (let at = 0, read = first.length; read > 0; ) {
      reader.feed(chunk.subarray(0, read));
      at += read;
      read = readSync(file, chunk, 0, CHUNK, at);
    }
    return { ...reader.end(), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    if (error instanceof HistoryFormatError || error instanceof MalformedHistoryError)
      throw new UsageError(`${path}, ${error.message.replace(/^event \d+: (?=line )/, "")}`);
    if (error instanceof TypeError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function formatOf(path: string, first: Uint8Array, { format }: FileFlags): Format {
  const known = FORMATS.find((one) => one === format);
  if (format !== undefined && known === undefined)
    throw new UsageError(`--format: got ${format}, wants one of ${FORMATS.join(", ")}`);
  if (first.length === 0) throw new UsageError(`${path}, line 1: the file is empty`);
  const found = known ?? detectFormat(first, path);
  if (found !== undefined) return found;
  const [begin, next] = first;
  if (begin === 0x1f && next === 0x8b)
    throw new UsageError(`${path} is packed (gzip): unpack it first`);
  if (begin === 0x5b)
    throw new UsageError(`${path} is one JSON array: write one event a line (jq -c '.[]')`);
  throw new UsageError(
    `${path}: its beginning looks like no format that is known; give --format, one of ${FORMATS.join(", ")}`,
  );
}

/** In bytes. */
function memoryOf({ memory }: FileFlags): number {
  if (memory === undefined) return totalmem() / 2;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/.exec(memory) ?? [];
  const bytes = Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  if (bytes > 0) return bytes;
  throw new UsageError(`--memory: got ${memory}, wants something like 512MiB or 4GiB`);
}

function stretch(file: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let read = 0; read < bytes.length; ) {
    const more = readSync(file, bytes, read, bytes.length - read, from + read);
    if (more === 0) throw new Error("the history file has become shorter while it was read");
    read += more;
  }
  return bytes;
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${path} can not be read: ${(error as Error).message}`);
  }
}
