/**
 * The checks `regular` and `safe`: each read judged by itself, against the writes of its key and real time. No read is
 * held against another one, so reads of a regular register may go back and forth between concurrent writes.
 *
 * With several writers: a read may return a write that was invoked before the read ended, unless the write is
 * certainly overwritten when the read begins: another write, invoked after it had ended, has ended (the weakest of the
 * four of Shao, Welch, Pierce & Lee, "Multiwriter consistency conditions for shared memory registers", SIAM J.
 * Comput. 2011). A safe register owes that only to reads that overlap no write, and anything at all to others. With a
 * single writer both are those of Lamport, "On interprocess communication", 1986. A write without an answer goes on
 * for ever. Values need not be unique. O(log n) a read.
 */
import type { Json } from "../../proto/json.ts";
import type { CheckResult, CheckSpec } from "../../proto/verdict.ts";
import type { CheckKind } from "../check-kind.ts";
import { faultSpans } from "../faults.ts";
import { type Columns, OK, type Part, partsByKey } from "../history/columns.ts";
import type { Recording } from "../history/recording.ts";
import { allow } from "../options.ts";
import { counted } from "../wording.ts";
import { optionOf } from "./option-values.ts";
import { explainOverwritten } from "./overwritten-argument.ts";
import { SHOWN, shownOf } from "./shown.ts";
import { NONE, WriteTimes } from "./write-times.ts";

export type RegularSpec = {
  readonly name: "regular";
  readonly options: { readonly initial: Json };
};
export type SafeSpec = { readonly name: "safe"; readonly options: { readonly initial: Json } };

/** No read returns what was certainly overwritten when it began, or what nobody had written when it ended. */
export function regular(options: { readonly initial?: Json } = {}): RegularSpec {
  return { name: "regular", options: { initial: null, ...options } };
}

/** As `regular`, but only for reads during which no write was going on. */
export function safe(options: { readonly initial?: Json } = {}): SafeSpec {
  return { name: "safe", options: { initial: null, ...options } };
}

export const REGULAR: CheckKind<RegularSpec> = {
  name: "regular",
  finds: ["non-regular"],
  validate: (spec) => regular({ initial: initialOf(spec) }),
  judge: (recording, spec) => judge(recording, spec, false),
};

export const SAFE: CheckKind<SafeSpec> = {
  name: "safe",
  finds: ["non-safe"],
  validate: (spec) => safe({ initial: initialOf(spec) }),
  judge: (recording, spec) => judge(recording, spec, true),
};

function initialOf(spec: CheckSpec): Json {
  allow(spec, ["initial"]);
  return optionOf(spec, "initial", null);
}

interface Judged {
  readonly part: Part;
  readonly times: WriteTimes;
  /** Rows of the first reads that are wrong. */
  readonly wrong: readonly number[];
  readonly found: number;
  readonly reads: number;
  /** Reads that overlap a write. */
  readonly busy: number;
}

function judge(
  recording: Recording,
  check: RegularSpec | SafeSpec,
  onlyIdle: boolean,
): CheckResult {
  const { columns } = recording;
  const foreign = foreignKind(columns);
  const none = { check, verdict: "unknown" as const, anomalies: [], found: {}, facts: {} };
  if (foreign !== undefined) return { ...none, reason: `a register has no ${foreign}` };
  if (columns.count === 0) return { ...none, reason: "the history has no operations" };
  const keys = partsByKey(columns).map((part) => judgeKey(part, check.options.initial, onlyIdle));
  const sum = (of: (key: Judged) => number): number => keys.reduce((all, key) => all + of(key), 0);
  const found = sum((key) => key.found);
  const reads = sum((key) => key.reads);
  const busy = sum((key) => key.busy);
  const name = onlyIdle ? "non-safe" : "non-regular";
  const faults = faultSpans(recording.others);
  const anomalies = shownOf(
    keys.map(({ wrong, times }) => wrong.map((row) => ({ row, times }))),
  ).map(({ row, times }) => explainOverwritten(recording, row, times, name, faults));
  const all = `${counted(reads, "answered read")} of ${counted(keys.length, "key")}`;
  const left = onlyIdle ? `; ${busy} of them overlap a write and may return anything` : "";
  const facts = { reads, overlappingReads: busy, keys: keys.length };
  if (found > 0) {
    const reason = `${all}: ${found} returned what a ${check.name} register cannot${left}`;
    return { check, verdict: "invalid", reason, anomalies, found: { [name]: found }, facts };
  }
  const reason = `${all}: each could have returned what it did${left}`;
  return { check, verdict: "valid", reason, anomalies: [], found: {}, facts };
}

function foreignKind({ kinds, f }: Columns): string | undefined {
  const foreign = f.find((kind) => kinds[kind] !== "read" && kinds[kind] !== "write");
  return foreign === undefined ? undefined : kinds[foreign];
}

function judgeKey(part: Part, initial: Json, onlyIdle: boolean): Judged {
  const { columns, rows } = part;
  const times = new WriteTimes(part, initial);
  const read = columns.kinds.indexOf("read");
  const wrong: number[] = [];
  let [found, reads, busy] = [0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    if (columns.f[row] !== read || columns.status[row] !== OK) continue;
    const begin = columns.invoked[row] as number;
    const end = columns.completed[row] as number;
    reads++;
    const overlaps = times.busy(begin, end);
    if (overlaps) busy++;
    if (overlaps && onlyIdle) continue;
    const source = times.sourceOf(columns.output[row] as number, end);
    if (source !== NONE && times.overwritten(source) > begin) continue;
    found++;
    if (wrong.length < SHOWN) wrong.push(row);
  }
  return { part, times, wrong, found, reads, busy };
}
