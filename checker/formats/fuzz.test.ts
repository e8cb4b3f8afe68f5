/** Damaged files: an error that names the line, or a recording that says what is missing in it. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { HistoryFormatError } from "../../proto/history-codec.ts";
import { MalformedHistoryError } from "../../proto/operation.ts";
import { type Columns, INFO, NEVER, OK, UNKNOWN } from "../history/columns.ts";
import type { Format } from "./detect.ts";
import { type ReadResult, RecordingReader, readRecording } from "./read-recording.ts";
import { type Draw, randomHistory, WRITERS } from "./testdata/histories.ts";
import { verdictOf } from "./testdata/verdict.ts";

const SEED = Number(process.env["TESTBED_SEED"] ?? 7_401);
const ROUNDS = Number(process.env["TESTBED_FORMATS_ROUNDS"] ?? 40);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const DAMAGES: Readonly<Record<string, (draw: Draw, bytes: Uint8Array) => Uint8Array>> = {
  flip: (draw, bytes) => {
    const damaged = bytes.slice();
    const at = draw(0, bytes.length - 1);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << draw(0, 7));
    return damaged;
  },
  digit: (draw, bytes) => {
    const damaged = bytes.slice();
    for (let at = draw(0, bytes.length - 1); at < bytes.length; at++) {
      const byte = damaged[at] ?? 0;
      if (byte < 0x30 || byte > 0x39) continue;
      damaged[at] = 0x30 + draw(0, 9);
      break;
    }
    return damaged;
  },
  cut: (draw, bytes) => bytes.slice(0, draw(0, bytes.length)),
  "cut out": (draw, bytes) => {
    const from = draw(0, bytes.length - 1);
    const to = Math.min(bytes.length, from + draw(1, 90));
    return encodeLatin(latin(bytes.subarray(0, from)) + latin(bytes.subarray(to)));
  },
  "a line out": (draw, bytes) => lines(bytes, (all) => all.splice(draw(0, all.length - 1), 1)),
  "a line twice": (draw, bytes) =>
    lines(bytes, (all) => {
      const at = draw(0, all.length - 1);
      all.splice(at, 0, all[at] ?? "");
    }),
  "lines swapped": (draw, bytes) =>
    lines(bytes, (all) => {
      const at = draw(0, Math.max(0, all.length - 2));
      all.splice(at, 2, ...all.slice(at, at + 2).reverse());
    }),
};

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const encodeLatin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

function lines(bytes: Uint8Array, change: (all: string[]) => void): Uint8Array {
  const all = latin(bytes).split(/(?<=\n)/);
  change(all);
  return encodeLatin(all.join(""));
}

function read(bytes: Uint8Array, format: Format, lenient: boolean): ReadResult | Error {
  try {
    return readRecording(bytes, { format, lenient });
  } catch (error) {
    const known = error instanceof HistoryFormatError || error instanceof MalformedHistoryError;
    if (!known) throw error;
    expect(error.message).toMatch(/line \d+: ./);
    return error;
  }
}

function byChunks(bytes: Uint8Array, format: Format, lenient: boolean, chunk: number): unknown {
  const reader = new RecordingReader(format, {
    lenient,
    bytes: (from, to) => bytes.subarray(from, to),
  });
  try {
    for (let at = 0; at < bytes.length; at += chunk)
      reader.feed(Uint8Array.from(bytes.subarray(at, at + chunk)));
    return plain(reader.end());
  } catch (error) {
    return (error as Error).message;
  }
}

function plain(result: ReadResult | Error): unknown {
  if (result instanceof Error) return result.message;
  const { recording, dropped, droppedCount, incomplete, notes } = result;
  return { operations: recording.operations(), dropped, droppedCount, incomplete, notes };
}

/** What every recording promises. */
function requireSound({ columns, events }: ReadResult["recording"]): void {
  const ranks = new Set<number>();
  for (let row = 0; row < columns.count; row++) {
    const [invoked, completed] = [columns.invoked[row] ?? -1, columns.completed[row] ?? -1];
    expect(invoked).toBeGreaterThan(row === 0 ? -1 : (columns.invoked[row - 1] ?? -1));
    expect(completed).toBeGreaterThan(invoked);
    expect(columns.status[row] === INFO).toBe(completed === NEVER);
    expect(columns.status[row] === OK).toBe(columns.output[row] !== UNKNOWN);
    for (const rank of [invoked, completed]) {
      expect(ranks.has(rank) && rank !== NEVER).toBe(false);
      expect(rank === NEVER || rank < events).toBe(true);
      ranks.add(rank);
    }
  }
  requireOneAtATime(columns);
}

function requireOneAtATime(columns: Columns): void {
  const ends = new Map<number, number>();
  for (let row = 0; row < columns.count; row++) {
    const process = columns.process[row] ?? 0;
    expect(ends.get(process) ?? -1).toBeLessThan(columns.invoked[row] ?? 0);
    ends.set(process, columns.completed[row] ?? NEVER);
  }
}

test.each(Object.keys(WRITERS))(`%s (seed ${SEED})`, (name) => {
  const write = WRITERS[name] as (typeof WRITERS)[string];
  const format = name.split(",")[0] as Format;
  const random = xoroshiro128plus(SEED);
  const draw: Draw = (from, to) => uniformInt(random, from, to);
  const met = { sound: 0, refused: 0, mended: 0, sure: 0, valid: 0, invalid: 0, changed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const text = write(randomHistory(draw, draw(3, 9), 4));
    const whole = encode(text);
    const truth = read(whole, format, false);
    if (truth instanceof Error) throw truth;
    expect(truth.droppedCount).toBe(0);
    const verdict = verdictOf(truth.recording.columns);
    met[verdict]++;
    for (const [kind, damage] of Object.entries(DAMAGES)) {
      const bytes = damage(draw, whole);
      const told = `${kind}\n${latin(bytes)}\nwas\n${text}`;
      const strict = read(bytes, format, false);
      const lenient = read(bytes, format, true);
      const chunk = draw(1, 99);
      expect(byChunks(bytes, format, false, chunk), told).toEqual(plain(strict));
      expect(byChunks(bytes, format, true, chunk), told).toEqual(plain(lenient));
      if (!(strict instanceof Error)) {
        met.sound++;
        requireSound(strict.recording);
        // Nothing gets lost without a word, unless it became a comment.
        if (/^(flip|digit)$/.test(kind) && !latin(bytes).includes(";"))
          expect(strict.recording.events, told).toBe(truth.recording.events);
        if (lenient instanceof Error) throw lenient;
        expect(lenient.droppedCount, told).toBe(0);
        expect(lenient.recording.operations(), told).toEqual(strict.recording.operations());
        continue;
      }
      met.refused++;
      if (lenient instanceof Error) continue;
      met.mended++;
      requireSound(lenient.recording);
      expect(lenient.droppedCount + lenient.notes.length, told).toBeGreaterThan(0);
      const after = verdictOf(lenient.recording.columns);
      if (lenient.incomplete === undefined) met.sure++;
      if (after === verdict) continue;
      met.changed++;
      if (after === "invalid") expect(lenient.incomplete, told).toBeDefined();
    }
  }
  console.log(name, JSON.stringify(met));
  expect(Math.min(met.valid, met.invalid)).toBeGreaterThan(ROUNDS / 20);
  for (const count of [met.sound, met.refused, met.mended, met.sure])
    expect(count).toBeGreaterThan(ROUNDS / 10);
});
