/**
 * Refutations by counting, checked by counting again. A certificate of a counter is as long as the history: that so
 * few increments had begun is a statement on all of them, and no order of a part of them shows it.
 */
import { FAIL, INFO, NEVER, OK, type Part } from "../history/columns.ts";

/** More reads than this are not compared with each other. */
const COMPARED = 64;

interface Interval {
  readonly begin: number;
  readonly end: number;
}

interface Answer extends Interval {
  readonly value: number;
}

/** What was added, one each, and what was answered by the operations of a certificate. */
interface Counts {
  readonly added: readonly Interval[];
  readonly answers: readonly Answer[];
}

/** True when no order of the part can explain the answers in the certificate: of a counter that only ones are added to. */
export function miscounts(part: Part, initial: number, certificate: readonly number[]): boolean {
  const counts = countsOf(part, ["add", "increment"], "read", certificate);
  if (counts === undefined) return false;
  const { added, answers } = counts;
  const alone = answers.some(({ begin, end, value }) => {
    const [least, most] = between(added, -1, begin, -1, end);
    return value - initial < least || value - initial > most;
  });
  return alone || pairs(answers).some(([a, b]) => contradict(added, a, b));
}

/** The same for numbers that were handed out. */
export function missteps(part: Part, initial: number, certificate: readonly number[]): boolean {
  const counts = countsOf(part, ["fetch-and-add"], "fetch-and-add", certificate);
  if (counts === undefined) return false;
  const { added, answers } = counts;
  const alone = answers.some(({ begin, end, value }) => {
    const [least, most] = between(added, -1, begin, -1, end);
    // It has itself begun before its end.
    return value - initial < least || value - initial > most - 1;
  });
  const both = ([a, b]: readonly [Answer, Answer]): boolean =>
    a.value === b.value || (a.end < b.begin && a.value > b.value);
  return alone || pairs(answers).some(both);
}

/** A read of less comes before a read of more; what lies between them is what was added. */
function contradict(added: readonly Interval[], a: Answer, b: Answer): boolean {
  if (a.value > b.value) return a.end < b.begin;
  if (a.value === b.value) return false;
  const [least, most] = between(added, a.end, b.begin, a.begin, b.end);
  const gain = b.value - a.value;
  return gain < least || gain > most;
}

/** How many surely lie within (from, to), and how many may lie within (earliest, latest). */
function between(
  all: readonly Interval[],
  from: number,
  to: number,
  earliest: number,
  latest: number,
): readonly [least: number, most: number] {
  let [least, most] = [0, 0];
  for (const { begin, end } of all) {
    if (begin > from && end < to) least++;
    if (begin < latest && end > earliest) most++;
  }
  return [least, most];
}

function pairs(answers: readonly Answer[]): (readonly [Answer, Answer])[] {
  if (answers.length > COMPARED) return [];
  return answers.flatMap((a) => answers.filter((b) => a !== b).map((b) => [a, b] as const));
}

/** `undefined` where something else than one is added. */
function countsOf(
  { columns, rows }: Part,
  adding: readonly string[],
  asking: string,
  certificate: readonly number[],
): Counts | undefined {
  const { kinds, f, status, input, output, invoked, completed, values } = columns;
  const interval = (row: number): Interval => ({
    begin: invoked[row] ?? 0,
    end: status[row] === INFO ? NEVER : (completed[row] ?? NEVER),
  });
  const added: Interval[] = [];
  for (const row of rows) {
    if (!adding.includes(kinds[f[row] ?? 0] ?? "") || status[row] === FAIL) continue;
    const by = values.valueOf(input[row] ?? 0);
    if (by !== null && by !== 1) return undefined;
    added.push(interval(row));
  }
  const answers = certificate.flatMap((row) => {
    if (kinds[f[row] ?? 0] !== asking || status[row] !== OK) return [];
    const value = values.valueOf(output[row] ?? 0);
    // What is no number was never the count.
    return [
      { ...interval(row), value: typeof value === "number" ? value : Number.POSITIVE_INFINITY },
    ];
  });
  return { added, answers };
}
