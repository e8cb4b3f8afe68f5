/** Which writes took effect, and which value each read-modify-write follows: the chains of a register. */
import { NEVER } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { at, invalid } from "./acts.ts";
import { CHAINS, type Clusters } from "./chains.ts";

export interface Links {
  /** The value that follows at once in the same chain, or -1. */
  readonly next: Int32Array;
  /** The first value of each chain. */
  readonly heads: Int32Array;
}

export function link(clusters: Clusters): Links | Decision {
  const { count, writer, old } = clusters;
  const effective = new Uint8Array(count);
  const successor = new Int32Array(count).fill(-1);
  effective[0] = 1;
  let total = 1;
  for (let value = 1; value < count; value++) {
    const evident = isEvident(clusters, value);
    // What an effective read-modify-write replaced was there: its write took effect too.
    for (let v = evident ? value : -1; v >= 0 && at(effective, v) === 0; v = at(old, v)) {
      if (at(writer, v) < 0)
        return invalid(CHAINS, "thin air", evidence(clusters, successor, at(successor, v)));
      effective[v] = 1;
      total++;
      if (at(old, v) >= 0 && at(successor, at(old, v)) < 0) successor[at(old, v)] = v;
    }
  }
  return chainUp(clusters, effective, successor, total);
}

function isEvident({ acts, writer, reader }: Clusters, value: number): boolean {
  const write = at(writer, value);
  return write >= 0 && (acts.end[write] !== NEVER || at(reader, value) >= 0);
}

function chainUp(
  clusters: Clusters,
  effective: Uint8Array,
  successor: Int32Array,
  total: number,
): Links | Decision {
  const { count, old } = clusters;
  const next = new Int32Array(count).fill(-1);
  const heads = new Int32Array(count);
  let blocks = 0;
  for (let value = 0; value < count; value++) {
    if (at(effective, value) === 0) continue;
    const from = at(old, value);
    if (from < 0) heads[blocks++] = value;
    else if (at(next, from) < 0) next[from] = value;
    else {
      const both = [value, at(next, from)].flatMap((v) => evidence(clusters, successor, v));
      return invalid(CHAINS, "lost update", [...both, ...writerRow(clusters, from)]);
    }
  }
  let reached = 0;
  const inChain = new Uint8Array(count);
  for (let block = 0; block < blocks; block++)
    for (let value = at(heads, block); value >= 0; value = at(next, value)) {
      inChain[value] = 1;
      reached++;
    }
  if (reached === total) return { next, heads: heads.subarray(0, blocks) };
  const stray = effective.findIndex((one, value) => one === 1 && inChain[value] === 0);
  const rows = [...evidence(clusters, successor, stray)];
  for (let value = at(next, stray); value !== stray; value = at(next, value))
    rows.push(...evidence(clusters, successor, value));
  return invalid(CHAINS, "circular updates", rows);
}

function writerRow({ acts, writer }: Clusters, value: number): number[] {
  return at(writer, value) < 0 ? [] : [at(acts.row, at(writer, value))];
}

/** The rows that show that a value was written: its write and, if that was never answered, who saw it. */
export function evidence(clusters: Clusters, successor: Int32Array, value: number): number[] {
  const { acts, writer, reader } = clusters;
  const rows: number[] = [];
  const met = new Set<number>();
  for (let v = value; v >= 0 && !met.has(v); v = at(successor, v)) {
    met.add(v);
    rows.push(...writerRow(clusters, v));
    const write = at(writer, v);
    if (write >= 0 && acts.end[write] !== NEVER) break;
    if (at(reader, v) >= 0) {
      rows.push(at(acts.row, at(reader, v)));
      break;
    }
  }
  return rows;
}
