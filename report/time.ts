/** Times in words. All arguments are nanoseconds; instants count from the beginning of the run. */

const MILLISECOND = 1e6;
const SECOND = 1e9;

/**
 * `487.12 ms`, `2.38 s`, `0 ms`. Shorter than 10 ms keeps microseconds, since operations are that
 * short.
 */
export function duration(ns: number): string {
  const size = Math.abs(ns);
  const sign = ns < 0 ? "−" : "";
  if (size >= SECOND) return `${sign}${trim((size / SECOND).toFixed(3))} s`;
  if (size >= 10 * MILLISECOND) return `${sign}${trim((size / MILLISECOND).toFixed(2))} ms`;
  return `${sign}${trim((size / MILLISECOND).toFixed(3))} ms`;
}

/**
 * `1.2034 s`; always the same number of digits, so that a column of instants can be compared by
 * eye.
 */
export function instant(ns: number, digits = 4): string {
  return `${(ns / SECOND).toFixed(digits).replace("-", "−")} s`;
}

/** `48712.125 ms`: bounds of clocks are compared with each other and stay in one unit. */
export function milliseconds(ns: number): string {
  return `${trim((ns / MILLISECOND).toFixed(3)).replace("-", "−")} ms`;
}

function trim(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
