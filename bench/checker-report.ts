/** From measurements of the checker to a table, and to one line for each target. */
import type { Case } from "./checker-cases.ts";
import type { Measurement, Way } from "./checker-measure.ts";
import { aligned, median, range, show } from "./table.ts";

export interface Measured {
  readonly of: Case;
  /** Of the file. */
  readonly bytes: number;
  readonly by: { readonly [W in Way]?: readonly Measurement[] };
  /** Why there is nothing to show. */
  readonly failure?: string;
}

/** From file to verdict, as a ratio to JSON.parse of its lines. */
const MOST_FOR_REGISTER = 0.4;
const MOST_FOR_CAS = { valid: 2.5, invalid: 5 };
/** How many times as long ten million may take as one million. */
const MOST_GROWTH = 11;
const MOST_EXPONENT = 1.15;
const MOST_BYTES = 400;
const LARGE = 1e6;

const HEADER = [
  ...["", "time", "(range)", "JSON.parse", "ratio", "of it reading", "memory", "bytes/op"],
  ...["W-G-L search*", "verdict", "route"],
];

export function tableOfChecker(all: readonly Measured[]): string {
  return aligned([HEADER, ...all.map(cellsOf)]);
}

function cellsOf(one: Measured): string[] {
  const { of, by, failure } = one;
  const ours = oursOf(one);
  const [first] = ours;
  if (first === undefined) return [of.name, `none: ${failure ?? "not measured"}`];
  const times = ours.map(({ ms }) => ms);
  const reading = median(ours.map(({ readMs }) => readMs ?? Number.NaN));
  return [
    ...[of.name, `${show(timeOf(one))} ms`, times.length > 1 ? range(times) : ""],
    ...[`${show(parseTime(one))} ms`, ratioOf(one).toFixed(2)],
    `${((100 * reading) / timeOf(one)).toFixed(0)} %`,
    ...[`${show(median(ours.map(({ peakMiB }) => peakMiB)))} MiB`, show(bytesPerOperation(one))],
    ...[searched(by.search?.[0], timeOf(one)), first.verdict, first.route ?? ""],
  ];
}

/** How many times as long the search for comparison took. */
function searched(search: Measurement | undefined, ours: number): string {
  if (search === undefined) return "";
  const times = `${show(search.ms / ours)} x`;
  return search.verdict === "unknown" ? `gave up at ${times}` : times;
}

export const NOTES = `Ours: from the file to the verdict with its proof (registers: verified once more; the search verifies by itself), a process
each time, medians (least-greatest). JSON.parse: of the file's lines and nothing else, in the same run, turn and turn about.
Memory: the most that was resident above the process before it began.
* FOR COMPARISON ONLY: a plain search by Wing & Gong (1993) with the memory of Lowe (2017), as it is written in this
  bench; how many times as long as ours it took. It reads by our fast road and gives up at 30,000 configurations.`;

/** One line a target: what was measured, what it may be, whether it is met. */
export function targets(all: readonly Measured[]): string[] {
  const known = all.filter((one) => oursOf(one).length > 0);
  return [
    ...known.flatMap(ratioTargets),
    ...memoryTargets(known),
    ...familiesOf(known).flatMap((family) => exponentTarget(family, known)),
    ...growthTargets(known),
  ];
}

function ratioTargets(one: Measured): string[] {
  const { name, family, operations, hard, concurrency, lost, violated } = one.of;
  if (operations !== LARGE || hard) return [];
  const likeTarget = concurrency === 10 && "replies" in lost && lost.replies === 20;
  const most =
    family === "register" ? MOST_FOR_REGISTER : MOST_FOR_CAS[violated ? "invalid" : "valid"];
  if (family !== "register" && !(family === "cas-register" && likeTarget)) return [];
  const decided = oursOf(one).every(({ verdict }) => verdict === (violated ? "invalid" : "valid"));
  const speed = `${(operations / timeOf(one) / 1000).toFixed(2)} million operations a second`;
  const ratio = decided ? verdictOf(ratioOf(one), most) : `undecided, <= ${most} MISSED`;
  return [`${name}: ratio to JSON.parse ${ratio} (${speed})`];
}

function memoryTargets(all: readonly Measured[]): string[] {
  return familiesOf(all).flatMap((family) => {
    const large = all.filter(
      ({ of }) => of.family === family && of.operations >= LARGE && !of.hard,
    );
    const [first, ...rest] = large;
    if (first === undefined) return [];
    const worst = rest.reduce(
      (a, b) => (bytesPerOperation(b) > bytesPerOperation(a) ? b : a),
      first,
    );
    const most = verdictOf(bytesPerOperation(worst), MOST_BYTES);
    return [`${family}: most bytes an operation from 10^6 up ${most} (${worst.of.name})`];
  });
}

/** The slope of log time over log size, of the geometric means by size. */
function exponentTarget(family: string, all: readonly Measured[]): string[] {
  const sizes = new Map<number, number[]>();
  for (const one of all)
    if (one.of.family === family && !one.of.hard)
      sizes.set(one.of.operations, [...(sizes.get(one.of.operations) ?? []), timeOf(one)]);
  const points = [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([size, times]) => [Math.log(size), mean(times.map(Math.log))] as const);
  if (points.length < 2) return [];
  const last = slope(points.slice(-2)).toFixed(2);
  const fitted = verdictOf(slope(points), MOST_EXPONENT);
  return [
    `${family}: exponent of time over ${points.length} sizes ${fitted} (last two sizes: ${last})`,
  ];
}

function growthTargets(all: readonly Measured[]): string[] {
  const like = (a: Case, b: Case): boolean =>
    a.family === b.family &&
    a.concurrency === b.concurrency &&
    a.violated === b.violated &&
    a.keys === b.keys &&
    JSON.stringify(a.lost) === JSON.stringify(b.lost);
  return all.flatMap((huge) => {
    if (huge.of.operations !== 10 * LARGE) return [];
    const large = all.find(({ of }) => of.operations === LARGE && like(of, huge.of));
    if (large === undefined) return [];
    const growth = verdictOf(timeOf(huge) / timeOf(large), MOST_GROWTH);
    return [`${huge.of.name}: times the time of 10^6 ${growth}`];
  });
}

function verdictOf(value: number, most: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(2)}, <= ${most} ${value <= most ? "met" : "MISSED"}`;
}

function familiesOf(all: readonly Measured[]): string[] {
  return [...new Set(all.map(({ of }) => of.family))];
}

function oursOf({ by }: Measured): readonly Measurement[] {
  return by.checker ?? by.budget ?? [];
}

function timeOf(one: Measured): number {
  return median(oursOf(one).map(({ ms }) => ms));
}

function parseTime({ by }: Measured): number {
  return median((by.parse ?? []).map(({ ms }) => ms));
}

function ratioOf(one: Measured): number {
  return timeOf(one) / parseTime(one);
}

function bytesPerOperation(one: Measured): number {
  const peak = median(oursOf(one).map(({ peakMiB }) => peakMiB));
  return (peak * 2 ** 20) / one.of.operations;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function slope(points: readonly (readonly [number, number])[]): number {
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const across = points.map(([px, py]) => (px - x) * (py - y));
  const along = points.map(([px]) => (px - x) ** 2);
  return mean(across) / mean(along);
}
