/**
 * Colours as data, so that a test can measure their contrast. The three results use Okabe and
 * Ito's palette, which colour-blind readers can tell apart; shape and pattern say the same again.
 */
export interface Palette {
  readonly ground: string;
  readonly raised: string;
  readonly text: string;
  readonly quiet: string;
  readonly rule: string;
  readonly ok: string;
  readonly fail: string;
  readonly info: string;
  /** Text in the colour of a bad, a good, an undecided verdict. */
  readonly bad: string;
  readonly good: string;
  readonly unsure: string;
  readonly band: string;
  readonly bandLine: string;
  readonly clock: string;
  readonly term: string;
}

export const LIGHT: Palette = {
  ground: "#ffffff",
  raised: "#f4f5f7",
  text: "#16191d",
  quiet: "#4d5560",
  rule: "#cfd4da",
  ok: "#0072b2",
  fail: "#d55e00",
  info: "#9a6700",
  bad: "#a63c00",
  good: "#005a8c",
  unsure: "#765000",
  band: "#ece6f4",
  bandLine: "#7d5ba6",
  clock: "#f8e7bd",
  term: "#cfe9dc",
};

export const DARK: Palette = {
  ground: "#14171b",
  raised: "#1e2329",
  text: "#e8eaed",
  quiet: "#adb5bf",
  rule: "#414a55",
  ok: "#56b4e9",
  fail: "#ff8a3d",
  info: "#e69f00",
  bad: "#ff9d5c",
  good: "#7cc4f0",
  unsure: "#f0b429",
  band: "#332a40",
  bandLine: "#b493d6",
  clock: "#4a3a10",
  term: "#1d4434",
};

/** The WCAG 2 contrast of two colours. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
