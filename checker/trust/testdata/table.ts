/** What a long run found, for people. */
import type { Done } from "./long-run.ts";
import { added, type Count, emptyCount } from "./tally.ts";

export function tableOf(done: readonly Done[]): string {
  return [...routesOf(done), "", ...mutationsOf(done), "", ...lawsOf(done)].join("\n");
}

/** By object, phase of the suite, and route. The seconds are those of the object and phase together. */
function routesOf(done: readonly Done[]): string[] {
  const groups = new Map<string, { seconds: number; routes: Map<string, Count> }>();
  for (const { object, phase, seconds, routes } of done) {
    const kind = phase === "scope" || phase === "random" ? "small" : "large";
    const name = `${object} | ${kind}`;
    const group = groups.get(name) ?? { seconds: 0, routes: new Map<string, Count>() };
    groups.set(name, group);
    group.seconds += seconds;
    for (const [route, count] of Object.entries(routes))
      group.routes.set(route, added(group.routes.get(route) ?? emptyCount(), count));
  }
  const rows = [...groups].flatMap(([name, { seconds, routes }]) =>
    [...routes].map(([route, count], i) => {
      const histories = count.valid + count.invalid + count.unknown + count.mismatches;
      const mean = count.invalid === 0 ? "" : (count.certificates / count.invalid).toFixed(1);
      const { valid, invalid, unknown, mismatches, longest } = count;
      const time = i === 0 ? seconds.toFixed(0) : "";
      return [name, route, histories, valid, invalid, unknown, mismatches, mean, longest, time];
    }),
  );
  const head =
    "object | histories of | route | histories | valid | invalid | unknown | mismatches | mean certificate | longest | seconds";
  return [head, ...rows.map((row) => row.join(" | "))];
}

function mutationsOf(done: readonly Done[]): string[] {
  const sums = new Map<string, { injected: number; flagged: number; open: number }>();
  for (const { object, mutations } of done)
    for (const [name, { injected, flagged, open }] of Object.entries(mutations ?? {})) {
      const sum = sums.get(`${object} | ${name}`) ?? { injected: 0, flagged: 0, open: 0 };
      sums.set(`${object} | ${name}`, sum);
      sum.injected += injected;
      sum.flagged += flagged;
      sum.open += open;
    }
  const rows = [...sums].map(
    ([name, { injected, flagged, open }]) =>
      `${name} | ${injected} | ${flagged} | ${open} | ${injected - flagged - open}`,
  );
  return ["object | mutation | injected, certainly wrong | flagged | undecided | missed", ...rows];
}

function lawsOf(done: readonly Done[]): string[] {
  const sums = new Map<string, { valid: number; invalid: number }>();
  for (const { laws } of done)
    for (const [name, { valid, invalid }] of Object.entries(laws ?? {})) {
      const sum = sums.get(name) ?? { valid: 0, invalid: 0 };
      sums.set(name, sum);
      sum.valid += valid;
      sum.invalid += invalid;
    }
  const rows = [...sums].map(([name, { valid, invalid }]) => `${name} | ${valid} | ${invalid}`);
  return ["law | valid kept | invalid kept", ...rows];
}
