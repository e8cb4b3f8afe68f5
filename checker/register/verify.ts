/**
 * Checks what was decided about a register, by other means than the decision: an order by replaying it, a refutation by
 * looking for the writes again and comparing two pairs of ranks. In time linear in the part, on columns; it shares no
 * code with `zones`. A verdict that does not pass is worth nothing.
 *
 *     const verify = registerVerifier(columns);
 *     const fault = verify.faultOfOrder(part.rows, null, decision.order);
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, FAIL, INFO, NEVER, OK } from "../history/columns.ts";

export interface RegisterVerifier {
  /** Is `order` a linearization of these rows? @returns what is wrong with it, or `undefined`. */
  faultOfOrder(rows: Int32Array, initial: Json, order: Int32Array): string | undefined;
  /**
   * Do the rows of `certificate` alone show that these rows have no legal order? They must hold all writes that could
   * have supplied the reads among them. @returns what is wrong with it, or `undefined`.
   */
  faultOfCertificate(
    rows: Int32Array,
    initial: Json,
    certificate: readonly number[],
  ): string | undefined;
}

/** What a row's mark says: it is of another part, it is to be placed, it has been placed. */
const FOREIGN = 0;
const DUE = 1;
const PLACED = 2;
/** The id of an initial value that no operation mentions. */
const UNMENTIONED = -2;

/** One byte for each row of the columns, used again for each part. */
export function registerVerifier(columns: Columns): RegisterVerifier {
  const marks = new Uint8Array(columns.count);
  const marked = (rows: Int32Array, work: () => string | undefined): string | undefined => {
    for (let at = 0; at < rows.length; at++) marks[rows[at] ?? 0] = DUE;
    try {
      return work();
    } finally {
      for (let at = 0; at < rows.length; at++) marks[rows[at] ?? 0] = FOREIGN;
    }
  };
  return {
    faultOfOrder: (rows, initial, order) =>
      marked(rows, () => replay(columns, order, initial, marks) ?? missing(columns, rows, marks)),
    faultOfCertificate: (rows, initial, certificate) =>
      marked(rows, () => {
        const foreign = certificate.find((row) => marks[row] !== DUE);
        if (foreign !== undefined) return `row ${foreign} is not of this part`;
        return refuted(columns, rows, initial, certificate);
      }),
  };
}

/** Legal in sequence, and nothing behind what was invoked once it had returned. */
function replay(
  { kinds, f, status, input, output, invoked, completed, values }: Columns,
  order: Int32Array,
  initial: Json,
  marks: Uint8Array,
): string | undefined {
  const read = kinds.indexOf("read");
  const write = kinds.indexOf("write");
  let state = values.find(initial) ?? UNMENTIONED;
  let latest = -1;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] ?? 0;
    if (marks[row] !== DUE) return `row ${row} does not belong there or occurs twice`;
    marks[row] = PLACED;
    const how = status[row];
    if (how === FAIL) return `row ${row} did not happen`;
    if (how === OK && (completed[row] ?? 0) < latest)
      return `row ${row} is placed after an operation that began once it was over`;
    latest = Math.max(latest, invoked[row] ?? 0);
    if (f[row] === write) state = input[row] ?? 0;
    else if (f[row] !== read) return `row ${row} is neither a read nor a write`;
    else if (how !== OK) return `row ${row} has no answer`;
    else if (output[row] !== state)
      return `row ${row} cannot have been answered where it is placed`;
  }
  return undefined;
}

function missing({ status }: Columns, rows: Int32Array, marks: Uint8Array): string | undefined {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (status[row] === OK && marks[row] !== PLACED) return `row ${row} happened and is missing`;
  }
  return undefined;
}

/** One value with what the certificate has of it. */
interface About {
  readonly value: number;
  /** Whether the register held it at first. */
  readonly initial: boolean;
  readonly reads: number[];
  readonly writes: number[];
  /** How many operations of the whole part may have written it. */
  sources: number;
}

/**
 * A value's write and its reads stand together in every legal order, if nothing else can have supplied the reads. So
 * two values of which each has an operation that was over before one of the other began have no legal order (Gibbons &
 * Korach 1997); nor has a value all of whose writes began when a read of it was over.
 */
function refuted(
  columns: Columns,
  rows: Int32Array,
  initial: Json,
  certificate: readonly number[],
): string | undefined {
  const { invoked, completed } = columns;
  if (new Set(certificate).size < certificate.length) return "a row occurs twice";
  const abouts = gather(columns, values(columns, initial), certificate);
  if (typeof abouts === "string") return abouts;
  const foreign = countSources(columns, rows, abouts);
  if (foreign !== undefined) return foreign;
  for (const { value, writes, sources } of abouts)
    if (sources !== writes.length)
      return `another operation may have written ${name(columns, value)}`;
  const [one, other] = abouts;
  if (one === undefined) return "there is nothing in it";
  if (other === undefined) {
    const first = Math.min(...one.writes.map((row) => invoked[row] ?? 0));
    const early = one.reads.some((row) => (completed[row] ?? NEVER) < first);
    return early && !one.initial ? undefined : "what was read may have been written before";
  }
  for (const { value, writes, initial } of abouts)
    if (writes.length + Number(initial) !== 1)
      return `${name(columns, value)} was not written exactly once`;
  return precedes(columns, one, other) && precedes(columns, other, one)
    ? undefined
    : "one of the two values may come first";
}

function values({ values }: Columns, initial: Json): number {
  return values.find(initial) ?? UNMENTIONED;
}

function name({ values }: Columns, value: number): string {
  return JSON.stringify(values.valueOf(value));
}

/** At most two values; a failed write is there to be looked at only. */
function gather(
  { kinds, f, status, input, output }: Columns,
  initial: number,
  certificate: readonly number[],
): About[] | string {
  const abouts = new Map<number, About>();
  for (const row of certificate) {
    const read = kinds[f[row] ?? 0] === "read";
    if (read && status[row] !== OK) return `row ${row} has no answer`;
    const value = (read ? output[row] : input[row]) ?? 0;
    const about = abouts.get(value) ?? {
      ...{ value, initial: value === initial, reads: [], writes: [], sources: 0 },
    };
    abouts.set(value, about);
    if (read) about.reads.push(row);
    else if (status[row] !== FAIL) about.writes.push(row);
  }
  return abouts.size > 2 ? "more than two values" : [...abouts.values()];
}

/** Counts in the whole part. @returns what is no operation of a register, if there is such. */
function countSources(
  { kinds, f, status, input }: Columns,
  rows: Int32Array,
  abouts: readonly About[],
): string | undefined {
  const read = kinds.indexOf("read");
  const write = kinds.indexOf("write");
  const [one, other] = abouts;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (f[row] === read) continue;
    if (f[row] !== write) return `row ${row} is neither a read nor a write`;
    if (status[row] === FAIL) continue;
    if (one !== undefined && input[row] === one.value) one.sources++;
    if (other !== undefined && input[row] === other.value) other.sources++;
  }
  return undefined;
}

/** Whether an operation of the one value, or the beginning itself, was over before one of the other began. */
function precedes({ status, invoked, completed }: Columns, first: About, second: About): boolean {
  let end = first.initial ? -1 : NEVER;
  for (const row of [...first.reads, ...first.writes])
    if (status[row] !== INFO) end = Math.min(end, completed[row] ?? NEVER);
  return [...second.reads, ...second.writes].some((row) => end < (invoked[row] ?? 0));
}
