/**
 * Time on paper. An even axis has one scale; a broken axis shortens the long waits between the
 * events of a counterexample, whose operations last milliseconds and may lie seconds apart. Every
 * shortened stretch is known as such, so that the picture can mark it and say how long it really
 * is. Both axes are monotone.
 */
export interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
  readonly fromX: number;
  readonly toX: number;
  readonly shortened: boolean;
}

export interface Axis {
  readonly stretches: readonly Stretch[];
  readonly width: number;
}

export interface Tick {
  readonly x: number;
  readonly ns: number;
}

export function evenAxis(fromNs: number, toNs: number, width: number): Axis {
  return { stretches: [{ fromNs, toNs, fromX: 0, toX: width, shortened: false }], width };
}

const MARGIN = 36;
const LONGEST_PX = 170;
const SHORTENED_PX = 96;
const NARROWEST = 1080;

/** `points` are what must be told apart; `usualNs` is the time that shall be `usualPx` wide. */
export function brokenAxis(points: readonly number[], usualNs: number, usualPx = 56): Axis {
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? first;
  const natural = stretchesOf(sorted, usualPx / Math.max(usualNs, 1));
  const width = natural.reduce((sum, stretch) => sum + stretch.px, 0) + 2 * MARGIN;
  // A picture narrower than the page is widened evenly: proportions stay.
  const widen = Math.max(1, NARROWEST / width);
  const scale = (widen * usualPx) / Math.max(usualNs, 1);
  const margin = { px: MARGIN * widen, ns: (MARGIN * widen) / scale };
  const all = [
    { fromNs: first - margin.ns, toNs: first, px: margin.px, shortened: false },
    ...natural.map((stretch) => ({ ...stretch, px: stretch.px * widen })),
    { fromNs: last, toNs: last + margin.ns, px: margin.px, shortened: false },
  ];
  let x = 0;
  const stretches = all.map(({ px, ...stretch }) => {
    const fromX = x;
    x += px;
    return { ...stretch, fromX, toX: x };
  });
  return { stretches, width: x };
}

function stretchesOf(sorted: readonly number[], scale: number) {
  return sorted.slice(1).map((toNs, index) => {
    const fromNs = sorted[index] ?? toNs;
    const px = (toNs - fromNs) * scale;
    const shortened = px > LONGEST_PX;
    return { fromNs, toNs, px: shortened ? SHORTENED_PX : px, shortened };
  });
}

/** Where an instant lies; instants outside the axis lie on its edge. */
export function xOf(axis: Axis, ns: number): number {
  const stretch = axis.stretches.find(({ toNs }) => ns <= toNs);
  if (stretch === undefined) return axis.width;
  const share = (ns - stretch.fromNs) / Math.max(stretch.toNs - stretch.fromNs, 1);
  return round(stretch.fromX + Math.max(0, share) * (stretch.toX - stretch.fromX));
}

/** Ticks of an even axis at 1, 2 or 5 times a power of ten, at least `apartPx` apart. */
export function evenTicks(axis: Axis, apartPx = 90): Tick[] {
  const fromNs = axis.stretches[0]?.fromNs ?? 0;
  const toNs = axis.stretches.at(-1)?.toNs ?? 0;
  const least = ((toNs - fromNs) * apartPx) / axis.width;
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least) ?? 10 * power;
  const count = Math.floor((toNs - fromNs) / step) + 1;
  return Array.from({ length: count }, (_, index) => (Math.ceil(fromNs / step) + index) * step)
    .filter((ns) => ns <= toNs)
    .map((ns) => ({ ns, x: xOf(axis, ns) }));
}

/** Of the instants that matter, those whose labels fit beside each other, from left to right. */
export function eventTicks(axis: Axis, points: readonly number[], apartPx = 66): Tick[] {
  const ticks: Tick[] = [];
  for (const ns of [...new Set(points)].sort((a, b) => a - b)) {
    const x = xOf(axis, ns);
    if (x - (ticks.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= apartPx) ticks.push({ ns, x });
  }
  return ticks;
}

export function round(px: number): number {
  return Math.round(px * 10) / 10;
}
