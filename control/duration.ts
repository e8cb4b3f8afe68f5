/** Durations and rates as people write them, at the user's door only; everywhere else numbers with their unit. */

export type Duration = `${number}ms` | `${number}s` | `${number}m`;
/** How often, per second. */
export type Rate = `${number}/s`;
/** Parts per million by which a clock runs too fast (or, negative, too slow). */
export type PartsPerMillion = `${number}ppm`;

const NS = { ms: 1_000_000, s: 1_000_000_000, m: 60_000_000_000 } as const;

/** Nanoseconds. @throws Error when the text is no duration. */
export function parseDuration(text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || (unit !== "ms" && unit !== "s" && unit !== "m"))
    throw new Error(`${JSON.stringify(text)} is no duration; write "500ms", "2s" or "1m"`);
  return Math.round(Number(amount) * NS[unit]);
}

/** Events per second. @throws Error when the text is no positive rate. */
export function parseRate(text: string): number {
  const amount = Number(/^(\d+(?:\.\d+)?)\/s$/.exec(text)?.[1]);
  if (!(amount > 0)) throw new Error(`${JSON.stringify(text)} is no rate; write "200/s"`);
  return amount;
}

/** @throws Error when the text is no number of parts per million. */
export function parsePartsPerMillion(text: string): number {
  const amount = /^(-?\d+(?:\.\d+)?)ppm$/.exec(text)?.[1];
  if (amount === undefined) throw new Error(`${JSON.stringify(text)} is no rate; write "200ppm"`);
  return Number(amount);
}

/** "1.500 s": for people. */
export function seconds(ns: number): string {
  return `${(ns / 1e9).toFixed(3)} s`;
}
