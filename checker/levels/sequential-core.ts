/**
 * From a history without a sequential order to a few of its operations that have none either. Only what cannot repair
 * anything is left out: what changes nothing, whole objects, and values with all that depends on them where the model
 * promises that this is sound (`touches`).
 */
import { INFO, type Part } from "../history/columns.ts";
import type { Model } from "../search/index.ts";
import { actionOfRow } from "../search/task.ts";
import { canonical } from "../value.ts";
import { interleave } from "./interleaving.ts";
import type { Spans } from "./sequential-verify.ts";
import { tracksOf } from "./tracks.ts";

/** Steps of one decision, and of all. */
const STEPS = 20_000;
const ALL_STEPS = 400_000;
/** More operations are not made fewer one by one. */
const MANY = 4_000;

/** @returns rows of operations without a sequential order, as few as could be found. */
export function coreOf<State>(part: Part, model: Model<State>, spans: Spans): Int32Array {
  let rows = part.rows;
  let steps = 0;
  const without = (gone: ReadonlySet<number>): boolean => {
    if (gone.size === 0 || steps > ALL_STEPS) return false;
    const fewer = rows.filter((row) => !gone.has(row));
    const result = interleave(tracksOf({ ...part, rows: fewer }, model, spans), STEPS);
    steps += result.steps + fewer.length;
    if (result.found === "none") rows = fewer;
    return result.found === "none";
  };
  if (spans === "key")
    for (const group of groupsBy(part, (row) => String(part.columns.key[row]))) without(group);
  if (rows.length > MANY) return rows;
  for (const group of valueGroups({ ...part, rows }, model, spans)) without(group);
  const pure = rows.filter((row) => isPure(part, row, model));
  for (let size = pure.length >> 1 || 1; ; size >>= 1) {
    for (let at = 0; at < pure.length; at += size) {
      const left = new Set(rows);
      without(new Set([...pure.subarray(at, at + size)].filter((row) => left.has(row))));
    }
    if (size <= 1) break;
  }
  for (const group of valueGroups({ ...part, rows }, model, spans)) without(group);
  return rows;
}

function isPure<State>({ columns }: Part, row: number, model: Model<State>): boolean {
  const action = actionOfRow(columns, row, model);
  return action === undefined || (model.pure(action) && columns.status[row] !== INFO);
}

function groupsBy({ rows }: Part, nameOf: (row: number) => string): Set<number>[] {
  const groups = new Map<string, Set<number>>();
  for (const row of rows) {
    const name = nameOf(row);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, new Set([row]));
    else known.add(row);
  }
  return [...groups.values()];
}

/** By object and value, where no operation depends on two values or on all. */
function valueGroups<State>(part: Part, model: Model<State>, spans: Spans): Set<number>[] {
  const { columns, rows } = part;
  const groups = new Map<string, Set<number>>();
  const mixed = new Set<string>();
  for (const row of rows) {
    const action = actionOfRow(columns, row, model);
    if (action === undefined) continue;
    const touch = model.touches?.(action);
    if (touch === undefined) return [];
    const names = [touch.reads, touch.writes].flatMap((value) =>
      value === undefined ? [] : [`${spans === "key" ? columns.key[row] : ""} ${canonical(value)}`],
    );
    for (const name of names) {
      if (new Set(names).size > 1) mixed.add(name);
      const known = groups.get(name);
      if (known === undefined) groups.set(name, new Set([row]));
      else known.add(row);
    }
  }
  return [...groups].filter(([name]) => !mixed.has(name)).map(([, group]) => group);
}
