/**
 * How both engines remember the way to a configuration: the layer and the move of each step.
 * Pure operations that are done eagerly are no moves, and neither is passing on to the next layer.
 */

/** A move below `VANISH` is the slot of the operation that happens. */
export const VANISH = 64;
/** The responding operation had happened already. */
export const PASS = 65;
/** The next operation of group `move - FROM_GROUP` happens. */
export const FROM_GROUP = 66;

export interface Path {
  readonly layers: Int32Array;
  readonly moves: Int32Array;
}

export function joined(...paths: readonly Path[]): Path {
  const length = paths.reduce((sum, path) => sum + path.layers.length, 0);
  const all = { layers: new Int32Array(length), moves: new Int32Array(length) };
  let at = 0;
  for (const { layers, moves } of paths) {
    all.layers.set(layers, at);
    all.moves.set(moves, at);
    at += layers.length;
  }
  return all;
}
