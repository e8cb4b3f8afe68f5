/**
 * Compare-and-sets that did not find what they named, among the chains of a register. In the order that the chains have
 * anyway each takes the first place at which there is another value. If some find none there, another order of the
 * chains may have room, or an update that nobody saw may have happened: that is for others to decide, unless the value
 * was surely there all the time.
 */
import { NEVER } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { at, inapplicable, invalid, valid } from "./acts.ts";
import { CHAINS, type Clusters, KINDS } from "./chains.ts";
import { evidence } from "./chains-links.ts";
import { placeAmong, type Stretch, stretchOf } from "./observations.ts";

/** @param named by refused operation: the value that it did not find. */
export function placeRefused(
  clusters: Clusters,
  next: Int32Array,
  ops: Int32Array,
  refused: Stretch,
  named: Int32Array,
): Decision {
  const missed = refuteMissed(clusters, next, refused, named);
  if (missed !== undefined) return missed;
  const { acts, writer, count } = clusters;
  const written = new Int32Array(acts.count).fill(-1);
  for (let value = 0; value < count; value++)
    if (at(writer, value) >= 0) written[at(writer, value)] = value;
  const there = new Int32Array(ops.length + 1);
  const changes = new Int32Array(ops.length + 1).fill(ops.length + 1);
  for (let i = 0; i < ops.length; i++) {
    const value = at(written, at(ops, i));
    there[i + 1] = value < 0 ? at(there, i) : value;
  }
  for (let p = ops.length - 1; p >= 0; p--)
    changes[p] = there[p] === there[p + 1] ? at(changes, p + 1) : p + 1;
  const placement = placeAmong(stretchOf(acts, ops), refused, (one, place) =>
    at(there, place) === at(named, one) ? at(changes, place) : place,
  );
  return "order" in placement
    ? valid(CHAINS, placement.order)
    : inapplicable(
        CHAINS,
        "a compare-and-set that failed has no place in the order that was found",
      );
}

/** One that ran while the value was there: something showed it before it began, and something after it had ended. */
function refuteMissed(
  clusters: Clusters,
  next: Int32Array,
  refused: Stretch,
  named: Int32Array,
): Decision | undefined {
  const { acts, count, writer, firstEnd, firstEnder, lastBegin, lastBeginner } = clusters;
  for (let one = 0; one < named.length; one++) {
    const value = at(named, one);
    if (value >= count || at(firstEnd, value) >= at(refused.begin, one)) continue;
    const reader = at(lastBeginner, value);
    const update = at(next, value) < 0 ? -1 : at(writer, at(next, value));
    const isRead = reader >= 0 && at(acts.kind, reader) === KINDS.read;
    const readLater = isRead && at(lastBegin, value) > at(refused.end, one);
    const updatedLater = update >= 0 && at(acts.begin, update) > at(refused.end, one);
    if (!readLater && !updatedLater) continue;
    const shown = [at(writer, value), at(firstEnder, value), readLater ? reader : update];
    return invalid(CHAINS, "missed value", [
      at(refused.row, one),
      ...shown.flatMap((op) => (op < 0 ? [] : [at(acts.row, op)])),
      ...(readLater || acts.end[update] !== NEVER ? [] : evidence(clusters, next, at(next, value))),
    ]);
  }
  return undefined;
}
