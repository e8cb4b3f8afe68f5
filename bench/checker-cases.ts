/**
 * What the bench of the checker measures: the whole grid, and of it what fits into a few minutes. The small one covers
 * all pairs (each size with each concurrency, each concurrency with each loss, and so on), not all combinations.
 */
import type { HistoryShape } from "./checker-history.ts";
import type { Family } from "./checker-subjects.ts";

export interface Case extends Omit<HistoryShape, "seed"> {
  readonly name: string;
  /** Few steps for the search, and `unknown` is an answer: beyond the regime that it is made for. */
  readonly hard: boolean;
}

type Loss = HistoryShape["lost"];

/** The values that each dimension of a grid takes. */
interface Grid {
  readonly family: Family;
  readonly sizes: readonly number[];
  readonly concurrencies: readonly number[];
  readonly losses: readonly Loss[];
}

const SMALL = [1e3, 1e4, 1e5, 1e6];
const percent = (value: number): Loss => ({ percent: value });

const REGISTERS: Grid = {
  family: "register",
  sizes: [...SMALL, 1e7],
  concurrencies: [5, 20, 100],
  losses: [0, 1, 5].map(percent),
};
const OBJECTS: readonly Grid[] = (["queue", "set", "grow-set"] as const).map((family) => ({
  family,
  sizes: SMALL,
  concurrencies: [5, 20, 100],
  losses: [0, 1].map(percent),
}));
const CAS: Grid = {
  family: "cas-register",
  sizes: SMALL,
  concurrencies: [5, 10, 20],
  losses: [{ replies: 0 }, { replies: 20 }],
};
const HARD: readonly Case[] = [20, 40].flatMap((concurrency) =>
  [false, true].map((violated) =>
    caseOf("cas-register", 1e4, concurrency, percent(5), violated, { hard: true }),
  ),
);
/** A million operations on a hundred registers. */
const MANY_KEYS = caseOf("register", 1e6, 20, percent(1), true, { keys: 100 });
/** What the targets speak of. */
const TARGETED: readonly Case[] = [
  caseOf("register", 1e6, 20, percent(1), false),
  caseOf("cas-register", 1e6, 10, { replies: 20 }, false),
  caseOf("cas-register", 1e6, 10, { replies: 20 }, true),
];

function caseOf(
  family: Family,
  operations: number,
  concurrency: number,
  lost: Loss,
  violated: boolean,
  { keys = 1, hard = false } = {},
): Case {
  const loss = "percent" in lost ? `${lost.percent} % lost` : `${lost.replies} lost`;
  const spread = keys === 1 ? "" : `, ${keys} keys`;
  const name = `${family} 10^${Math.round(Math.log10(operations))}, ${concurrency} clients, ${loss}${spread}, ${violated ? "invalid" : "valid"}${hard ? ", hard" : ""}`;
  return { name, family, operations, concurrency, lost, keys, violated, hard };
}

/** Everything; small sizes first. */
export function fullGrid(): Case[] {
  const all = [REGISTERS, ...OBJECTS, CAS].flatMap(combinations);
  return [...all, ...HARD, MANY_KEYS].sort((a, b) => a.operations - b.operations);
}

/** What the targets speak of comes first, so that it is there even if the time is up. */
export function defaultGrid(): Case[] {
  const grids = [REGISTERS, ...OBJECTS, CAS].map((grid) => ({
    ...grid,
    sizes: grid.sizes.filter((size) => size <= 1e6),
  }));
  const pairs = grids.flatMap((grid) => pairwise(grid, TARGETED));
  const bySize = [...pairs, ...HARD, MANY_KEYS].sort((a, b) => a.operations - b.operations);
  return [...TARGETED, ...bySize];
}

export function quickGrid(): Case[] {
  const one = (family: Family, operations: number, violated: boolean): Case =>
    caseOf(
      family,
      operations,
      5,
      family === "cas-register" ? { replies: 20 } : percent(1),
      violated,
    );
  return [
    ...[one("register", 1e3, false), one("register", 1e4, true), one("queue", 1e3, true)],
    ...[one("set", 1e3, false), one("grow-set", 1e3, true), one("cas-register", 1e3, false)],
    one("cas-register", 1e3, true),
  ];
}

function combinations({ family, sizes, concurrencies, losses }: Grid): Case[] {
  return sizes.flatMap((size) =>
    concurrencies.flatMap((concurrency) =>
      losses.flatMap((lost) =>
        [false, true].map((violated) => caseOf(family, size, concurrency, lost, violated)),
      ),
    ),
  );
}

/** Beyond `chosen`, the combinations that cover all pairs of values, each the one that covers most of what is left. */
function pairwise(grid: Grid, chosen: readonly Case[]): Case[] {
  const all = combinations(grid);
  const names = new Set(chosen.map(({ name }) => name));
  const known = all.filter(({ name }) => names.has(name)).flatMap(pairsOf);
  const left = new Set(all.flatMap(pairsOf));
  for (const pair of known) left.delete(pair);
  const cover: Case[] = [];
  while (left.size > 0) {
    const gain = (one: Case): number => pairsOf(one).filter((pair) => left.has(pair)).length;
    const best = all.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const pair of pairsOf(best)) left.delete(pair);
    cover.push(best);
  }
  return cover;
}

function pairsOf({ operations, concurrency, lost, violated }: Case): string[] {
  const values = [`size ${operations}`, `clients ${concurrency}`, JSON.stringify(lost), violated];
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one} & ${other}`));
}
