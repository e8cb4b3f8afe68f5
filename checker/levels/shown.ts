/** Which of many anomalies are told in full: of every key one before any key has two. */

/** How many are told. */
export const SHOWN = 5;

export function shownOf<T>(byKey: readonly (readonly T[])[]): T[] {
  const shown: T[] = [];
  for (let turn = 0; turn < SHOWN; turn++)
    for (const anomalies of byKey) {
      const next = anomalies[turn];
      if (next !== undefined && shown.length < SHOWN) shown.push(next);
    }
  return shown;
}
